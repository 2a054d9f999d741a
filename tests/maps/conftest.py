"""Frames to draw, and a browser that has no network."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import pytest
from map_samples import EASTHAM, HOSTILE, MILFORD, NORTHTOWN, OSTROVS, TEXT, frame_of, located, quoted
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from gazetteer.place import Candidate, Place
from geo.articles import Article
from geo.mentions import Mention
from maps import IncidentMap


@pytest.fixture
def article() -> Article:
    return Article(
        TEXT, "Border shots", "2024-05-04", "The Gazette", "https://example.org/shots", "shots.txt"
    )


@pytest.fixture
def mentions() -> list[Mention]:
    def at(words: str, place: Place | None, after: int = 0, **kwargs: Any) -> Mention:
        start = TEXT.index(words, after)
        return Mention(start, start + len(words), words, "literal", place, **kwargs)

    return [
        at("Northtown", NORTHTOWN, confidence=0.9, why="a capital"),
        at("Milford", MILFORD, confidence=0.8),
        at("Eastham", EASTHAM, confidence=0.8),
        at("Northtown", NORTHTOWN, TEXT.index("Envoys"), confidence=0.9),
        at("Ostrov", None, confidence=0.0, candidates=OSTROVS, why="three share the name"),
    ]


@pytest.fixture
def incidents() -> geopandas.GeoDataFrame:
    shots = "its post near Milford came under fire from Eastham"
    return frame_of(
        [
            {"id": "a", "type": "firing", "status": "claimed", "title": "Post comes under fire",
             "date": "2024-05-03", "time": "02:10", "radius_km": 10, "precision": "vicinity",
             "located_by": "gazetteer", "confidence": 0.86, "weapon": "small arms", "actors": "Guard; Army",
             "source": "The ministry", **located(MILFORD), **located(EASTHAM, "origin"), **quoted(shots)},
            {"id": "b", "type": "meeting", "status": "reported", "title": "Envoys meet", "date": "2024-05-02",
             "precision": "settlement", "radius_km": 12, "located_by": "gazetteer", "confidence": 0.95,
             **located(NORTHTOWN), **quoted("Envoys met in Northtown on 2 May.")},
            {"id": "c", "type": "call", "status": "reported", "title": "Ministers call", "date": "2024-05-02",
             "located_by": "inferred", "precision": "settlement", "confidence": 0.6,
             **located(NORTHTOWN), **located(EASTHAM, "origin")},
            {"id": "d", "type": "meeting", "status": "planned", "title": "Second round",
             "located_by": "gazetteer", "precision": "settlement", "radius_km": 12, **located(NORTHTOWN),
             **quoted("A second round is planned there.")},
            {"id": "e", "type": "arrest", "status": "reported", "title": "Arrest somewhere",
             "date": "XXXX-08-23"},
            {"id": "f", "type": "clash", "status": "denied", "title": "No clash", "date": "2024-05-03",
             "located_by": "gazetteer", "precision": "settlement", "radius_km": 2, **located(MILFORD)},
        ],
        why={"a": "Milford is the only one in the country"},
    )  # fmt: skip


@pytest.fixture
def hostile() -> tuple[geopandas.GeoDataFrame, Article, list[Mention]]:
    """A frame, an article and mentions that attack the page through every field that takes text."""
    text_fields = ("title", "description", "place", "place_id", "origin", "origin_id", "actors", "weapon",
                   "source", "document", "quote", "time")  # fmt: skip
    row: dict[str, Any] = dict.fromkeys(text_fields, HOSTILE)
    row |= {"id": f"x{HOSTILE}", "type": HOSTILE, "status": "reported", "date": "2024-05-03", "lat": 40.0,
            "lon": 45.0, "origin_lat": 40.2, "origin_lon": 45.4, "radius_km": 5, "start": 0,
            "end": len(HOSTILE), "url": "javascript:alert(3)", "located_by": "coordinates"}  # fmt: skip
    place = Place(
        HOSTILE, HOSTILE, 40.5, 45.5, {"en": (HOSTILE,)}, "P.PPL", "AZ", HOSTILE, HOSTILE, note=HOSTILE
    )
    article = Article(HOSTILE, HOSTILE, "2024-05-04", HOSTILE, "javascript:alert(4)", HOSTILE)
    mentions = [
        Mention(
            0, 9, HOSTILE[:9], "literal", place, 0.4, (Candidate(place, 0.4, "exact", (HOSTILE,)),), HOSTILE
        ),
        Mention(10, 20, HOSTILE[10:20], "literal", None, 0.0, (), HOSTILE),
    ]
    return frame_of([row], why={row["id"]: HOSTILE}), article, mentions


def _chromium() -> str | None:
    """Find a system's Chromium; None leaves the choice to Playwright, which may have its own."""
    return next(
        (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))),
        None,
    )


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    # A browser run by root has no sandbox of its own to use.
    arguments = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        own = Path(playwright.chromium.executable_path)
        path = None if own.exists() else _chromium()
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


class Visit:
    """A page opened in the browser, with what went wrong in it and what it asked of the network."""

    def __init__(self, context: BrowserContext) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page: Page = context.new_page()
        self.page.set_default_timeout(15_000)
        context.route(lambda url: not url.startswith(("file:", "data:")), self._refuse)
        self.page.on(
            "console", lambda m: self.errors.append(m.text) if m.type in {"error", "warning"} else None
        )
        self.page.on("pageerror", lambda e: self.errors.append(str(e)))
        self.page.on("dialog", lambda d: (self.errors.append(f"dialog: {d.message}"), d.dismiss()))

    def _refuse(self, route: Any) -> None:
        self.requests.append(route.request.url)
        route.abort()

    def check(self) -> None:
        assert self.errors == []
        assert self.requests == []


@pytest.fixture
def visit(browser: Browser, tmp_path: Path) -> Iterator[Callable[..., Visit]]:
    """Save a map, open it with the network blocked; at the end nothing may have gone wrong or out."""
    opened: list[tuple[BrowserContext, Visit, bool]] = []

    def go(
        shown: IncidentMap | str, *, width: int = 1280, height: int = 800, strict: bool = True, **context: Any
    ) -> Visit:
        path = tmp_path / f"map-{len(opened)}.html"
        if isinstance(shown, str):
            path.write_text(shown, "utf-8")
        else:
            shown.save(path)
        tab = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce", **context
        )
        visited = Visit(tab)
        opened.append((tab, visited, strict))
        visited.page.goto(path.as_uri())
        if not isinstance(shown, str):
            visited.page.wait_for_selector("body.ready")
        return visited

    yield go
    for tab, visited, strict in opened:
        if strict:
            visited.check()
        tab.close()
