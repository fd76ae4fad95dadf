/* Fairhold's own script. Every page works without it; with it, time left ticks by the minute, the tracking number is
   copied with one press, the last button of a consequence page cannot be pressed by accident or twice, photos are sent
   as soon as they are chosen, the length of a review is counted, and a text that was begun is there after going back.
   It decides nothing and knows no rule. */
(() => {
  "use strict";

  const words = document.documentElement.dataset;

  /* The final button wakes after a second, so that a press meant for the page before never lands on it. */
  function guardFinal(root) {
    for (const button of root.querySelectorAll("[data-final]")) {
      if (button.dataset.guarded) continue;
      button.dataset.guarded = "yes";
      button.setAttribute("aria-disabled", "true");
      setTimeout(() => button.removeAttribute("aria-disabled"), 1000);
    }
  }

  /* A form is sent once. It wakes again when the person comes back to the page by the Back button. */
  function sendOnce(event) {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.method !== "post") return;
    const asleep = event.submitter && event.submitter.getAttribute("aria-disabled") === "true";
    if (form.dataset.sent || asleep) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    for (const button of form.querySelectorAll("button")) {
      /* A disabled button would drop out of the form that is being sent: it only says so. */
      setTimeout(() => button.setAttribute("aria-disabled", "true"), 0);
    }
  }

  function wakeForms() {
    for (const form of document.querySelectorAll("form[data-sent]")) {
      delete form.dataset.sent;
      for (const button of form.querySelectorAll("button")) button.removeAttribute("aria-disabled");
    }
    guardFinal(document);
  }

  /* Escape on a consequence page is Cancel. */
  function escape(event) {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    const cancel = document.querySelector("[data-cancel]");
    if (cancel) cancel.click();
  }

  const plurals = new Intl.PluralRules(words.lang || "en");
  function unit(name, number) {
    const forms = JSON.parse(words[name] || "{}");
    return (forms[plurals.select(number)] || forms.other || "").replace("{}", String(number));
  }

  /* The same words as `words/dates.py`: two units at most, rounded down. */
  function leftInWords(milliseconds) {
    const minutes = Math.floor(milliseconds / 60000);
    const days = Math.floor(minutes / 1440);
    const hours = Math.floor((minutes % 1440) / 60);
    const rest = minutes % 60;
    const parts = [];
    if (days) parts.push(unit("days", days));
    if (hours) parts.push(unit("hours", hours));
    if (!days && rest) parts.push(unit("minutes", rest));
    return parts.join(" ") || words.moment || "";
  }

  /* The server's clock leads (in the sandbox it may stand years away): only the time since the page came is our own. */
  const serverNow = Date.parse(words.now || "");
  const arrived = performance.now();
  function tick() {
    const now = serverNow + (performance.now() - arrived);
    if (Number.isNaN(now)) return;
    for (const element of document.querySelectorAll("[data-until]")) {
      const left = Date.parse(element.dataset.until) - now;
      if (left > 0) element.textContent = leftInWords(left);
    }
    for (const bar of document.querySelectorAll("progress[data-ends]")) {
      bar.value = Math.max(0, Math.round((Date.parse(bar.dataset.ends) - now) / 60000));
    }
  }

  function copyNumbers(root) {
    if (!navigator.clipboard) return;
    for (const button of root.querySelectorAll("[data-copy]")) {
      button.hidden = false;
    }
  }

  async function copy(event) {
    const button = event.target instanceof Element ? event.target.closest("[data-copy]") : null;
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    const status = document.getElementById("copied");
    if (!status) return;
    status.hidden = false;
    setTimeout(() => { status.hidden = true; }, 4000);
  }

  /* Photos are sent as soon as they are chosen, so that they can be looked at before the form goes on. */
  function upload(event) {
    const field = event.target;
    if (!(field instanceof HTMLInputElement) || field.type !== "file" || !field.form || !field.files.length) return;
    const around = field.closest("[data-photos]");
    const button = (around || field.form).querySelector("[data-upload]");
    if (!button) return;
    for (const busy of (around || field.form).querySelectorAll("[data-busy]")) busy.textContent = busy.dataset.busy;
    field.form.requestSubmit(button);
  }

  /* A long text survives the Back button: it is kept in this tab alone, until it was sent or the person signs out. */
  const kept = (field) => `fairhold ${location.pathname} ${field.name}`;
  function keepText(event) {
    const field = event.target;
    if (field instanceof HTMLTextAreaElement && field.dataset.keep) sessionStorage.setItem(kept(field), field.value);
  }
  function bringTextBack() {
    if (new URLSearchParams(location.search).has("done")) sessionStorage.clear();
    for (const field of document.querySelectorAll("textarea[data-keep]")) {
      if (!field.value) field.value = sessionStorage.getItem(kept(field)) || "";
    }
  }
  function forgetTexts(event) {
    if (event.target instanceof HTMLFormElement && event.target.action.endsWith("/sign-out")) sessionStorage.clear();
  }

  /* A review's length as a person counts it: an emoji is one, however it is put together. The server counts, too. */
  const letters = window.Intl && Intl.Segmenter ? new Intl.Segmenter(words.lang || "en") : null;
  const length = (text) => (letters ? [...letters.segment(text)].length : [...text].length);
  function count(root) {
    for (const counter of root.querySelectorAll("[data-count]")) {
      const field = document.getElementById(counter.dataset.count);
      if (!field) continue;
      const now = length(field.value.trim());
      const over = now > Number(counter.dataset.most);
      const said = (over ? counter.dataset.over : counter.dataset.words) || "";
      counter.textContent = said.replace("{}", String(now)).replace("{}", counter.dataset.most);
      counter.classList.toggle("over", over);
      /* Nobody is read every letter aloud; that it is too long is said at once. */
      if (over) counter.setAttribute("role", "status"); else counter.removeAttribute("role");
    }
  }

  /* On a phone tabs scroll sideways: the one that is open is to be seen. */
  function showTab() {
    const current = document.querySelector(".tabs [aria-current]");
    if (current) current.parentElement.scrollLeft = current.offsetLeft - current.parentElement.offsetLeft - 48;
  }

  function start(root) {
    guardFinal(root);
    copyNumbers(root);
    /* The page stays at its top: a consequence is read before its buttons are reached. */
    const first = root.querySelector("[data-focus]");
    if (first) first.focus({ preventScroll: first.hasAttribute("data-cancel") });
  }

  document.documentElement.classList.add("js");
  document.addEventListener("submit", sendOnce);
  document.addEventListener("keydown", escape);
  document.addEventListener("click", copy);
  document.addEventListener("change", upload);
  document.addEventListener("input", keepText);
  document.addEventListener("input", (event) => { if (event.target instanceof HTMLTextAreaElement) count(document); });
  document.addEventListener("submit", forgetTexts);
  bringTextBack();
  count(document);
  showTab();
  document.addEventListener("htmx:after:swap", () => {
    /* The tab that was pressed has been replaced by its successor: the focus goes to that one. */
    const current = document.querySelector(".tabs [aria-current]");
    if (current && (document.activeElement === document.body || document.activeElement === null)) current.focus({ preventScroll: true });
    copyNumbers(document);
    showTab();
    tick();
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) wakeForms(); });
  start(document);
  setInterval(tick, 15000);
})();
