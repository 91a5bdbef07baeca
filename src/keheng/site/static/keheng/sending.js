/* What is being sent says so: the button that was pressed turns, and a second press sends nothing. Without this script forms are sent as well. */
"use strict";
(() => {
  // An answer that is a download leaves the page as it was and tells nobody. Whoever waits longer than this may press again.
  const AGAIN = 8000;
  const sent = new Map();
  const back = (form) => {
    clearTimeout(sent.get(form)?.timer);
    sent.get(form)?.button?.removeAttribute("aria-busy");
    sent.get(form)?.button?.classList.remove("k-btn--busy");
    sent.delete(form);
  };
  // On the window, so that whatever a page's own script sends by itself has been taken out already.
  addEventListener("submit", (event) => {
    const form = event.target, button = event.submitter;
    const elsewhere = form.target === "_blank" || button?.formTarget === "_blank";
    if (event.defaultPrevented || elsewhere || (button?.getAttribute("formmethod") ?? form.method) !== "post") return;
    if (sent.has(form)) {
      event.preventDefault();
      return;
    }
    button?.setAttribute("aria-busy", "true");
    if (button?.classList.contains("k-btn")) button.classList.add("k-btn--busy");
    sent.set(form, { button, timer: setTimeout(() => back(form), AGAIN) });
  });
  // Back from the next page, which the browser kept this one for.
  addEventListener("pageshow", (event) => {
    if (event.persisted) for (const form of [...sent.keys()]) back(form);
  });
})();
