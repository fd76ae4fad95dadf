/* What the desk gains from scripts: where one is among the sections is in sight on a phone, too; the slider and the sum move
   together, a mark or a ready reason is put in without leaving the page. The sums themselves come from the server; nothing here
   decides. */
document.querySelector(".nav > [aria-current], .nav .more > [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

(() => {
  "use strict";

  const field = document.querySelector("[data-refund]");
  const slide = document.querySelector("[data-slide]");
  if (!field || !slide) return;

  const digits = Number(field.dataset.digits);
  const most = Number(field.dataset.most);
  const unit = 10 ** digits;

  /* The field's sum in minor units, as the server reads it too; nothing where it is no sum. */
  function read() {
    const text = field.value.replace(/[\s\u00a0\u202f']/g, "").replace(",", ".");
    return /^\d+(\.\d*)?$/.test(text) ? Math.round(Number(text) * unit) : null;
  }

  function shown(minor) {
    const whole = Math.floor(minor / unit);
    const rest = minor % unit;
    return rest ? `${whole}.${String(rest).padStart(digits, "0")}` : String(whole);
  }

  function tell() {
    slide.setAttribute("aria-valuetext", `${slide.value} %, ${field.value}`);
  }

  function put(text) {
    field.value = text;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /* A whole sum near the slider's share; its ends are exact. */
  function slid() {
    const all = Math.round(most * unit);
    const share = Number(slide.value);
    const step = all >= 100 * unit ? unit : 1;
    const sum = share === 100 ? all : Math.min(all, Math.round((all * share) / 100 / step) * step);
    field.value = shown(sum);
    tell();
    sliding = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    sliding = false;
  }

  /* The slider goes where the sum says, unless it is the slider that wrote it. */
  let sliding = false;
  function follow() {
    if (sliding) return;
    const sum = read();
    const all = Math.round(most * unit);
    if (sum !== null && all) slide.value = String(Math.max(0, Math.min(100, Math.round((sum / all) * 100))));
    tell();
  }

  slide.hidden = false;
  slide.addEventListener("input", slid);
  field.addEventListener("input", follow);
  follow();

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    const mark = target && target.closest("[data-mark]");
    if (mark && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      put(mark.dataset.mark);
    }
    const insert = target && target.closest("[data-insert]");
    if (insert) {
      event.preventDefault();
      const option = document.getElementById("canned").selectedOptions[0];
      const reasons = document.getElementById("reasons");
      const text = option ? option.dataset.text : "";
      if (text && !reasons.value.includes(text)) reasons.value = reasons.value ? `${reasons.value}\n\n${text}` : text;
      reasons.focus();
    }
  });
})();
