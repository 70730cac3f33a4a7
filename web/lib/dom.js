/** Makes elements. Text becomes a text node by construction: a string never becomes markup. */

const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "indeterminate", "files", "selected"]);

/**
 * Make an HTML element: `h("button", {class: "quiet", onclick: stop}, "Stop")`.
 *
 * An attribute that is null, undefined or false is left out, true is written empty, a
 * function under `on…` becomes a listener. Children are strings, numbers, nodes, or
 * lists of those; null and false are nothing.
 */
export function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** Make an SVG element, in the same words as `h`. */
export function s(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** Put these children, and only these, into a node. */
export function replace(node, ...children) {
  node.replaceChildren(...flat(children));
  return node;
}

/** Answer the element made from `attributes` and `children`. */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on") && typeof value === "function") {
      element.addEventListener(name.slice(2), value);
    } else if (PROPERTIES.has(name)) {
      element[name] = value;
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...flat(children));
  return element;
}

function flat(children) {
  return children
    .flat(Infinity)
    .filter((child) => child !== null && child !== undefined && child !== false)
    .map((child) => (child instanceof Node ? child : String(child)));
}
