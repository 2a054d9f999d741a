// A sheet of the map: a canvas that follows its moves and zooms as Leaflet's own renderers do.
/* global L */
import { el } from "./dom.js";

/** The value of a colour of the style. @param {string} name */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

/** What extends it has `draw()`, called when other parts of the map are in view. */
export const Sheet = L.Renderer.extend({
  _initContainer() { this._container = el("canvas", { class: "dateline-canvas", "aria-hidden": "true" }); },
  _destroyContainer() { this._container.remove(); },
  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    const dense = window.devicePixelRatio || 1;
    L.DomUtil.setPosition(this._container, this._bounds.min);
    Object.assign(this._container, { width: Math.round(size.x * dense), height: Math.round(size.y * dense) });
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    this.draw();
  },
  /** The canvas, empty, to paint on in pixels of the layer. @returns {CanvasRenderingContext2D} */
  blank() {
    const context = this._container.getContext("2d");
    const dense = window.devicePixelRatio || 1;
    const { min } = this._bounds;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, this._container.width, this._container.height);
    context.setTransform(dense, 0, 0, dense, -min.x * dense, -min.y * dense);
    return context;
  },
});
