/* The switch between light and dark without a page load; the choice is kept where the server reads it too. */
"use strict";
(() => {
  const sheet = document.getElementById("dark-sheet");
  const read = () => (document.cookie.match(/(?:^|; )keheng-look=([^;]*)/)?.[1] || "auto.comfortable.standard.keys").split(".");
  document.querySelectorAll("[data-theme-switch]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      const look = read();
      const dark = look[0] === "dark" || (look[0] === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
      look[0] = dark ? "light" : "dark";
      document.cookie = `keheng-look=${look.join(".")}; path=/; max-age=31622400; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`;
      sheet.media = look[0] === "dark" ? "screen" : "not all";
      document.dispatchEvent(new CustomEvent("keheng:look"));
    });
  });
  // One box of the header open at a time, closed by Escape or a click elsewhere.
  const drops = [...document.querySelectorAll("details.k-drop")];
  document.addEventListener("click", (event) => drops.forEach((one) => one.contains(event.target) || one.removeAttribute("open")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    drops.filter((one) => one.open).forEach((one) => { one.removeAttribute("open"); one.querySelector("summary").focus(); });
  });
  // A table that scrolls within its frame can be reached, and so scrolled, by keyboard.
  const sized = new ResizeObserver((frames) => frames.forEach(({ target }) => {
    const scrolls = target.scrollWidth > target.clientWidth;
    const name = (target.querySelector("caption") || document.querySelector("h1"))?.textContent.trim();
    for (const [key, value] of [["tabindex", "0"], ["role", "region"], ["aria-label", name]]) {
      if (scrolls && value) target.setAttribute(key, value);
      else target.removeAttribute(key);
    }
  }));
  document.querySelectorAll(".k-tablewrap").forEach((one) => sized.observe(one));
  // Tabs that do not fit begin where one is.
  document.querySelectorAll(".k-tabs [aria-current]").forEach((one) => {
    const strip = one.closest(".k-tabs"), here = one.getBoundingClientRect(), frame = strip.getBoundingClientRect();
    strip.scrollLeft += here.left - frame.left - (frame.width - here.width) / 2;
  });
  // Offline: say so, and again when the line is back.
  const line = document.getElementById("k-offline");
  const tell = () => { if (line) line.hidden = navigator.onLine; };
  addEventListener("online", tell);
  addEventListener("offline", tell);
  tell();
})();
