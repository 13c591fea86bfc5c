// Work that goes on by itself: its line is asked for each second; when the work is over the page shows what came of it.
const place = () => document.querySelector("[data-progress]");

async function look() {
  try {
    const answer = await fetch(location.href, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.querySelector("[data-progress]");
    if (!answer.ok || !fresh) return location.reload();
    if (fresh.innerHTML !== place().innerHTML) place().innerHTML = fresh.innerHTML;
  } catch { /* asked anew */ }
  setTimeout(look, 1000);
}
if (place()) setTimeout(look, 1000);
