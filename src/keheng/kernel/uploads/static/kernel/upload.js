// Sends a chosen file in parts by the tus protocol 1.0, so that a broken connection or a reload costs at most one part.
// The address of an upload is kept in localStorage under what names the file; the hidden input takes the upload's number.

const PART = 4 * 1024 * 1024;
const WAITS = [1000, 3000, 8000, 20000, 30000];
const TUS = { "Tus-Resumable": "1.0.0" };

class Refusal extends Error {}

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const encoded = (text) => btoa(String.fromCodePoint(...new TextEncoder().encode(text)));

class Sender {
  constructor(box) {
    this.box = box;
    this.file = null;
    this.input = box.querySelector("input[type=file]");
    this.value = box.querySelector("input[type=hidden]");
    this.bar = box.querySelector("progress");
    this.said = box.querySelector("[data-said]");
    this.wrong = box.querySelector("[data-wrong]");
    this.pauseButton = box.querySelector("[data-pause]");
    this.cancelButton = box.querySelector("[data-cancel]");
    this.input.addEventListener("change", () => this.choose());
    this.pauseButton.addEventListener("click", () => (this.abort ? this.stop() : this.send()));
    this.cancelButton.addEventListener("click", () => this.cancel());
  }

  get key() {
    return `keheng-upload:${this.box.dataset.place}:${this.file.name}:${this.file.size}:${this.file.lastModified}`;
  }

  headers(more) {
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    return { ...TUS, "X-CSRFToken": token ? token.value : "", ...more };
  }

  async ask(url, method, more = {}, body = undefined) {
    const answer = await fetch(url, { method, headers: this.headers(more), body, signal: this.abort.signal, redirect: "manual" });
    if (answer.type === "opaqueredirect") throw new Refusal("登录已过期，请重新登录后再选择同一文件，会接着上传");
    if (answer.ok || answer.status === 404 || answer.status === 409 || answer.status === 410) return answer;
    const told = await answer.json().catch(() => null);
    const text = told ? told.problems.map((one) => `${one.zh}：${one.remedy_zh}`).join("；") : `服务器暂时不可用（${answer.status}）`;
    if (answer.status >= 500 && answer.status !== 507) throw new Error(text);
    throw new Refusal(text);
  }

  choose() {
    if (this.abort) this.stop();
    this.value.value = "";
    this.file = this.input.files[0] || null;
    if (this.file) this.send();
  }

  // Where the upload of this file stands; a new one where there is none.
  async stand() {
    const url = localStorage.getItem(this.key);
    if (url) {
      const answer = await this.ask(url, "HEAD");
      if (answer.ok) return { url, offset: Number(answer.headers.get("Upload-Offset")), done: answer.headers.has("Upload-Digest") };
      localStorage.removeItem(this.key);
    }
    const told = `filename ${encoded(this.file.name)},place ${encoded(this.box.dataset.place)}`;
    const answer = await this.ask(this.box.dataset.url, "POST", { "Upload-Length": String(this.file.size), "Upload-Metadata": told });
    const made = answer.headers.get("Location");
    localStorage.setItem(this.key, made);
    return { url: made, offset: 0, done: false };
  }

  async parts() {
    let { url, offset, done } = await this.stand();
    while (!done) {
      this.show(offset);
      const part = this.file.slice(offset, offset + PART);
      const more = { "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" };
      const answer = await this.ask(url, "PATCH", more, part);
      if (!answer.ok) {
        if (answer.status === 410) localStorage.removeItem(this.key);
        throw new Error("正在核对续传位置");
      }
      const next = Number(answer.headers.get("Upload-Offset"));
      done = answer.headers.has("Upload-Digest");
      if (next === offset && !done) throw new Error("连接中断");
      offset = next;
      this.failures = 0;
    }
    this.value.value = url.split("/").filter(Boolean).pop();
  }

  async send() {
    const abort = new AbortController();
    this.abort = abort;
    this.failures = 0;
    this.tell("");
    this.shown(true);
    this.pauseButton.textContent = "暂停";
    while (this.abort === abort) {
      try {
        await this.parts();
        this.abort = null;
        this.show(this.file.size);
        this.said.textContent = `已上传：${this.file.name}`;
        this.pauseButton.hidden = true;
      } catch (error) {
        if (this.abort !== abort) return;
        if (error instanceof Refusal || this.failures >= WAITS.length) {
          this.stop();
          this.tell(error.message);
          return;
        }
        this.said.textContent = `${error.message}，稍后自动继续`;
        await pause(WAITS[this.failures]);
        this.failures += 1;
      }
    }
  }

  stop() {
    const abort = this.abort;
    this.abort = null;
    abort.abort();
    this.pauseButton.textContent = "继续";
    this.said.textContent = "已暂停";
  }

  // Of what was chosen on this page, or was sent before the form came back.
  async cancel() {
    const { held, name } = this.value.dataset;
    if (!window.confirm(`放弃上传“${this.file ? this.file.name : name}”？`)) return;
    if (this.abort) this.stop();
    const url = this.file ? localStorage.getItem(this.key) : held;
    if (this.file) localStorage.removeItem(this.key);
    this.value.value = "";
    this.input.value = "";
    this.said.textContent = "已放弃";
    this.tell("");
    this.shown(false);
    if (url) await fetch(url, { method: "DELETE", headers: this.headers({}) }).catch(() => null);
  }

  show(offset) {
    const percent = Math.floor((offset / this.file.size) * 100);
    this.bar.value = percent;
    this.said.textContent = `已上传 ${percent}%`;
  }

  tell(text) {
    this.wrong.textContent = text;
    this.wrong.hidden = !text;
  }

  shown(yes) {
    for (const part of [this.bar, this.pauseButton, this.cancelButton]) part.hidden = !yes;
  }
}

for (const box of document.querySelectorAll("[data-upload]")) new Sender(box);
