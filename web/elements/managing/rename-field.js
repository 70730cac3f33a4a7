/** Renames an export where its name stands. */

import { call } from "../../api.js";
import { announce } from "../../lib/announce.js";
import { h } from "../../lib/dom.js";

/**
 * Put a field in place of the link to an export; Enter renames, Escape leaves it.
 *
 * @param {HTMLAnchorElement} link the export's name as it stands
 * @param {string} name what it is called now
 * @param {(name: string) => void} onRenamed told the new name
 */
export function renameInPlace(link, name, onRenamed) {
  const said = h("p", { class: "rename-problem", role: "alert", hidden: true });
  const field = h("input", { type: "text", class: "rename", value: name, "aria-label": `New name of ${name}`, autocomplete: "off", spellcheck: "false", maxlength: 200, dir: "auto" });
  const form = h("form", { class: "rename-form", onsubmit: (event) => submit(event) }, field, said);
  let isOver = false;
  const leave = ({ refocus = true } = {}) => {
    if (isOver) return;
    isOver = true;
    form.replaceWith(link);
    if (refocus) link.focus({ preventScroll: true });
  };
  const submit = async (event) => {
    event.preventDefault();
    const wanted = field.value.trim();
    if (wanted === name) return leave();
    field.readOnly = true;
    try {
      const renamed = await call("export rename", { export: name, name: wanted });
      isOver = true;
      announce(`Renamed to ${renamed.name}.`);
      onRenamed(renamed.name);
    } catch (error) {
      field.readOnly = false;
      said.hidden = false;
      said.textContent = `${error.message} ${error.hint}`;
      field.focus();
    }
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.stopPropagation();
      leave();
    }
  });
  field.addEventListener("blur", () => {
    if (!field.readOnly && said.hidden) leave({ refocus: false });
  });
  link.replaceWith(form);
  field.focus();
  field.select();
}
