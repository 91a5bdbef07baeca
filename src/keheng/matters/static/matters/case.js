// A link to what is missing leads to its input: what is folded opens, and the input has the focus.
// Without this script most browsers unfold what an address leads to by themselves.

const reveal = () => {
  const target = document.getElementById(location.hash.slice(1));
  const folded = target?.closest("details");
  if (!folded) return;
  folded.open = true;
  target.scrollIntoView({ block: "center" });
  target.focus({ preventScroll: true });
};

addEventListener("hashchange", reveal);
// Whoever follows the same link again has not changed the address.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (link && link.hash && link.href === location.href) reveal();
});
reveal();
