/* The app on a phone: the page for when there is no network, and the short summary of the last seen orders that it shows.
   The summary is the number, title, status and next date of an order and when it was seen; never a page, a sum or a
   name. It is gone with the session that saw it, and after a week. */
(() => {
  "use strict";

  const STORE = "fairhold seen";
  const MOST = 20;
  const EVERY_MS = 10000;
  const A_WEEK = 7 * 24 * 3600 * 1000;
  const page = document.documentElement.dataset;

  function forget() {
    try { localStorage.removeItem(STORE); } catch { /* a browser that keeps nothing has nothing to forget */ }
  }

  /* What is kept, if this session has seen it (`by`); the offline page belongs to nobody and shows what there is. */
  function kept(by) {
    try {
      const found = JSON.parse(localStorage.getItem(STORE) || "null");
      if (found && Array.isArray(found.orders) && (by === undefined || found.by === by)) {
        return found.orders.filter((order) => Date.now() - order.kept < A_WEEK);
      }
    } catch { /* not ours, or not readable: as if there were none */ }
    return [];
  }

  function keep() {
    const seen = [...document.querySelectorAll("[data-seen]")].map((element) => ({ ...JSON.parse(element.dataset.seen), kept: Date.now() }));
    if (!seen.length) return;
    const ids = new Set(seen.map((order) => order.id));
    const orders = [...seen, ...kept(page.session).filter((order) => !ids.has(order.id))].slice(0, MOST);
    try { localStorage.setItem(STORE, JSON.stringify({ by: page.session, orders })); } catch { forget(); }
  }

  /* Only time that went by on this device counts: its clock may stand wrong, and the sandbox's stands elsewhere. */
  const isOver = (order) => order.ends && Date.now() - order.kept > Date.parse(order.ends) - Date.parse(order.at);

  function show(list) {
    const orders = kept();
    const model = document.getElementById("order");
    for (const order of orders) {
      const entry = model.content.cloneNode(true);
      for (const place of entry.querySelectorAll("[data-field]")) {
        place.textContent = order[place.dataset.field] || "";
        place.hidden = !order[place.dataset.field];
      }
      entry.querySelector("[data-over]").hidden = !isOver(order);
      list.append(entry);
    }
    list.hidden = !orders.length;
    document.getElementById("none").hidden = Boolean(orders.length);
    const sent = new URLSearchParams(location.search).has("sent");
    document.getElementById("sent").hidden = !sent;
    const again = document.getElementById("again");
    if (!location.pathname.startsWith("/offline/")) again.href = location.href;
    /* That nobody knows whether a form arrived is to be read, so this page stays until the person goes on. */
    if (sent) return;
    addEventListener("online", () => goOn(again.href));
    setInterval(() => goOn(again.href), EVERY_MS);
  }

  /* A device says that it is online before the server can be reached, and sometimes without that: so the server is asked. */
  async function goOn(address) {
    if (document.hidden) return;
    try {
      await fetch(`/offline/${page.lang}`, { method: "HEAD", cache: "no-store", credentials: "omit" });
      location.assign(address);
    } catch { /* not yet */ }
  }

  const list = document.getElementById("seen");
  if (list) {
    show(list);
    return;
  }
  if (!("serviceWorker" in navigator) || !page.session || kept(page.session).length === 0) forget();
  if (!("serviceWorker" in navigator)) return;
  navigator.serviceWorker.register(`/service-worker.js?lang=${page.lang}`).catch(() => { /* then there is no page for when there is no network */ });
  if (!page.session) return;
  keep();
  document.addEventListener("htmx:after:swap", keep);
  document.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement && new URL(event.target.action).pathname === "/sign-out") forget();
  });
})();
