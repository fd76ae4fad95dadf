/* Fairhold's block of reviews:
   <script src="https://fairhold.example/embed/reviews.js" data-seller="shop-7" data-sku="SS-600" data-lang="ru" async></script>
   It puts a frame where the script stands and keeps it as tall as what is in it. It loads nothing else, sets no cookie and
   counts nobody. */
(() => {
  "use strict";

  const script = document.currentScript;
  if (!script || !script.dataset.seller || !script.dataset.sku) return;
  const { seller, sku, lang, theme } = script.dataset;
  const address = new URL(`reviews/${encodeURIComponent(seller)}/${encodeURIComponent(sku)}`, script.src);
  const language = lang || document.documentElement.lang.slice(0, 2);
  if (language) address.searchParams.set("lang", language);
  if (theme) address.searchParams.set("theme", theme);

  const frame = document.createElement("iframe");
  frame.src = address.href;
  frame.title = language === "en" ? "Reviews by buyers" : "Отзывы покупателей";
  frame.loading = "lazy";
  frame.referrerPolicy = "no-referrer";
  frame.style.display = "block";
  frame.style.width = "100%";
  frame.style.height = "24rem";
  frame.style.border = "0";

  window.addEventListener("message", (event) => {
    if (event.origin !== address.origin || event.source !== frame.contentWindow) return;
    const { fairhold, height } = event.data || {};
    if (fairhold === "reviews" && Number.isFinite(height) && height > 0) frame.style.height = `${Math.min(height, 8000)}px`;
  });
  script.after(frame);
})();
