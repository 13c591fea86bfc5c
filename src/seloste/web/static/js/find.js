// Suggestions under the search: after two letters, 150 ms after the last, as HTML.
for (const box of document.querySelectorAll("[data-suggest]")) {
  const input = box.querySelector("[type=search]"), list = box.querySelector(".suggestions"), say = box.querySelector("[data-say]");
  const options = () => [...list.querySelectorAll("a")];
  const set = (name, value) => input.setAttribute(name, value);
  let timer, asked, at;

  function choose(n) {
    at = n;
    options().forEach((option, i) => option.setAttribute("aria-selected", i === n));
    set("aria-activedescendant", options()[n]?.id ?? "");
  }
  function fill(html) {
    list.innerHTML = html;
    list.hidden = !options().length;
    say.textContent = list.querySelector("[data-count-said]")?.textContent ?? "";
    set("aria-expanded", !list.hidden);
    choose(-1);
  }
  function close() {
    clearTimeout(timer);
    asked?.abort();
    fill("");
  }
  async function ask() {
    asked?.abort();
    asked = new AbortController();
    // Posted, so that no address holds what is typed.
    const body = new URLSearchParams(new FormData(input.form));
    try {
      const answer = await fetch(box.dataset.suggest, { method: "POST", body, signal: asked.signal });
      fill(answer.ok ? await answer.text() : "");
    } catch { /* asked anew */ }
  }

  set("role", "combobox");
  set("aria-autocomplete", "list");
  set("aria-controls", list.id);
  fill("");
  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length < 2) close();
    else timer = setTimeout(ask, 150);
  });
  input.addEventListener("keydown", (event) => {
    const { key } = event, n = options().length;
    if (!n) return;
    if (key === "Escape") close();
    else if (key === "ArrowDown") choose((at + 1) % n);
    else if (key === "ArrowUp") choose((at < 1 ? n : at) - 1);
    else if (key === "Enter" && at >= 0) options()[at].click();
    else return;
    event.preventDefault();
  });
  box.addEventListener("focusout", (event) => box.contains(event.relatedTarget) || close());
}
