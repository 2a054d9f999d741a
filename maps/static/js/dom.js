// Building nodes. Text goes in as text nodes only: nothing from the data is ever parsed as HTML.

/** What may stand within an element; lists are laid flat. @typedef {Node | string | number | null | undefined | boolean | any[]} Child */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {Element} node
 * @param {Record<string, any>} properties
 * @param {Child[]} children
 */
function fill(node, properties, children) {
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  for (const child of children.flat(3)) {
    if (child === null || child === undefined || typeof child === "boolean") continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/**
 * Make an HTML element.
 * @param {string} tag
 * @param {Record<string, any>} [properties] attributes; `onclick` and the like are listeners
 * @param {...Child} children
 * @returns {HTMLElement}
 */
export function el(tag, properties = {}, ...children) {
  return /** @type {HTMLElement} */ (fill(document.createElement(tag), properties, children));
}

/**
 * Make an SVG element.
 * @param {string} tag
 * @param {Record<string, any>} [properties]
 * @param {...Child} children
 * @returns {SVGElement}
 */
export function svg(tag, properties = {}, ...children) {
  return /** @type {SVGElement} */ (fill(document.createElementNS(SVG, tag), properties, children));
}

/**
 * Text from the data, kept apart from the writing direction of what surrounds it.
 * @param {string | null} text
 */
export function data(text) {
  return el("bdi", { dir: "auto" }, text ?? "");
}

/**
 * A link, where the address is one of the web; else the bare text.
 * @param {string} address
 * @param {string} [text]
 */
export function link(address, text = address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    return data(text);
  }
  if (url.protocol !== "http:" && url.protocol !== "https:") return data(text);
  return el("a", { href: url.href, rel: "noopener noreferrer", target: "_blank" }, data(text));
}

/**
 * A listener for the keys that press a button.
 * @param {() => void} press
 */
export function onPress(press) {
  return (/** @type {KeyboardEvent} */ e) => {
    if (e.key !== "Enter" && e.key !== " ") return;
    e.preventDefault();
    e.stopPropagation();
    press();
  };
}

/**
 * Text that can be pressed like a button but breaks over lines like text.
 * @param {Record<string, any>} properties
 * @param {() => void} press
 * @param {...Child} children
 */
export function pressable(properties, press, ...children) {
  return el("span", {
    role: "button", tabindex: 0, ...properties,
    onclick: (/** @type {Event} */ e) => { e.stopPropagation(); press(); },
    onkeydown: onPress(press),
  }, ...children);
}

/** @param {string} id */
export function byId(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** Whether the reader asks for less movement. */
export function still() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
