/* Narrows a list that is on the page already while one types. Without scripts the field's form asks the server,
   or the whole list is shown. */
(() => {
  "use strict";

  /** Lower case and without accents, so that "sofia" finds Sofía. */
  const plain = (text) => text.toLowerCase().normalize("NFD").replace(/[\u0300-\u036f]/g, "");
  const textOf = (row) => plain(row.dataset.words || (row.querySelector("label") || row).textContent);

  function narrow(field) {
    const words = plain(field.value).split(/\s+/).filter(Boolean);
    const rows = [...document.querySelectorAll(field.dataset.narrows)];
    let found = 0;
    let parent = null;
    for (const row of rows) {
      const fits = words.every((word) => textOf(row).includes(word));
      row.hidden = !fits;
      found += fits ? 1 : 0;
      if (!row.matches(".step")) parent = row;
      else if (fits && parent) parent.hidden = false; // a step is read beneath the skill that it belongs to
    }
    fold(rows, words.length > 0);
    tell(field, words.length > 0, found);
  }

  /** Groups without a row that fits go; while something is looked for the others stand open, then as they were. */
  function fold(rows, looking) {
    for (const group of new Set(rows.map((row) => row.closest("[data-group]")))) {
      if (!group) continue;
      if (looking && group.dataset.was === undefined) group.dataset.was = group.open ? "open" : "";
      group.hidden = looking && !rows.some((row) => !row.hidden && group.contains(row));
      if (looking) group.open = true;
      else if (group.dataset.was !== undefined) {
        group.open = group.dataset.was === "open";
        delete group.dataset.was;
      }
    }
  }

  function tell(field, looking, found) {
    const region = document.getElementById(`${field.id}-found`);
    if (!region) return;
    const words = found === 0 ? "none" : found === 1 ? "one" : "many";
    region.textContent = looking ? region.dataset[words].replace("#", String(found)) : "";
  }

  function show() {
    for (const part of document.querySelectorAll("[data-with-scripts]")) part.hidden = false;
    for (const field of document.querySelectorAll("[data-narrows]")) if (field.value) narrow(field);
  }

  document.addEventListener("input", (event) => {
    if (event.target.matches("[data-narrows]")) narrow(event.target);
  });
  document.addEventListener("keydown", (event) => {
    // Enter in a field that only narrows must not press the button that signs or asks. The attribute, not
    // `form.method`: that is the field "method" where a form has one.
    if (event.key === "Enter" && event.target.matches("[data-narrows]") && event.target.form?.getAttribute("method") === "post") {
      event.preventDefault();
    }
  });
  document.addEventListener("htmx:afterSettle", show);
  window.addEventListener("pageshow", show);
  show();
})();
