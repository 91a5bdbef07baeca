// The total as it is typed, of 100; Ctrl+Enter hands in. Without it the page works as well: the total comes with the answer.
"use strict";
for (const form of document.querySelectorAll("form[data-total]")) {
  const fields = [...form.querySelectorAll("input[data-weight]")];
  const shown = form.querySelector("[data-total-shown]");
  const tell = () => {
    const given = fields.every((one) => one.value !== "" && one.checkValidity());
    const total = fields.reduce((sum, one) => sum + (Number(one.value) / Number(one.max)) * Number(one.dataset.weight), 0);
    shown.textContent = given ? total.toFixed(2) : "—";
  };
  form.addEventListener("input", tell);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });
  tell();
}
