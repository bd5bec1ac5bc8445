/* Asks the device for a passkey: to make one, to log in, or to sign with it. Pages work without it, by password. */
(() => {
  "use strict";
  if (!window.PublicKeyCredential || !navigator.credentials) return;

  const SEVERAL = "button.sign[name=method]"; // the ways to know, each a button that signs

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) =>
    buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  /** What stands in buttons and fields is there for scripts alone: show it, now and in what htmx brings. */
  function show(root) {
    for (const part of root.querySelectorAll("[data-for-passkeys]")) {
      const asks = part.querySelector("[data-passkey]");
      part.hidden = false;
      if (asks?.form?.querySelector(SEVERAL)) asks.hidden = true; // the button that signs asks for the passkey itself
      const told = part.querySelector("[data-with-several]");
      if (told) told.hidden = !asks.hidden;
    }
  }

  const known = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  function creating(options) {
    return {
      publicKey: {
        ...options,
        challenge: bytes(options.challenge),
        user: { ...options.user, id: bytes(options.user.id) },
        excludeCredentials: known(options.excludeCredentials),
      },
    };
  }

  function showing(options) {
    return {
      publicKey: { ...options, challenge: bytes(options.challenge), allowCredentials: known(options.allowCredentials) },
    };
  }

  /** The device's answer as the server reads it. */
  function told(made) {
    const { response } = made;
    const parts = { clientDataJSON: text(response.clientDataJSON) };
    for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (response[name]) parts[name] = text(response[name]);
    }
    return JSON.stringify({
      id: made.id,
      rawId: text(made.rawId),
      type: made.type,
      response: parts,
      clientExtensionResults: made.getClientExtensionResults(),
    });
  }

  /** The server's question; what it refuses comes as an error in its own words. */
  async function question(address, body) {
    const answer = await fetch(address, { method: "POST", body, headers: { Accept: "application/json" } });
    const said = await answer.json();
    if (!answer.ok) throw new Error(said.wrong);
    return said.publicKey;
  }

  function complain(button, words) {
    const place = button.closest("form").querySelector("[data-passkey-error]");
    place.textContent = words;
    place.hidden = false;
  }

  /** Use the passkey for the act of `signs`; where it is not given, for that of the one button that signs. */
  async function use(button, signs) {
    const form = button.closest("form");
    const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    const answer = await navigator.credentials.get(showing(await question(button.dataset.passkey, body)));
    (form.elements.passkey || form.elements.credential).value = told(answer);
    // The act itself is that of the button that signs, so that nothing is sent which it would not send.
    signs ??= form.querySelector("button.sign, button[type=submit]");
    signs ? form.requestSubmit(signs) : form.submit();
  }

  async function make(button) {
    const form = button.closest("form");
    const made = await navigator.credentials.create(creating(await question(button.dataset.makesPasskey, new FormData(form))));
    form.elements.credential.value = told(made);
    if (form.elements.password) form.elements.password.disabled = true;
    form.submit();
  }

  /** One of several buttons that sign was pressed, and no password entered: it is this one that the passkey is for. */
  document.addEventListener("click", (event) => {
    const signs = event.target.closest(SEVERAL);
    const asks = signs?.form.querySelector("[data-passkey]");
    if (!asks || signs.form.elements.password.value || signs.form.elements.passkey.value) return;
    event.preventDefault();
    if (asks.disabled) return;
    asks.disabled = true;
    use(asks, signs)
      .catch((error) => complain(asks, error instanceof DOMException || !error.message ? asks.dataset.failed : error.message))
      .finally(() => (asks.disabled = false));
  });

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-passkey], [data-makes-passkey]");
    if (!button || button.disabled) return;
    button.disabled = true;
    const work = button.dataset.passkey ? use(button) : make(button);
    work
      .catch((error) => complain(button, error instanceof DOMException || !error.message ? button.dataset.failed : error.message))
      .finally(() => (button.disabled = false));
  });
  document.addEventListener("htmx:load", (event) => show(event.target));
  document.addEventListener("DOMContentLoaded", () => show(document));
  show(document);
})();
