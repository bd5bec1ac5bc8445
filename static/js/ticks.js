/* Buttons that count what is ticked in their form. Without scripts they keep their plain words. */
(() => {
  "use strict";

  // A button may name the field it counts: other ticks of its form are not lines.
  const ticked = ({ form, dataset: { counts } }) =>
    [...form.elements].filter((field) => field.type === "checkbox" && field.checked && (!counts || field.name === counts))
      .length;

  function count() {
    for (const button of document.querySelectorAll("[data-counts]")) {
      const number = ticked(button);
      const whole = number === Number(button.dataset.whole); // only a button that says "all" names the whole
      const words = number === 0 ? "none" : whole ? "all" : number === 1 ? "one" : "many";
      button.textContent = button.dataset[words].replace("#", String(number));
      const bar = button.closest("[data-shown-when-ticked]");
      if (bar) bar.hidden = number === 0;
    }
  }

  document.addEventListener("change", count);
  document.addEventListener("htmx:afterSwap", count);
  window.addEventListener("pageshow", count); // a page that was left and came back keeps its ticks
  count();
})();
