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

  /* Codes and keys that are shown once. */
  for (const button of document.querySelectorAll("[data-copy-codes], [data-copy-text]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const where = button.dataset.copyCodes ? `#${button.dataset.copyCodes} li` : `#${button.dataset.copyText}`;
      const codes = [...document.querySelectorAll(where)].map((item) => item.textContent.trim());
      await navigator.clipboard.writeText(codes.join("\n"));
      button.querySelector("span").textContent = button.dataset.copied;
    });
  }

  /* WebAuthn speaks in bytes, pages in base64url. */
  function toBytes(text) {
    const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
  }

  function toText(buffer) {
    const plain = String.fromCharCode(...new Uint8Array(buffer));
    return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }

  function asked(options) {
    const read = JSON.parse(options);
    read.challenge = toBytes(read.challenge);
    if (read.user) read.user.id = toBytes(read.user.id);
    for (const list of [read.excludeCredentials, read.allowCredentials]) {
      for (const one of list || []) one.id = toBytes(one.id);
    }
    return read;
  }

  function answered(credential) {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = toText(credential.response[name]);
    }
    return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response });
  }

  if (!window.PublicKeyCredential || !navigator.credentials) return;
  for (const form of document.querySelectorAll("[data-passkey]")) {
    const button = form.querySelector("button");
    form.hidden = false;
    button.addEventListener("click", async () => {
      const failed = form.querySelector("[data-failed]");
      failed.hidden = true;
      button.setAttribute("aria-disabled", "true");
      try {
        const publicKey = asked(form.dataset.options);
        const credential =
          form.dataset.passkey === "create"
            ? await navigator.credentials.create({ publicKey })
            : await navigator.credentials.get({ publicKey });
        form.elements.credential.value = answered(credential);
        form.submit();
      } catch (error) {
        failed.hidden = false;
        button.removeAttribute("aria-disabled");
      }
    });
  }
  for (const text of document.querySelectorAll("[data-without-scripts]")) text.hidden = true;
})();
