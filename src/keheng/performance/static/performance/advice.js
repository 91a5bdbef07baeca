/* While targets are typed, what the audit rules say of them stands below; nothing is saved by asking. */
"use strict";
for (const form of document.querySelectorAll("form[data-advice]")) {
  const place = form.querySelector("[data-advice-place]");
  let clock = 0;
  let asked = 0;
  const ask = async () => {
    const number = ++asked;
    const answer = await fetch(form.dataset.advice, { method: "POST", body: new FormData(form), headers: { "X-Fragment": "1" }, redirect: "error" }).catch(() => null);
    // An answer to what was typed before is worth nothing now.
    if (!answer?.ok || number !== asked) return;
    const said = new DOMParser().parseFromString(await answer.text(), "text/html").body;
    if (said.textContent.trim() !== place.textContent.trim()) place.replaceChildren(...said.childNodes);
  };
  const later = () => {
    clearTimeout(clock);
    clock = setTimeout(ask, 500);
  };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  ask();
}
