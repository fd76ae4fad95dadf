/* The pages of accounts. Each works without it, but for passkeys, which only a script can ask the browser for. */
(() => {
  "use strict";

  /* A password can be looked at while it is typed, and hides again before it is sent. */
  for (const button of document.querySelectorAll("[data-reveal]")) {
    const field = document.getElementById(button.dataset.reveal);
    const hiddenWord = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-pressed", "false");
    const show = (shown) => {
      field.type = shown ? "text" : "password";
      button.textContent = shown ? button.dataset.shown : hiddenWord;
      button.setAttribute("aria-pressed", String(shown));
    };
    button.addEventListener("click", () => show(field.type === "password"));
    field.form.addEventListener("submit", () => show(false));
  }
})();
