/* What was signed, asked or sent back on a bad connection is kept on this device for its owner: for 24 hours, never
   a password and never a file. One press sends it again with the same key, so that it happens once. Nothing says
   that it was done before the server has said so. Without scripts the browser does what browsers do. */
(() => {
  "use strict";

  const region = document.getElementById("unsent");
  if (!region) return; // nobody is logged in, or the device is shared: nothing is kept there
  const words = region.dataset;
  const store = `journeybook.unsent.${words.owner}`;
  const DAY = 24 * 60 * 60 * 1000;
  const PATIENCE = 20000;
  const PATIENCE_WITH_FILES = 300000;
  const NEVER_KEPT = new Set(["csrfmiddlewaretoken", "password", "passkey", "pin"]);

  function kept() {
    let entries = [];
    try {
      entries = JSON.parse(localStorage.getItem(store)) || [];
    } catch {
      return []; // a device that lets nothing be kept
    }
    return entries.filter((entry) => Date.now() - entry.at < DAY);
  }

  function keep(entries) {
    try {
      if (entries.length) localStorage.setItem(store, JSON.stringify(entries));
      else localStorage.removeItem(store);
    } catch {
      return false;
    }
    return true;
  }

  const forget = (id) => keep(kept().filter((entry) => entry.id !== id));

  /** What of a form can be sent again, without what is never kept. */
  function entryOf(form, submitter) {
    const sent = new FormData(form, submitter);
    // What the pressed button says is left out while it is disabled; it is part of what was chosen.
    if (submitter?.name && !sent.has(submitter.name)) sent.append(submitter.name, submitter.value);
    const files = [...sent.values()].some((value) => value instanceof File && value.size > 0);
    const fields = [...sent].filter(([name, value]) => !(value instanceof File) && !NEVER_KEPT.has(name));
    const id = String(sent.get("key"));
    const title = form.getAttribute("aria-label") || document.title;
    return { id, kind: form.dataset.unsent, title, action: form.getAttribute("action"), fields, files, at: Date.now() };
  }

  const add = (entry) => keep([...kept().filter((other) => other.id !== entry.id), entry]);

  function keepForm(form, submitter) {
    show(add(entryOf(form, submitter)) ? "" : words.notKept);
    region.scrollIntoView({ block: "start" });
    region.focus();
  }

  const csrf = () => JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";

  /** Send; the answer, or null where none came: no connection, too slow, or a fault on the way. */
  async function send(action, body) {
    const stop = new AbortController();
    const files = [...body.values()].some((value) => value instanceof File && value.size > 0);
    const timer = setTimeout(() => stop.abort(), files ? PATIENCE_WITH_FILES : PATIENCE);
    try {
      const headers = { "X-Kept-Form": "yes", "X-CSRFToken": csrf() };
      const answer = await fetch(action, { method: "POST", body, headers, signal: stop.signal, redirect: "error" });
      if (answer.status >= 500 || answer.status === 429) return null;
      return { status: answer.status, to: answer.headers.get("X-Go-To"), page: await answer.text() };
    } catch {
      return null;
    } finally {
      clearTimeout(timer);
    }
  }

  /** The server has answered: it was done, or it says why not, with everything typed in its page. */
  function follow(answer, id) {
    if (answer.status === 401) {
      location.assign(answer.to); // logged out meanwhile: it stays kept until its owner is back
      return;
    }
    if (answer.status !== 403) forget(id); // what was refused for the person may be sent again by another session
    if (answer.to) {
      location.assign(answer.to);
      return;
    }
    document.open();
    document.write(answer.page);
    document.close();
  }

  function button(text, act, kind) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = kind;
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  }

  function line(text, tag, className) {
    const made = document.createElement(tag);
    made.textContent = text;
    if (className) made.className = className;
    return made;
  }

  function shown(entry) {
    const item = document.createElement("div");
    item.className = "unsent-one";
    const until = new Date(entry.at + DAY).toLocaleString(document.documentElement.lang, { weekday: "long", hour: "2-digit", minute: "2-digit" });
    const acts = document.createElement("div");
    acts.className = "acts";
    const again = button(words.again, () => sendAgain(entry, again), "button large");
    const drop = () => {
      forget(entry.id);
      show("");
    };
    acts.append(again, button(words.drop, drop, "link-button"));
    item.append(line(words[entry.kind] || words.ask, "h2"), line(entry.title, "p", "unsent-title"));
    item.append(line(words.kept.replace("#", until), "p", "quiet"));
    if (entry.files) item.append(line(words.files, "p", "quiet"));
    item.append(acts);
    return item;
  }

  async function sendAgain(entry, pressed) {
    if (pressed.disabled) return;
    pressed.disabled = true;
    pressed.textContent = words.sending;
    const body = new FormData();
    for (const [name, value] of entry.fields) body.append(name, value);
    const answer = await send(entry.action, body);
    if (answer) follow(answer, entry.id);
    else show(words.failed);
  }

  /** Everything that is not sent yet, with one button each. */
  function show(said) {
    const entries = kept();
    region.replaceChildren(...entries.map(shown));
    if (said) region.prepend(line(said, "p", "error"));
    region.hidden = entries.length === 0 && !said;
  }

  async function submit(form, submitter) {
    form.dataset.sending = "yes";
    const pressed = submitter || form.querySelector(".sign, [type=submit]");
    if (pressed) pressed.setAttribute("aria-busy", "true");
    const entry = entryOf(form, submitter);
    add(entry); // before it is sent: the page may be left, or the device go dark, while no answer comes
    const answer = await send(form.getAttribute("action"), new FormData(form, submitter));
    delete form.dataset.sending;
    if (pressed) pressed.removeAttribute("aria-busy");
    if (answer) follow(answer, entry.id);
    else keepForm(form, submitter);
  }

  document.addEventListener(
    "submit",
    (event) => {
      const form = event.target;
      if (form.matches("[data-logout]") && kept().length && !confirm(words.logout)) {
        event.preventDefault();
        return;
      }
      if (event.defaultPrevented || !form.matches("[data-unsent]") || form.matches("[hx-post]")) return;
      event.preventDefault();
      if (!form.dataset.sending) submit(form, event.submitter);
    },
    true,
  );

  // Forms that htmx sends: kept when no answer came, forgotten when one did.
  const sentByHtmx = (event) => event.detail.requestConfig?.elt?.closest("[data-unsent]");
  for (const failure of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
    document.addEventListener(failure, (event) => {
      const form = sentByHtmx(event);
      const status = event.detail.xhr?.status || 0;
      if (form && (status === 0 || status >= 500 || status === 429)) {
        keepForm(form, event.detail.requestConfig.triggeringEvent?.submitter);
      }
    });
  }
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const form = sentByHtmx(event);
    const status = event.detail.xhr.status;
    if (form && status < 500 && status !== 429) forget(String(new FormData(form).get("key")));
    if (form) show("");
  });

  window.addEventListener("storage", (event) => event.key === store && show(""));
  keep(kept()); // what is older than a day goes
  show("");
})();
