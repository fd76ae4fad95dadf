/* What a conversation gains from scripts: new messages appear by themselves. The browser asks again by itself where it was
   cut off, and says which message it had last. What appears is the server's own markup. */
(() => {
  "use strict";

  const list = document.querySelector("[data-stream]");
  if (!list || !window.EventSource) return;
  let source = null;

  function show(event) {
    if (!event.lastEventId || document.getElementById(`m-${event.lastEventId}`)) return;
    const part = document.createElement("template");
    part.innerHTML = event.data;
    const near = window.innerHeight + window.scrollY > document.body.scrollHeight - 400;
    list.append(part.content);
    list.dataset.last = event.lastEventId;
    document.querySelector("[data-empty]")?.remove();
    if (near) list.lastElementChild.scrollIntoView({ block: "nearest" });
  }

  function follow() {
    if (source) return;
    source = new EventSource(`${list.dataset.stream}?after=${list.dataset.last}`);
    source.addEventListener("open", () => {
      for (const note of document.querySelectorAll("[data-live]")) note.hidden = false;
    });
    source.addEventListener("message", show);
  }

  function stop() {
    if (source) source.close();
    source = null;
  }

  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", follow);
  follow();
})();
