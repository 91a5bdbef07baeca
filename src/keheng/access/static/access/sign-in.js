// In a rush the server answers 503 with a place in the queue: ask again by ourselves until it is our turn.
// Without this script the page itself tells the place and keeps it.
const form = document.getElementById("sign-in");
const queue = document.getElementById("queue");

async function ask() {
  const headers = { Accept: "application/json", "X-Requested-With": "XMLHttpRequest" };
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers });
  return { busy: answer.status === 503, ...(await answer.json()) };
}

async function signIn() {
  let told = await ask();
  while (told.busy) {
    form.elements.ticket.value = told.ticket;
    queue.querySelector("[data-before]").textContent = told.before;
    if (!queue.open) queue.showModal();
    await new Promise((done) => setTimeout(done, told.seconds * 1000));
    told = await ask();
  }
  if (told.location) {
    location.assign(told.location);
    return;
  }
  // Refused: show the page that says why, in place of this one.
  const page = new DOMParser().parseFromString(told.html, "text/html");
  queue.close();
  form.replaceChildren(...page.getElementById("sign-in").childNodes);
  form.elements.login.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  // The network may fail: then the form goes the ordinary way.
  signIn().catch(() => form.submit());
});
