// The page on paper: light, at the width of a sheet, whatever the window and its colours are.

/** @typedef {import("./store.js").Store} Store */

/** Width and height of the map in pixels: 186 mm, the width of A4 within its margins, and 77 mm. */
const SHEET = [703, 290];

/** Milliseconds until names have found their places on a map that was moved. */
const SETTLED = 160;

/**
 * Print what is in view.
 * @param {any} map
 * @param {Store} store
 */
export function onPaper(map, store) {
  const root = document.documentElement;
  const { style } = map.getContainer();
  /** @type {{view: any, theme: string | undefined} | null} */
  let screen = null;
  const fit = (/** @type {any} */ view, /** @type {number} */ snap) => {
    map.invalidateSize({ animate: false });
    map.options.zoomSnap = snap;
    map.options.minZoom = snap < 1 ? 0 : 2; // a sheet is lower than a window
    map.fitBounds(view, { animate: false });
  };
  const colours = (/** @type {string | undefined} */ theme) => {
    if (theme) root.dataset.theme = theme;
    else delete root.dataset.theme;
    store.emit("theme");
  };
  const lay = () => {
    if (screen) return;
    const view = map.getBounds();
    const theme = root.dataset.theme;
    root.dataset.theme = "light";
    screen = { view, theme };
    Object.assign(style, { inset: "auto", width: `${SHEET[0]}px`, height: `${SHEET[1]}px` });
    fit(view, 0.25);
    colours("light");
  };
  const lift = () => {
    if (!screen) return;
    const { view, theme } = screen;
    screen = null;
    for (const name of ["inset", "width", "height"]) style.removeProperty(name);
    fit(view, 1);
    colours(theme);
  };
  window.addEventListener("beforeprint", lay);
  window.addEventListener("afterprint", lift);
  // The keys for printing do as the button does: what is drawn in haste may be missing on paper.
  document.addEventListener("keydown", (e) => {
    if (!(e.ctrlKey || e.metaKey) || e.shiftKey || e.altKey || e.key.toLowerCase() !== "p") return;
    e.preventDefault();
    store.print?.();
  });
  store.print = async () => {
    await store.toPaper?.();
    lay();
    await new Promise((resolve) => { setTimeout(resolve, SETTLED); });
    window.print();
    lift(); // where the browser says nothing when it is done
  };
}
