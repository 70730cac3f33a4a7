/** Copies text, also where the browser's clipboard is not to be had. */

/** Copy `text`; answer whether it worked. */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

/** The old way, for windows whose pages may not use the clipboard. */
function copyBySelection(text) {
  const before = document.activeElement;
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  (document.querySelector("dialog[open]") ?? document.body).append(field);
  field.select();
  const worked = document.execCommand("copy");
  field.remove();
  before?.focus?.();
  return worked;
}

/** Copy and let the button that was pressed say so for a moment. */
export async function copyFrom(button, text) {
  const worked = await copy(text);
  button.dataset.state = worked ? "copied" : "refused";
  setTimeout(() => delete button.dataset.state, 1600);
  return worked;
}
