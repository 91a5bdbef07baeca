// Keys for lists: j and k or the arrows walk the rows, Enter opens one, / leads to the search. Without this script lists work as well.
// Who chose to have no single keys keeps the arrows and Enter, which work on a row that has the focus alone.
const single = !document.documentElement.classList.contains("k-no-keys");
// A field in a dialog just closed has the focus until the page is drawn anew; nobody types there.
const typing = (at) => at.closest("input, select, textarea, [contenteditable], dialog[open]") && !at.closest("dialog:not([open])");

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  const tables = [...document.querySelectorAll("[data-table]")];
  const table = event.target.closest("[data-table]") ?? tables[0];
  if (!table) return;
  if (single && event.key === "/") {
    const search = table.querySelector("[data-table-search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
    return;
  }
  const rows = [...table.querySelectorAll("tbody tr[tabindex]")];
  const row = event.target.closest("tr[tabindex]");
  const arrow = row === event.target;
  if (event.key === "Enter" && arrow && row.dataset.href) {
    location.assign(row.dataset.href);
    return;
  }
  const down = (single && event.key === "j") || (arrow && event.key === "ArrowDown");
  const up = (single && event.key === "k") || (arrow && event.key === "ArrowUp");
  if (!down && !up) return;
  const next = rows[row ? rows.indexOf(row) + (down ? 1 : -1) : 0];
  if (!next) return;
  event.preventDefault();
  next.focus();
});

for (const all of document.querySelectorAll("[data-table-all]")) {
  const table = all.closest("[data-table]");
  const boxes = [...table.querySelectorAll("tbody input[name=rows]")];
  const told = table.querySelector("[data-table-picked]");
  const words = told.textContent;
  const tell = () => {
    const count = boxes.filter((one) => one.checked).length;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
    told.textContent = count ? `已勾选 ${count} 条：` : words;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const one of boxes) one.checked = all.checked;
    tell();
  });
  for (const one of boxes) one.addEventListener("change", tell);
}
