// Saves a question when it is left, and when whoever types in it pauses: its mark says which version was seen, so that two people of one firm never overwrite each other.
// Without this script the form saves as a whole.

const form = document.querySelector("form[data-autosave]");
const said = form.querySelector("[data-said]");
const tell = (what) => { said.textContent = said.dataset[what] || ""; };

const packed = (box) => {
  const body = new FormData();
  for (const one of box.querySelectorAll("input, select, textarea")) {
    if ((one.type === "checkbox" || one.type === "radio") && !one.checked) continue;
    body.append(one.name, one.value);
  }
  return body;
};

const show = (answer) => {
  for (const [name, mark] of Object.entries(answer.marks)) {
    const input = form.querySelector(`[name="mark-${name}"]`);
    if (input && !answer.conflicts.includes(name)) input.value = mark;
  }
  for (const box of form.querySelectorAll("[data-question]")) box.hidden = !answer.shown.includes(box.dataset.question);
  for (const [name, text] of Object.entries(answer.computed)) {
    const output = form.querySelector(`[data-computed="${name}"]`);
    if (output) output.textContent = text || "—";
  }
};

// Whether the answer reached the office: kept, or told that a colleague was first. What is half typed is not called wrong.
const save = async (box, left) => {
  tell("saving");
  const headers = { "X-CSRFToken": form.querySelector("[name=csrfmiddlewaretoken]").value };
  const answer = await fetch(form.dataset.autosave, { method: "POST", body: packed(box), headers, redirect: "error" }).catch(() => null);
  if (!answer?.ok) {
    tell("failed");
    return false;
  }
  const told = await answer.json();
  show(told);
  const wrong = box.querySelector("[data-wrong]");
  const text = told.wrong[box.dataset.question] || "";
  if (left || !text) {
    wrong.textContent = text;
    wrong.hidden = !text;
    box.classList.toggle("k-field--bad", !wrong.hidden);
  }
  tell(told.conflicts.length ? "conflict" : "saved");
  return true;
};

// One after the other: an answer of a table's cell must not overtake the one before it.
let last = Promise.resolve();
let waiting = 0;
const failed = new Set();
const typing = new Map();
const PAUSE = 1500;
const keep = (box, left) => {
  clearTimeout(typing.get(box));
  typing.delete(box);
  waiting += 1;
  last = last.then(() => save(box, left)).then((kept) => (kept ? failed.delete(box) : failed.add(box))).finally(() => { waiting -= 1; });
};
const keepTyped = () => { for (const box of [...typing.keys()]) keep(box, true); };
form.addEventListener("change", (event) => {
  const box = event.target.closest("[data-question]");
  if (box) keep(box, true);
});
form.addEventListener("input", (event) => {
  const box = event.target.closest("[data-question]");
  if (!box) return;
  clearTimeout(typing.get(box));
  typing.set(box, setTimeout(keep, PAUSE, box, false));
});

// The whole form goes after what was still being saved: its marks are then those of the last answers, not of the ones before.
let going = false;
let sent = false;
form.addEventListener("submit", (event) => {
  keepTyped();
  if (!waiting) {
    sent = true;
    return;
  }
  event.preventDefault();
  if (going) return;
  going = true;
  event.submitter?.setAttribute("aria-busy", "true");
  last.then(() => form.requestSubmit(event.submitter));
});

// A link of the page waits for what is being saved. Whoever leaves otherwise, or with an answer that was not saved, is asked first.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  const elsewhere = event.ctrlKey || event.metaKey || event.shiftKey || (link && (link.target || link.hasAttribute("download")));
  if (!link || elsewhere || event.defaultPrevented) return;
  keepTyped();
  if (!waiting) return;
  event.preventDefault();
  last.then(() => location.assign(link.href));
});
addEventListener("beforeunload", (event) => {
  if (!sent && (waiting || typing.size || failed.size)) event.preventDefault();
});
// Whoever comes back by the browser's own button finds the form as it was left.
addEventListener("pageshow", () => { going = sent = false; });
