// Choosing a row: searched for as one types, after two letters and 150 ms; the choices come as HTML.
for (const box of document.querySelectorAll("[data-pick]")) {
  const input = box.querySelector("input[type=search]"), hits = box.querySelector(".pick-hits");
  const say = box.querySelector("[data-say]");
  let timer, asked;

  async function ask() {
    clearTimeout(timer);
    asked?.abort();
    asked = new AbortController();
    // Posted, so that no address holds what is typed.
    const token = input.form.elements.form_token?.value ?? "";
    const body = new URLSearchParams({ name: box.dataset.name, q: input.value.trim(), form_token: token });
    try {
      const answer = await fetch(box.dataset.pick, { method: "POST", body, signal: asked.signal });
      if (!answer.ok) return;
      const kept = hits.querySelector(":checked")?.closest("label");
      hits.innerHTML = await answer.text();
      // What is chosen stays chosen, and stays in sight.
      if (kept && !kept.querySelector("input").checked) kept.querySelector("input").checked = true;
      const again = kept && hits.querySelector(`[value="${kept.querySelector("input").value}"]`);
      if (again) again.checked = true;
      else if (kept) hits.prepend(kept);
      say.textContent = hits.querySelector("[data-count-said]")?.textContent ?? "";
    } catch { /* asked anew */ }
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    if (input.value.trim().length > 1) timer = setTimeout(ask, 150);
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !input.value.trim()) return;
    event.preventDefault();
    ask();
  });
  box.querySelector("button[name=find]").addEventListener("click", (event) => { event.preventDefault(); ask(); });
}
