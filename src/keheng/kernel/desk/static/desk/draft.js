// Forms with data-draft keep what is typed: on the server while signed in, in this tab alone where the session has ended.
// A draft is named by data-draft, or else by the page: on a page with several forms each has a name of its own.
// Passwords, files and whatever is marked data-no-draft never leave the form.
const WAIT = 1200;
const UNSAVED = new Set(["password", "file", "hidden", "submit", "button", "image", "reset"]);

const node = (tag, attributes, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

const kept = (form) =>
  [...form.elements].filter((one) => one.name && !UNSAVED.has(one.type) && one.tagName !== "BUTTON" && !one.closest("[data-no-draft]"));

const typed = (form) => {
  const fields = {};
  for (const one of kept(form)) {
    fields[one.name] ??= [];
    if (one.type === "checkbox" || one.type === "radio") {
      if (one.checked) fields[one.name].push(one.value);
    } else if (one.multiple) {
      for (const option of one.selectedOptions) fields[one.name].push(option.value);
    } else {
      fields[one.name].push(one.value);
    }
  }
  return fields;
};

const fill = (form, fields) => {
  const left = structuredClone(fields);
  for (const one of kept(form)) {
    const values = left[one.name];
    if (!values) continue;
    if (one.type === "checkbox" || one.type === "radio") one.checked = values.includes(one.value);
    else if (one.multiple) for (const option of one.options) option.selected = values.includes(option.value);
    else one.value = values.shift() ?? "";
    one.dispatchEvent(new Event("change", { bubbles: true }));
  }
};

const named = (form) => form.dataset.draft || location.pathname.toLowerCase().split("/").filter(Boolean).join(".").replace(/[^a-z0-9._-]/g, "-");

class Drafted {
  constructor(form) {
    this.form = form;
    this.key = named(form);
    this.address = `/desk/drafts/${encodeURIComponent(this.key)}/`;
    this.shelf = `keheng.draft.${this.key}`;
    this.note = node("p", { class: "k-note", role: "status", "data-draft-note": "" });
    this.note.hidden = true;
    form.prepend(this.note);
    this.version = 0;
    this.begin = JSON.stringify(typed(form));
    this.saved = this.begin;
  }

  async open() {
    const answer = await this.ask();
    // Nobody is signed in: there is nowhere to keep a draft.
    if (!answer?.ok) return;
    const draft = await answer.json();
    this.owner = draft.owner;
    this.version = draft.version;
    // A form that came back with problems holds what was typed last; what was typed before this script ran counts as well.
    const own = document.querySelector(".k-problems, .k-field--bad") || JSON.stringify(typed(this.form)) !== this.begin;
    const tab = this.fromTab();
    if (tab && !own) this.restore(tab, "已恢复登录过期前填写的内容。");
    else if (draft.version && !own) this.restore(draft.fields, `已恢复 ${draft.saved} 的草稿。`);
    this.form.addEventListener("input", () => this.later());
    this.form.addEventListener("change", () => this.later());
    this.form.addEventListener("submit", () => this.stop());
    // Whoever takes the form drops its draft by this.
    this.form.append(node("input", { type: "hidden", name: "_draft", value: this.key }));
    addEventListener("pagehide", () => this.save(true));
    if (own || tab) this.later();
  }

  ask(options) {
    return fetch(this.address, { redirect: "manual", cache: "no-store", ...options }).catch(() => null);
  }

  post(address, body, more) {
    const csrf = this.form.querySelector("[name=csrfmiddlewaretoken]").value;
    const headers = { "Content-Type": "application/json", "X-CSRFToken": csrf, "X-Fragment": "1" };
    return fetch(address, { method: "POST", headers, body, redirect: "manual", signal: this.signal?.signal, ...more }).catch(() => null);
  }

  later() {
    if (this.stopped) return;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(false), WAIT);
  }

  async save(leaving) {
    clearTimeout(this.timer);
    const now = JSON.stringify(typed(this.form));
    if (this.stopped || this.asking || now === this.saved || (this.busy && !leaving)) return;
    this.busy = true;
    this.signal = new AbortController();
    const title = document.querySelector("h1")?.textContent.trim() ?? "";
    const body = JSON.stringify({ fields: typed(this.form), title, url: location.pathname + location.search, version: this.version });
    const answer = await this.post(this.address, body, { keepalive: leaving && body.length < 60000 });
    this.busy = false;
    if (this.stopped) return;
    if (answer?.ok) {
      const draft = await answer.json();
      this.version = draft.version;
      this.saved = now;
      sessionStorage.removeItem(this.shelf);
      if (this.outside) this.tell("已重新保存草稿。");
      this.outside = false;
    } else if (answer?.status === 409) {
      this.choose(await answer.json());
    } else {
      // Signed out, or no connection: the tab keeps it until somebody is signed in again.
      this.outside = true;
      this.toTab();
      this.tell(answer?.type === "opaqueredirect" ? "登录已过期，填写的内容保留在本页。请重新登录后继续。" : "暂时不能保存草稿，填写的内容保留在本页。");
    }
    if (JSON.stringify(typed(this.form)) !== now) this.later();
  }

  toTab() {
    const held = { owner: this.owner, outside: Boolean(this.outside), version: this.version, fields: typed(this.form) };
    sessionStorage.setItem(this.shelf, JSON.stringify(held));
  }

  fromTab() {
    const text = sessionStorage.getItem(this.shelf);
    sessionStorage.removeItem(this.shelf);
    const held = text ? JSON.parse(text) : null;
    // What was being sent is worth something only while the server did not take it: then the draft is still there.
    return held && held.owner === this.owner && (held.outside || held.version === this.version) ? held.fields : null;
  }

  restore(fields, words) {
    const before = typed(this.form);
    fill(this.form, fields);
    this.saved = JSON.stringify(typed(this.form));
    // A draft that says what the form says anyway is not worth a word.
    if (this.saved === this.begin) return;
    this.tell(words, ["放弃草稿", async () => {
      await this.post(`${this.address}discard/`, "{}");
      fill(this.form, before);
      this.version = 0;
      this.saved = this.begin;
      this.tell("草稿已放弃。");
    }]);
  }

  // Another window saved, sent or discarded meanwhile: whoever types here decides.
  choose(other) {
    this.asking = true;
    const done = () => {
      this.asking = false;
      this.note.hidden = true;
    };
    const here = ["保留这里的", () => {
      done();
      this.version = other.version;
      this.later();
    }];
    if (!other.version) {
      this.tell("另一个窗口已经提交或放弃了这份草稿。", here, ["不再保存", () => {
        this.stopped = true;
        done();
      }]);
      return;
    }
    this.tell(`另一个窗口在 ${other.saved} 保存了更新的草稿。`, here, ["换成那一份", () => {
      done();
      fill(this.form, other.fields);
      this.version = other.version;
      this.saved = JSON.stringify(typed(this.form));
    }]);
  }

  tell(words, ...choices) {
    const buttons = choices.map(([title, act]) => {
      const button = node("button", { type: "button", class: "k-btn k-btn--ghost" }, title);
      button.addEventListener("click", act);
      return button;
    });
    this.note.replaceChildren(words, " ", ...buttons.flatMap((button) => [button, " "]));
    this.note.hidden = false;
  }

  // The form is being sent: nothing is saved behind it. Where the page stays all the same, saving goes on.
  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.signal?.abort();
    if (this.outside || this.version) this.toTab();
    setTimeout(() => {
      this.stopped = false;
    }, 5000);
  }
}

// What is folded away asks for its draft when it is unfolded: a list may have such a form in each row.
for (const form of document.querySelectorAll("form[data-draft]")) {
  const drafted = new Drafted(form), folded = form.closest("details:not([open])");
  if (folded) folded.addEventListener("toggle", () => drafted.open(), { once: true });
  else drafted.open();
}
