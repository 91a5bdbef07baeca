// Reveals a masked value where it stands and hides it again. Without this script the same forms lead to a page.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const place = form.closest("[data-reveal]");
  if (!place) return;
  event.preventDefault();
  place.kept ??= place.innerHTML;
  const address = place.dataset.reveal;
  const post = form.method === "post";
  const answer = await fetch(address, {
    method: post ? "POST" : "GET",
    body: post ? new FormData(form) : null,
    headers: { "X-Fragment": "1" },
    cache: "no-store",
  }).catch(() => null);
  // Signed out, asked to prove who one is, or refused: the page says it.
  if (!answer?.ok || answer.redirected) {
    location.assign(address);
    return;
  }
  place.innerHTML = await answer.text();
  place.querySelector("select, input:not([type=hidden]), [data-hide-after]")?.focus();
  const value = place.querySelector("[data-hide-after]");
  if (value) {
    const hide = () => {
      place.innerHTML = place.kept;
      removeEventListener("pagehide", hide);
    };
    setTimeout(hide, 1000 * Number(value.dataset.hideAfter));
    addEventListener("pagehide", hide);
  }
});
