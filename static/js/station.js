/* A shared device: the keypad, and the clock of a turn. The server locks by its own clock; this only says so. */
(() => {
  "use strict";

  const pad = document.getElementById("keypad");
  if (pad) {
    const field = document.getElementById(pad.dataset.for);
    pad.hidden = false;
    field.inputMode = "none"; // the keys are on the page
    pad.addEventListener("click", (event) => {
      const key = event.target.closest("button");
      if (!key) return;
      if (key.dataset.digit) field.value += key.dataset.digit;
      else if ("clears" in key.dataset) field.value = "";
      else field.value = field.value.slice(0, -1);
    });
  }

  const clock = document.getElementById("turn-clock");
  if (!clock) return;
  const { idle, warns, here, home, words } = clock.dataset;
  const told = clock.querySelector("p");
  const token = () => document.querySelector("[name=csrfmiddlewaretoken]").value;
  const TOLD_EVERY = 10_000;
  let touched = Date.now(); // what the server last heard of us, at the latest
  let asking = false;

  const lock = () => location.replace(`${home}?ended=idle`);

  /** Somebody is still here: tell the server, at most every ten seconds. */
  async function stay() {
    if (asking || Date.now() - touched < TOLD_EVERY) return;
    asking = true;
    const at = Date.now();
    try {
      const answer = await fetch(here, { method: "POST", headers: { "X-CSRFToken": token() }, redirect: "manual" });
      if (answer.status === 204) touched = at;
      else lock();
    } catch {
      // No connection: the server will not hear of us, and its clock goes on.
    } finally {
      asking = false;
    }
  }
  for (const sign of ["pointerdown", "keydown", "input", "wheel"]) document.addEventListener(sign, stay, { passive: true, capture: true });
  document.addEventListener("htmx:afterRequest", () => { touched = Date.now(); });

  setInterval(() => {
    const left = Math.ceil(Number(idle) - (Date.now() - touched) / 1000);
    clock.hidden = left > Number(warns);
    if (!clock.hidden) told.textContent = words.replace("#", String(Math.max(left, 0)));
    if (left <= 0) lock();
  }, 500);
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
})();
