// Long work in steps: between two of them the browser draws, and answers the reader.

/** Milliseconds that work may take before the browser is let in; from 50 on it is felt, see https://w3c.github.io/longtasks/. */
const LONG = 40;

/** Let the browser in. @returns {Promise<void>} */
export function breathe() {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { port1.close(); resolve(); };
    port2.postMessage(null);
  });
}

/** When what was changed is painted; soon, where nothing is: in a tab that is not seen. @returns {Promise<void>} */
export function painted() {
  return new Promise((resolve) => {
    const done = () => { clearTimeout(late); breathe().then(resolve); };
    const late = setTimeout(done, 100);
    requestAnimationFrame(done);
  });
}

/** When the whole of the file is read. @returns {Promise<void>} */
export function arrived() {
  return document.readyState !== "loading" ? Promise.resolve()
    : new Promise((resolve) => document.addEventListener("DOMContentLoaded", () => resolve(), { once: true }));
}

/** A pause for loops, taken when the work since the last has been long. @returns {() => Promise<void> | undefined} */
export function pauses() {
  let last = performance.now();
  return () => (performance.now() - last < LONG ? undefined : breathe().then(() => { last = performance.now(); }));
}
