// The little of jQuery that folium's own popups call, for what a user adds to the map: `$("<div>...")[0]`
// and `$(document).ready(...)`. Scripts in such HTML do not run: the page's policy forbids them.
/** @param {string | Document} what */
window.$ = function (what) {
  if (typeof what === "string" && what.trim().startsWith("<")) {
    const template = document.createElement("template");
    template.innerHTML = what.trim();
    return [...template.content.childNodes];
  }
  const nodes = /** @type {HTMLElement[]} */ (typeof what === "string" ? [...document.querySelectorAll(what)] : [what]);
  return Object.assign(nodes, {
    ready: (/** @type {() => void} */ f) => window.setTimeout(f),
    show: () => nodes.forEach((n) => n.style.removeProperty("display")),
    hide: () => nodes.forEach((n) => n.style.setProperty("display", "none")),
  });
};
