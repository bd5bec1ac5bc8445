/* Makes pages better that already work without it. */
(() => {
  "use strict";

  const problem = () => document.getElementById("problem");

  /** Show why an answer failed to come, in the region that screen readers announce. */
  function tell(reason) {
    const region = problem();
    if (!region) return;
    region.querySelector("div").textContent = region.dataset[reason] || region.dataset.other;
    region.hidden = false;
    region.scrollIntoView({ block: "nearest" });
  }

  function clear() {
    const region = problem();
    if (region) region.hidden = true;
  }

  // What was refused leaves the sheet as it is; the reason comes beside it.
  document.addEventListener("htmx:afterRequest", (event) => {
    const said = event.detail.xhr && event.detail.xhr.getResponseHeader("X-Refused");
    const region = problem();
    if (!said || !region) return;
    region.querySelector("div").textContent = decodeURIComponent(said);
    region.hidden = false;
    region.scrollIntoView({ block: "nearest" });
  });
  document.addEventListener("htmx:beforeRequest", clear);
  // What the pressed button says is sent, also where a script pressed it (passkeys.js).
  document.addEventListener("htmx:configRequest", (event) => {
    const pressed = event.detail.triggeringEvent?.submitter;
    if (pressed?.name) event.detail.parameters[pressed.name] = pressed.value;
  });
  // A form that is kept when no answer comes says so itself (unsent.js).
  const isKept = (event) => document.getElementById("unsent") && event.detail.elt?.closest("[data-unsent]");
  document.addEventListener("htmx:sendError", (event) => isKept(event) || tell("offline"));
  document.addEventListener("htmx:timeout", (event) => isKept(event) || tell("slow"));
  document.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status < 500 || !isKept(event)) tell(String(status));
  });

  // A refused form comes back as a fragment and is shown in its place; a whole page would not fit there.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { xhr } = event.detail;
    if (xhr.status >= 400 && /^\s*<!doctype/i.test(xhr.responseText)) {
      event.detail.shouldSwap = false;
      tell(String(xhr.status));
    }
  });

  // One open menu at a time; Escape and a press elsewhere close it.
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) closer.closest("details").open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = document.querySelector("details.menu[open]");
    if (open) {
      open.open = false;
      open.querySelector("summary").focus();
    }
  });

  // Why something is signed so late is asked only where a day that was given is late.
  function askWhy() {
    for (const why of document.querySelectorAll("[data-late-before]")) {
      const days = [...why.form.querySelectorAll("input[type=date]")].filter((day) => day.offsetParent);
      const late = days.some((day) => day.value && day.value < why.dataset.lateBefore);
      why.closest(".field").hidden = !late && !why.value && !why.closest(".has-error");
    }
  }
  for (const moved of ["change", "input", "htmx:afterSwap", "toggle"]) document.addEventListener(moved, askWhy, true);
  window.addEventListener("pageshow", askWhy);

  // A form is sent once; the key inside makes a second sending harmless, this spares the wait.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.closest("[hx-post]") || form.matches("[hx-post]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 8000); // an answer that was a file leaves the page as it is
  });
  window.addEventListener("pageshow", () => {
    for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  });
})();
