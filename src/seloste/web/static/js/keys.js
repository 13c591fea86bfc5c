// Single keys: / search, n new, g and a letter to a menu item, ? help. The page loads this only while they are on.
let going = 0;

const typing = (target) => target.closest?.("input, select, textarea, [contenteditable]");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const help = document.getElementById("keys-help");
  if (help?.open) return;
  const key = event.key.toLowerCase();
  if (going && event.timeStamp - going < 1500 && key.length === 1) {
    going = 0;
    const items = [...document.querySelectorAll(".nav a")];
    const item = items.find((link) => link.textContent.trim().toLowerCase().startsWith(key));
    if (item) { event.preventDefault(); item.click(); }
    return;
  }
  going = 0;
  if (key === "/") document.getElementById("q")?.focus();
  else if (key === "n") document.querySelector("[data-new]")?.click();
  else if (key === "g") going = event.timeStamp;
  else if (key === "?") help?.showModal();
  else return;
  event.preventDefault();
});
