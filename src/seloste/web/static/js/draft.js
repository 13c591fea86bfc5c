// Warns before an unsaved text is lost. Nothing is stored in the browser.
const first = new WeakMap();
const forms = [...document.querySelectorAll("form[data-draft]")];
const written = (form) => [...form.querySelectorAll("textarea")].map((area) => area.value).join("\n");
let sent = false;

for (const form of forms) {
  first.set(form, written(form));
  form.addEventListener("submit", () => { sent = true; });
}
addEventListener("pageshow", () => { sent = false; });
addEventListener("beforeunload", (event) => {
  if (!sent && forms.some((form) => written(form) !== first.get(form))) event.preventDefault();
});
