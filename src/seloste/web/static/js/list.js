// Filters act when they change: the results are replaced, the address follows, the count is said.
const form = document.getElementById("find");
const place = () => document.querySelector("[data-results]");

if (form && place()) {
  let asked, shown = location.search;

  async function show(url, sent = {}) {
    asked?.abort();
    asked = new AbortController();
    place().setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url, { ...sent, signal: asked.signal });
      // What was posted is answered by the address that shows it.
      if (sent.method) url = answer.url;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector("[data-results]");
      if (!answer.ok || !fresh) return location.assign(url);
      place().replaceWith(fresh);
      document.querySelector("[data-said]").textContent = fresh.querySelector("[data-count]")?.textContent ?? "";
      document.title = page.title;
      history.pushState(null, "", url);
      shown = location.search;
    } catch (fault) {
      if (fault.name !== "AbortError") location.assign(url);
    }
  }

  function address() {
    const url = new URL(form.action);
    for (const [name, value] of new FormData(form)) if (value) url.searchParams.append(name, value);
    return url.href;
  }

  // Posted, where the form is, so that no address holds what was typed.
  function filter() {
    if (form.method !== "post") return show(address());
    return show(form.action, { method: "POST", body: new URLSearchParams(new FormData(form)) });
  }

  document.addEventListener("change", (event) => {
    if (event.target.form === form && event.target.type !== "search") filter();
  });
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("[data-results] :is(thead, .pager) a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    await show(link.href);
    if (link.closest(".pager")) place().scrollIntoView();
    else document.querySelector("[aria-sort] a")?.focus();
  });
  // A jump within the page is a step of history too; only another address needs other results.
  addEventListener("popstate", () => { if (location.search !== shown) location.reload(); });
}
