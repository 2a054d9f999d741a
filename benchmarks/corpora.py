"""Labelled text for measuring and fitting: published corpora (JSON lines) and our own dispatches."""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from gazetteer.place import Place

#: Within this a place is right in the published corpora, the measure of the literature, km.
NEAR_KM = 161.0

#: Names that the voting paper leaves out of its measure, being large and easy (Hu et al. 2022,
#: arXiv:2209.08286; as its published program lists them).
BIG_NAMES = frozenset(
    ("africa", "algeria", "america", "american", "americans", "asia", "australia", "canada", "canadian",
     "canadians", "china", "chinese", "europe", "european", "india", "middle east", "north africa",
     "north america", "russia", "russian", "russians", "south america", "u.s", "u.s.", "united states",
     "united states of america", "us", "usa", "west africa", "western europe")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Toponym:
    """A labelled span: code points, end exclusive; degrees, None where not located."""

    start: int
    end: int
    lat: float | None
    lon: float | None
    geonameid: int | None
    within_km: float


@dataclass(frozen=True, slots=True)
class Sample:
    """A text with its labels; `complete` is False where countries, divisions and peoples are not labelled."""

    corpus: str
    id: str
    text: str
    toponyms: tuple[Toponym, ...]
    complete: bool


def read_corpus(path: Path) -> list[Sample]:
    """Read lines of ``{"id", "text", "toponyms": [{"start", "end", "lat", "lon", "geonameid"}]}``."""
    samples = []
    # Not splitlines: texts hold line separators of their own (U+2028).
    for line in filter(None, path.read_text("utf-8").split("\n")):
        item = json.loads(line)
        found = tuple(_toponym(t, NEAR_KM) for t in item["toponyms"])
        samples.append(Sample(path.stem, str(item["id"]), item["text"], found, complete=True))
    return samples


def read_dispatches(folder: Path) -> list[Sample]:
    """Read a folder of ``NN.txt`` with ``NN.json``, the labels of `tests/golden`."""
    samples = []
    for path in sorted(folder.glob("*.json")):
        item = json.loads(path.read_text("utf-8"))
        labels = [p for event in item["events"] for p in event["places"]] + item["other_place_mentions"]
        spans = {(p["start"], p["end"]): p for p in labels if "start" in p}
        found = tuple(_toponym(p, max(5.0, p.get("uncertainty_km") or 5.0)) for _, p in sorted(spans.items()))
        text = path.with_suffix(".txt").read_text("utf-8")
        samples.append(Sample(folder.name, path.stem, text, found, complete=False))
    return samples


def _toponym(item: dict[str, Any], within_km: float) -> Toponym:
    return Toponym(
        item["start"], item["end"], item.get("lat"), item.get("lon"), item.get("geonameid"), within_km
    )


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Leave out white space, a leading "the" and a possessive, which corpora label in different ways."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if article := re.match(r"(?i)the\s+", text[start:end]):
        start += article.end()
    for suffix in ("'s", "’s", "'", "’"):
        if text[start:end].endswith(suffix):
            end -= len(suffix)
    return start, end


def km_between(lat1: float, lon1: float, lat2: float, lon2: float) -> float:
    """Great-circle distance in kilometres between points in degrees (haversine, radius 6371)."""
    a, b, c, d = (math.radians(x) for x in (lat1, lon1, lat2, lon2))
    h = math.sin((c - a) / 2) ** 2 + math.cos(a) * math.cos(c) * math.sin((d - b) / 2) ** 2
    return 12742 * math.asin(min(1.0, math.sqrt(h)))


def is_right(place: Place | None, label: Toponym) -> bool:
    """Whether a place is the labelled one: the same GeoNames id, or near enough."""
    if place is None or label.lat is None or label.lon is None:
        return False
    if label.geonameid and place.id == f"geonames:{label.geonameid}":
        return True
    return km_between(place.lat, place.lon, label.lat, label.lon) <= label.within_km
