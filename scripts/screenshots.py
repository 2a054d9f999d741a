"""Take pictures of a map as readers see it: desktop, tablet and phone, light and dark, and on paper.

    python scripts/screenshots.py [MAP.html] [-o FOLDER] [--best FILE.png]

Without a map, one is made from ``seeds/``. ``--best`` takes a copy of the one picture that README shows.
The browser has no network. Needs the extra ``test``.
"""

from __future__ import annotations

import argparse
import os
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[1]

#: Width and height of the window in CSS pixels.
SIZES = {"desktop": (1440, 900), "tablet": (768, 1024), "phone": (390, 844), "readme": (1240, 776)}


def table(page: Page) -> None:
    """Show the table."""
    page.locator("#tab-table").click()


def filters(page: Page) -> None:
    """Unfold the filters."""
    table(page)
    page.locator(".filters > summary").click()


def card(page: Page) -> None:
    """Open the first incident's card, from the table: a page of many has no pins to press."""
    table(page)
    page.locator(".table tbody button").first.click()


def sentence(page: Page) -> None:
    """Choose an incident from the article: its sentence, its pin and its card are seen together."""
    chips = page.locator(".sentence .chip")
    if not chips.count():
        card(page)
        return
    shots = page.locator(".sentence .chip[aria-label^='Firing']")
    (shots if shots.count() else chips).first.click()
    page.locator("#legend summary").click()


#: What is done before the picture is taken, by the end of its name.
SCENES: dict[str, Callable[[Page], None]] = {
    "": lambda _: None,
    "-card": card,
    "-table": table,
    "-filters": filters,
    "-sentence": sentence,
}

#: The picture that README shows.
BEST = "readme-light-sentence.png"


def sample(folder: Path) -> Path:
    """Make the map of the sample input and return where it lies."""
    import geo
    import maps
    from gazetteer import Gazetteer

    places = Gazetteer.load()
    article = geo.read_article(ROOT / "seeds" / "dispatch.txt", published="2023-08-23")
    found = geo.find_incidents(article, places)
    everything = geo.combine(found, geo.read_incidents(ROOT / "seeds" / "incidents.csv", places))
    path = folder / "map.html"
    maps.IncidentMap(everything, article=article, mentions=found.attrs["mentions"], places=places).save(path)
    return path


def shoot(path: Path, folder: Path) -> list[Path]:
    """Take every picture of a map; return where they lie."""
    from playwright.sync_api import sync_playwright

    taken = []
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path).exists()
        browser = playwright.chromium.launch(
            executable_path=None if own else shutil.which("chromium"),
            # A browser run by root has no sandbox of its own to use.
            args=["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [],
        )
        for theme in ("light", "dark"):
            for name, (width, height) in SIZES.items():
                for scene, prepare in SCENES.items():
                    if (scene == "-sentence") != (name == "readme"):
                        continue
                    page = browser.new_page(
                        viewport={"width": width, "height": height},
                        color_scheme=theme,
                        reduced_motion="reduce",
                        offline=True,
                    )
                    page.goto(path.absolute().as_uri())
                    page.wait_for_selector("body.ready")
                    prepare(page)
                    page.wait_for_timeout(500)  # the sheet and the names on the map come to rest
                    taken.append(folder / f"{name}-{theme}{scene}.png")
                    page.screenshot(path=taken[-1])
                    if name == "desktop" and not scene:
                        taken.append(folder / f"paper-{theme}.pdf")
                        page.pdf(path=taken[-1], format="A4", prefer_css_page_size=True)
                    page.close()
        browser.close()
    return taken


def main() -> None:
    """Run as a script."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("map", nargs="?", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=ROOT / "build" / "screenshots")
    parser.add_argument("--best", type=Path, help="where to put the picture for README")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        for path in shoot(options.map or sample(Path(folder)), options.output):
            print(path)
            if options.best and path.name == BEST:
                options.best.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, options.best)


if __name__ == "__main__":
    main()
