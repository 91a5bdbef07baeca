/* Tries operations of the API with the token that was typed; nothing is kept. */
"use strict";
(() => {
  const token = document.getElementById("token");
  document.querySelectorAll("[data-body]").forEach((area) => {
    area.value = JSON.stringify(JSON.parse(document.getElementById(area.dataset.body).textContent), null, 2);
  });
  document.querySelectorAll("[data-once]").forEach((input) => { input.value = crypto.randomUUID(); });

  function asked(form) {
    let path = form.dataset.path;
    const query = new URLSearchParams();
    const headers = { Accept: "application/json" };
    form.querySelectorAll("[data-place]").forEach((input) => {
      if (input.value === "") return;
      if (input.dataset.place === "path") path = path.replace(`{${input.name}}`, encodeURIComponent(input.value));
      else if (input.dataset.place === "header") headers[input.name] = input.value;
      else query.append(input.name, input.value);
    });
    if (token.value) headers.Authorization = `Bearer ${token.value.trim()}`;
    const area = form.querySelector("[data-body]");
    if (area) headers["Content-Type"] = "application/json";
    return [`${path}${query.size ? `?${query}` : ""}`, { method: form.dataset.method, headers, body: area ? area.value : undefined, credentials: "omit" }];
  }

  document.querySelectorAll("[data-try]").forEach((form) => form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const output = form.querySelector("output");
    const button = form.querySelector("button");
    button.disabled = true;
    output.hidden = false;
    try {
      const began = performance.now();
      const answer = await fetch(...asked(form));
      const text = await answer.text();
      output.querySelector("strong").textContent = `${answer.status} · ${Math.round(performance.now() - began)} ms`;
      let shown = text;
      try { shown = JSON.stringify(JSON.parse(text), null, 2); } catch { /* what is no JSON is shown as it came */ }
      output.querySelector("code").textContent = shown;
    } catch (error) {
      output.querySelector("strong").textContent = "没有连上";
      output.querySelector("code").textContent = String(error);
    }
    button.disabled = false;
    form.querySelectorAll("[data-once]").forEach((input) => { input.value = crypto.randomUUID(); });
  }));
})();
