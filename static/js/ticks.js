/* Buttons that count what is ticked in their form, and a field that narrows a long list. Without scripts the
   buttons keep their plain words and the whole list is shown. */
(() => {
  "use strict";

  const ticked = (form) => [...form.elements].filter((field) => field.type === "checkbox" && field.checked).length;

  function count() {
    for (const button of document.querySelectorAll("[data-counts]")) {
      const number = ticked(button.form);
      const words = number === 0 ? "none" : number === 1 ? "one" : "many";
      button.textContent = button.dataset[words].replace("#", String(number));
      const bar = button.closest("[data-shown-when-ticked]");
      if (bar) bar.hidden = number === 0;
    }
    for (const part of document.querySelectorAll("[data-with-scripts]")) part.hidden = false;
  }

  function narrow(field) {
    const words = field.value.toLowerCase().split(/\s+/);
    for (const row of document.querySelectorAll(field.dataset.narrows)) {
      const text = row.querySelector("label").textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
  }

  document.addEventListener("change", count);
  document.addEventListener("htmx:afterSwap", count);
  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-narrows]")) narrow(event.target);
  });
  document.addEventListener("keydown", (event) => {
    // Enter in the field that narrows the list must not press the button that signs.
    if (event.key === "Enter" && event.target.matches("[data-narrows]")) event.preventDefault();
  });
  window.addEventListener("pageshow", count); // a page that was left and came back keeps its ticks
  count();
})();
