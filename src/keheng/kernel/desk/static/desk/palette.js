// The command palette: Ctrl+K (or / where no list takes it) opens it, ? tells the keys. Without this script its page does the same.
// Who chose to have no single keys keeps Ctrl+K.
const ADDRESS = "/desk/palette/";
const SINGLE = !document.documentElement.classList.contains("k-no-keys");
const KEYS = [
  ["Ctrl K 或 /", "前往页面、操作或记录"],
  ["?", "这张表"],
  ["j k 或 ↑ ↓", "在列表中移动"],
  ["Enter", "打开所在的行"],
  ["/", "在有列表的页面上：到查找框"],
  ["Esc", "关闭"],
];

const node = (tag, attributes, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

const icon = (name) => {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("class", "k-icon");
  drawn.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `/static/vendor/icons.svg#${name}`);
  drawn.append(use);
  return drawn;
};

const input = node("input", {
  type: "text", role: "combobox", "aria-expanded": "true", "aria-controls": "palette-list", "aria-autocomplete": "list",
  "aria-label": "前往页面、操作或记录", placeholder: "前往页面、操作或记录", autocomplete: "off", spellcheck: "false", maxlength: "100",
});
const list = node("ul", { id: "palette-list", role: "listbox", "aria-label": "可以前往" });
const told = node("p", { class: "k-unseen", role: "status" });
const palette = node("dialog", { class: "k-dialog k-palette", "aria-label": "前往" }, input, told, list);
const help = node("dialog", { class: "k-dialog", "aria-label": "键盘快捷键" }, node("div", { class: "k-dialog__body" },
  node("h2", { class: "k-h2" }, "键盘快捷键"),
  node("dl", { class: "k-dl" }, ...KEYS.flatMap(([key, what]) => [node("dt", {}, node("kbd", {}, key)), node("dd", {}, what)])),
  node("p", { class: "k-hint" }, "?、/、j、k 这些单键可以在", node("a", { href: `/look/?next=${encodeURIComponent(location.pathname + location.search)}` }, "显示设置"), "里停用。"),
  node("form", { method: "dialog", class: "k-actions" }, node("button", { class: "k-btn k-btn--ghost" }, "关闭")),
));
document.body.append(palette, help);

let at = 0;
let timer;
let asked = 0;
// What was typed when the list was asked for.
let answered = "";

const options = () => [...list.querySelectorAll("[role=option]")];

const choose = (place) => {
  const all = options();
  at = all.length ? (place + all.length) % all.length : 0;
  for (const [number, one] of all.entries()) one.setAttribute("aria-selected", String(number === at));
  if (all[at]) {
    input.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  } else {
    input.removeAttribute("aria-activedescendant");
  }
};

// Where nothing was found the only option leads to where else it may be.
const show = (entries, elsewhere) => {
  list.replaceChildren(...[...entries, ...(elsewhere ? [elsewhere] : [])].map((entry, number) => {
    const option = node("li", { role: "option", id: `palette-${number}`, "data-url": entry.url }, entry.title, node("small", {}, entry.group));
    if (entry.icon) option.prepend(icon(entry.icon));
    option.addEventListener("click", () => location.assign(entry.url));
    return option;
  }));
  told.className = entries.length ? "k-unseen" : "k-palette__none";
  told.textContent = entries.length ? `${entries.length} 项` : `没有找到“${answered.trim()}”。`;
  choose(0);
};

const ask = async () => {
  clearTimeout(timer);
  const number = ++asked;
  const typed = input.value;
  const answer = await fetch(`${ADDRESS}?q=${encodeURIComponent(typed)}`, {
    headers: { Accept: "application/json" }, redirect: "manual", cache: "no-store",
  }).catch(() => null);
  // Only the answer to what was typed last counts. Signed out: the page says so.
  if (number !== asked) return;
  if (answer?.ok) {
    const found = await answer.json();
    if (number !== asked) return;
    answered = typed;
    show(found.entries, found.elsewhere);
  } else if (answer) {
    location.assign(ADDRESS);
  }
};

// Who types and presses Enter at once goes to what answers the whole of it, not to what stood there for its beginning.
const go = async () => {
  if (input.value !== answered) await ask();
  const chosen = options()[at];
  if (chosen && input.value === answered) location.assign(chosen.dataset.url);
};

const open = () => {
  if (palette.open) return;
  input.value = "";
  palette.showModal();
  ask();
};

input.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(ask, 120);
});
input.addEventListener("keydown", (event) => {
  const step = { ArrowDown: at + 1, ArrowUp: at - 1, Home: event.ctrlKey ? 0 : undefined, End: event.ctrlKey ? -1 : undefined }[event.key];
  if (step !== undefined) {
    event.preventDefault();
    choose(step);
  } else if (event.key === "Enter" && !event.isComposing) {
    event.preventDefault();
    go();
  }
});
for (const dialog of [palette, help]) {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}

document.addEventListener("keydown", (event) => {
  if (event.key.toLowerCase() === "k" && (event.ctrlKey || event.metaKey) && !event.altKey) {
    event.preventDefault();
    open();
    return;
  }
  // A field in a dialog just closed has the focus until the page is drawn anew; nobody types there.
  const typing = event.target.closest("input, select, textarea, [contenteditable], dialog[open]") && !event.target.closest("dialog:not([open])");
  if (!SINGLE || event.defaultPrevented || typing || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.key === "?") help.showModal();
  else if (event.key === "/" && !document.querySelector("[data-table-search]")) open();
  else return;
  event.preventDefault();
});
for (const link of document.querySelectorAll("[data-palette]")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    open();
  });
}
