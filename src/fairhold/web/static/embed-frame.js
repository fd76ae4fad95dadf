/* Inside the frame: tell the page around it how tall the block is. That is no secret, so any page may hear it. */
(() => {
  "use strict";

  if (window.parent === window) return;
  const block = document.querySelector(".block");
  const tell = () => {
    window.parent.postMessage({ fairhold: "reviews", height: Math.ceil(block.getBoundingClientRect().height) }, "*");
  };
  new ResizeObserver(tell).observe(block);
  tell();
})();
