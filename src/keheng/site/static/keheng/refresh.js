/* A page that follows what happens: it is loaded again every so many seconds, unless somebody paused it, works in it, or looks elsewhere. */
"use strict";
(() => {
  const said = document.querySelector("[data-refresh]");
  if (!said) return;
  const button = said.querySelector("button");
  const busy = () => document.hidden || document.querySelector("main :focus:not([data-refresh] button)") || String(getSelection());
  let clock = 0;
  const start = () => {
    clock = setTimeout(() => { if (busy()) start(); else location.reload(); }, said.dataset.refresh * 1000);
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    const paused = button.getAttribute("aria-pressed") === "true";
    button.setAttribute("aria-pressed", String(!paused));
    clearTimeout(clock);
    if (paused) start();
  });
  start();
})();
