"""How large a page is and how soon it can be used: `maps.IncidentMap` against folium's FastMarkerCluster.

    python -m benchmarks.pages [--sizes 10000 100000 1000000] [--no-peer] [--folder FOLDER]

Both sides in turns, in one headless Chromium with no network, Leaflet inlined for the peer as it is for us.
The incidents are made up: real towns of the gazetteer, half of them spread around, dates of seven years,
actors and sources of a few words. The peer's markers carry in a popup, as one line, the columns that our
cards show; jQuery and Bootstrap, which folium's page asks for too, are left out, in the peer's favour.
Usable: markers are on the map, painted, and the browser answers; what a reader presses then is done at
once, or as soon as what it needs is read. Work: processor time of the page's own thread until then. Card:
how long after that very moment a press on a symbol shows its card. Complete: all that the page has is
there. Longest: the longest task from first to last. `text` adds a title and a quote to each incident, on
our side alone.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import folium
import geopandas
import numpy as np
from folium.plugins import FastMarkerCluster
from playwright.sync_api import Browser, Page, sync_playwright

from gazetteer import Gazetteer
from geo.frame import build_frame
from maps import IncidentMap, assets

WORDS = np.array(["convoy", "bridge", "market", "depot", "school", "ridge", "station", "rally"], object)
ACTORS = np.array(["Army; Militia", "Army", "Militia; Civilians", "Police; Protesters", "Protesters"], object)
SOURCES = np.array(["North Wire", "Daily Ledger", "Valley Radio", "The Courier", "Coast Agency"], object)
TYPES = np.array(["shelling", "air_strike", "clash", "attack", "protest", "riot", "meeting"], object)
STATUSES = np.array(["reported", "claimed", "contested", "denied", "planned"], object)
POPUP = ("type", "status", "date", "place", "actors", "killed", "wounded", "source")

#: Run before the page's own scripts: notes long tasks, and when the frame with the first markers is painted.
#: Leaflet asks for the ``namespaces`` of an old browser; under an inspector, as here, the error that follows
#: makes V8 read all of Leaflet twice more, which no reader's browser does: on both sides it finds some.
WATCH = """
document.namespaces = { add() {} };
window.long = [];
new PerformanceObserver((list) => { for (const e of list.getEntries()) long.push(e.duration); })
  .observe({ type: "longtask", buffered: true });
new MutationObserver((_, observer) => {
  if (document.querySelector("body.ready")) {
    window.complete = performance.now();
    observer.disconnect();
  }
  if (window.seen || !document.querySelector("body.usable, .leaflet-marker-icon")) return;
  window.seen = true;
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      window.usable = performance.now();
      performance.mark("usable");
      window.pressed?.();
      port1.close();
    };
    port2.postMessage(null);
  });
}).observe(document, { childList: true, subtree: true, attributeFilter: ["class"] });
"""
#: Presses a symbol as soon as the page can be used, by the buttons that the keyboard walks through.
PRESS = """
window.pressed = async () => {
  const started = performance.now();
  const met = async (find) => {
    for (let node = find(); ; node = find()) {
      if (node) return node;
      await new Promise(requestAnimationFrame);
    }
  };
  document.querySelector(".walk-entry").click();
  await met(() => document.querySelector(".walk button:not(.walk-entry)"));
  const marks = [...document.querySelectorAll(".walk button:not(.walk-entry)")];
  const symbol = marks.find((mark) => !mark.getAttribute("aria-label").includes("incidents close"));
  if (!symbol) { window.card = NaN; return; }
  symbol.click();
  await met(() => document.querySelector(".card h2"));
  window.card = performance.now() - started;
};
"""
#: Moves the map by hand, frame by frame: milliseconds between frames, and the work of each.
PAN = """async () => {
  const map = window[document.querySelector(".folium-map").id], work = [];
  map.setView([48, 20], 6, { animate: false });
  await new Promise((r) => setTimeout(r, 500));
  for (let k = 0; k < 40; k += 1) {
    await new Promise(requestAnimationFrame);
    const t = performance.now();
    map.panBy([k % 20 < 10 ? 30 : -30, 12 * (k % 3 - 1)], { animate: false });
    work.push(performance.now() - t);
  }
  return work;
}"""
#: Changes a control and waits until what follows from it is painted.
CHANGE = """async ([selector, value]) => {
  const node = document.querySelector(selector);
  const t = performance.now();
  if (node.type === "checkbox") node.click();
  else { node.value = value; node.dispatchEvent(new Event("input", { bubbles: true })); }
  await new Promise((r) => requestAnimationFrame(() => setTimeout(r)));
  return performance.now() - t;
}"""


def incidents(count: int, places: Gazetteer, *, text: bool) -> geopandas.GeoDataFrame:
    """Make incidents up."""
    rng = np.random.default_rng(7)
    towns = rng.choice(np.flatnonzero(np.asarray(places.feature_class) == "P"), 8000, replace=False)
    weight = rng.pareto(1.1, len(towns)) + 0.05
    at = rng.choice(len(towns), count, p=weight / weight.sum())
    names, ids = (
        np.array([read(int(town)) for town in towns], object)
        for read in (places.name, lambda row: places.place(row).id)
    )
    spread = rng.random(count) < 0.5
    lat, lon = (
        np.round(np.asarray(axis, float)[towns][at] + np.where(spread, rng.normal(0, 0.1, count), 0), 5)
        for axis in (places.lat, places.lon)
    )
    day = (np.datetime64("2018-01-01") + rng.integers(0, 2500, count)).astype(str).astype(object)
    day[rng.random(count) < 0.01] = None
    columns: dict[str, Any] = {
        "id": np.array([f"EV{k:07d}" for k in range(count)], object),
        "type": rng.choice(TYPES, count),
        "status": rng.choice(STATUSES, count, p=[0.8, 0.12, 0.04, 0.02, 0.02]),
        "date": day, "place": names[at], "place_id": ids[at], "lat": np.clip(lat, -85, 85),
        "lon": np.clip(lon, -180, 180), "radius_km": np.where(spread, np.nan, 5.0),
        "precision": np.where(spread, "exact", "settlement").astype(object),
        "located_by": np.where(spread, "coordinates", "gazetteer").astype(object),
        "confidence": rng.choice([0.6, 0.8, 0.9, 0.95], count), "actors": rng.choice(ACTORS, count),
        "killed": rng.poisson(0.6, count).astype(float), "wounded": rng.poisson(1.0, count).astype(float),
        "source": rng.choice(SOURCES, count),
    }  # fmt: skip
    if text:
        words = rng.choice(WORDS, (count, 4))
        columns["title"] = np.array(
            [f"{p}: {a} and {b}" for p, a, b in zip(names[at], words[:, 0], words[:, 1], strict=True)], object
        )
        columns["quote"] = np.array(
            [
                f"Residents of {p} said that the {a} was hit and the {b} closed."
                for p, a, b in zip(names[at], words[:, 2], words[:, 3], strict=True)
            ],
            object,
        )
    return build_frame(columns)


def peer(frame: geopandas.GeoDataFrame, path: Path, *, popups: bool = True) -> None:
    """Write the peer's page, its libraries inlined as ours are."""
    columns = [frame["lat"].tolist(), frame["lon"].tolist()]
    if popups:
        lines = frame[list(POPUP)].astype("string").fillna("").agg(", ".join, axis=1)
        columns.append(lines.tolist())
    callback = (
        "function (row) { var m = L.marker(new L.LatLng(row[0], row[1])); m.bindPopup(row[2]); return m; }"
        if popups
        else None
    )
    m = folium.Map(location=[30, 20], zoom_start=2, tiles=None, maxZoom=18)
    FastMarkerCluster([list(row) for row in zip(*columns, strict=True)], callback=callback).add_to(m)
    html = re.sub(r"<(script src|link)[^>]*>(</script>)?", "", m.get_root().render())
    scripts = "".join(
        f"<script>{code}</script><style>{css}</style>"
        for code, css in (assets.leaflet(), assets.markercluster())
    )
    path.write_text(html.replace("<head>", f"<head>{scripts}", 1), "utf-8")


def opened(
    browser: Browser,
    path: Path,
    *,
    width: int = 1440,
    height: int = 900,
    slower: int = 1,
    press: bool = False,
) -> tuple[Page, dict[str, float]]:
    """Open a page; measure until it can be used, and until it is complete."""
    page = browser.new_context(viewport={"width": width, "height": height}, offline=True).new_page()
    page.set_default_timeout(600_000)
    page.add_init_script(WATCH)
    if press:
        page.add_init_script(PRESS)
    cdp = page.context.new_cdp_session(page)
    if slower > 1:
        cdp.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    page.goto(path.absolute().as_uri(), wait_until="commit")
    wanted = "window.usable > 0 && (!window.dateline || window.complete > 0)" + press * " && 'card' in window"
    patience = time.monotonic() + 240
    while not page.evaluate(wanted):  # the page's policy forbids Playwright's own way to wait
        if time.monotonic() > patience:
            raise TimeoutError(f"{path}: no marker came in four minutes.")
        time.sleep(0.05)
    page.wait_for_timeout(300)
    cdp.send("HeapProfiler.collectGarbage")
    found = page.evaluate(
        "({ usable: usable / 1000, complete: (window.complete ?? usable) / 1000,"
        " longest: Math.max(0, ...long) / 1000, ...('card' in window && { card: card / 1000 }) })"
    )
    found["heap"] = page.evaluate("performance.memory.usedJSHeapSize / 1e6")
    return page, found


def work(browser: Browser, path: Path) -> float:
    """Open a page; seconds of processor time that its own thread takes until it can be used."""
    browser.start_tracing(categories=["toplevel", "blink.user_timing"])
    page, found = opened(browser, path)
    events = json.loads(browser.stop_tracing())["traceEvents"]
    page.context.close()
    end = next(e for e in events if e["name"] == "usable" and "blink.user_timing" in e["cat"])
    start = end["ts"] - found["usable"] * 1e6
    return sum(
        e.get("tdur", 0) / 1e6
        for e in events
        if e["name"].endswith("RunTask")
        and (e["pid"], e["tid"]) == (end["pid"], end["tid"])
        and start <= e["ts"] <= end["ts"]
    )


def best(browser: Browser, paths: Sequence[Path], runs: int, **window: int) -> list[dict[str, float]]:
    """Open pages several times, in turns; of each keep the lowest figure of each kind."""
    found: list[list[dict[str, float]]] = [[] for _ in paths]
    for _ in range(runs):
        for path, kept in zip(paths, found, strict=True):
            page, figures = opened(browser, path, **window)
            page.context.close()
            kept.append(figures)
    return [{name: min(f[name] for f in kept) for name in kept[0]} for kept in found]


def used(browser: Browser, path: Path) -> dict[str, float]:
    """Pan, filter and brush a page; milliseconds, the median and the greatest."""
    page, _ = opened(browser, path)
    pans = page.evaluate(PAN)
    page.evaluate("document.querySelector('.filters').open = true")
    page.wait_for_timeout(500)
    changes = [
        page.evaluate(CHANGE, step)
        for value in range(1, 6)
        for step in (
            [".handles input", value], ["#legend fieldset input", None], [".facets input", None],
            [".thresholds input[type=range]", value / 10],
        )
    ]  # fmt: skip
    page.context.close()
    return {
        "pan median": float(np.median(pans)), "pan max": max(pans),
        "change median": float(np.median(changes)), "change max": max(changes),
    }  # fmt: skip


def told(what: str, figures: dict[str, float], path: Path) -> None:
    """Print figures of one page."""
    said = (f"{name} {value:.3f}" for name, value in figures.items())
    print(f"{what:32} {path.stat().st_size / 1e6:7.2f} MB", *said, flush=True)


def main() -> None:
    """Run as a script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", nargs="+", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--folder", type=Path, help="where to keep the pages")
    options = parser.parse_args()
    places = Gazetteer.load()
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        folder = options.folder or Path(scratch)
        own = Path(playwright.chromium.executable_path).exists()
        browser = playwright.chromium.launch(
            executable_path=None if own else shutil.which("chromium"), args=["--no-sandbox"]
        )
        for count in options.sizes:
            plain, texts = (folder / f"dateline-{count}{text}.html" for text in ("", "-text"))
            frame = incidents(count, places, text=False)
            for path in (plain, texts):
                shown = frame if path == plain else incidents(count, places, text=True)
                started = time.perf_counter()
                IncidentMap(shown, places=places).save(path)
                print(f"{path.stem}: built in {time.perf_counter() - started:.2f} s")
            pages = [plain, texts]
            if not options.no_peer:
                other = folder / f"peer-{count}.html"
                peer(frame, other, popups=False)
                print(f"FastMarkerCluster, coordinates alone: {other.stat().st_size / 1e6:.2f} MB")
                peer(frame, other)
                pages.append(other)
            if count > 200_000 and not options.no_peer:  # the peer takes minutes
                figures = [*best(browser, pages[:2], options.runs), *best(browser, pages[2:], 1)]
            else:
                figures = best(browser, pages, options.runs)
            for path, found in zip(pages, figures, strict=True):
                told(path.stem, found, path)
            if count <= 200_000:
                told(f"{plain.stem}, work", {"work": min(work(browser, plain) for _ in range(2))}, plain)
            if not options.no_peer:
                print(f"{count:,}: usable {figures[2]['usable'] / figures[0]['usable']:.1f} times sooner")
                if count <= 200_000:
                    told(f"{other.stem}, work", {"work": min(work(browser, other) for _ in range(2))}, other)
            (pressed,) = best(browser, [texts], options.runs, press=True)
            told(f"{texts.stem}, pressed", {"card": pressed["card"]}, texts)
            told(f"{texts.stem}, used", used(browser, texts), texts)
            (phone,) = best(browser, [texts], 1, width=390, height=844, slower=4)
            told(f"{texts.stem}, phone at 1/4", phone, texts)
        browser.close()


if __name__ == "__main__":
    main()
