/* Keeps one page for when there is no network, and nothing else: pages with somebody's orders are kept nowhere.
   `VERSION`, `PAGE` and `FILES` are put in front of this by the server; another version is another cache. */
"use strict";

const CACHE = `fairhold-${VERSION}`;

async function keep() {
  const cache = await caches.open(CACHE);
  /* Without cookies: what is kept must be the same for everybody who uses this browser. */
  const answers = await Promise.all(
    [PAGE, ...FILES].map(async (address) => [address, await fetch(address, { credentials: "omit", cache: "no-cache" })]),
  );
  if (!answers.every(([, answer]) => answer.ok)) throw new Error("the page for when there is no network cannot be had");
  await Promise.all(answers.map(([address, answer]) => cache.put(address, answer)));
}

async function forgetOlder() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("fairhold-") && name !== CACHE).map((name) => caches.delete(name)));
}

async function go(request) {
  try {
    return await fetch(request);
  } catch (error) {
    /* Whether a form arrived, nobody knows: the page says so, at an address that can be reloaded without sending again. */
    if (request.method !== "GET") return Response.redirect(`${PAGE}?sent`, 303);
    const page = await caches.match(PAGE, { cacheName: CACHE });
    if (page) return page;
    throw error;
  }
}

async function file(request) {
  return (await caches.match(request, { cacheName: CACHE })) || fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetOlder().then(() => self.clients.claim())));
self.addEventListener("fetch", (event) => {
  const address = new URL(event.request.url);
  if (event.request.mode === "navigate") event.respondWith(go(event.request));
  else if (address.origin === location.origin && FILES.includes(address.pathname)) event.respondWith(file(event.request));
});
