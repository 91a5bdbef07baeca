"use strict";
{
  const boxes = [...document.querySelectorAll(".filter input")];
  const note = document.querySelector("#shown");
  const apply = () => {
    const on = new Set(boxes.filter((box) => box.checked).map((box) => box.value));
    let shown = 0;
    const findings = document.querySelectorAll(".finding");
    for (const finding of findings) {
      finding.hidden = !on.has(finding.dataset.severity);
      shown += finding.hidden ? 0 : 1;
    }
    note.textContent = note.dataset.text.replace("{shown}", shown).replace("{all}", findings.length);
  };
  for (const box of boxes) box.addEventListener("change", apply);
  addEventListener("hashchange", () => {
    const target = document.querySelector(location.hash || "#top");
    if (target && target.hidden) {
      boxes.find((box) => box.value === target.dataset.severity).checked = true;
      apply();
      target.scrollIntoView();
    }
  });
  apply();
}
