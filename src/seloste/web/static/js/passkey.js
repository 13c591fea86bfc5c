// Passkeys: asks the browser, puts its answer into the form around the button, and sends that. Without script the
// buttons stay hidden, and a password with a code works.
const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0));
const text = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
const known = (several) => several.map((each) => ({ ...each, id: bytes(each.id) }));

async function answer(use) {
  const asked = await fetch(`/passkey/options?use=${use}`, { headers: { Accept: "application/json" } });
  if (!asked.ok) throw new Error("not asked");
  const options = await asked.json();
  options.challenge = bytes(options.challenge);
  if (use === "add") {
    options.user.id = bytes(options.user.id);
    options.excludeCredentials = known(options.excludeCredentials);
    return navigator.credentials.create({ publicKey: options });
  }
  options.allowCredentials = known(options.allowCredentials);
  return navigator.credentials.get({ publicKey: options });
}

function written(made) {
  const response = { clientDataJSON: text(made.response.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (made.response[name]) response[name] = text(made.response[name]);
  }
  return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response });
}

for (const box of document.querySelectorAll("[data-passkey]")) {
  if (!window.PublicKeyCredential || location.origin !== box.dataset.origin) continue;
  const form = box.closest("form");
  const button = box.querySelector("button");
  const fault = box.querySelector("[role=alert]");
  box.hidden = false;
  form.querySelector("[data-without]")?.remove();
  // Enter in a field of a form that has no other button means this one.
  form.addEventListener("submit", (event) => {
    if (event.submitter) return;
    event.preventDefault();
    button.click();
  });
  button.addEventListener("click", async () => {
    button.disabled = true;
    fault.textContent = "";
    try {
      const made = await answer(box.dataset.passkey);
      form.querySelector("[data-answer]").value = written(made);
      form.submit();
    } catch {
      fault.textContent = box.dataset.fault;
      button.disabled = false;
    }
  });
}
