"""Places, a text and ways to make frames, shared by the tests of the map."""

from __future__ import annotations

from typing import Any

import geopandas

from gazetteer.place import Candidate, Place
from geo.frame import COLUMNS, build_frame

TEXT = (
    "Border shots\n\n"
    "On 3 May the ministry in Northtown said its post near Milford came under fire from Eastham.\n\n"
    "Envoys met in Northtown on 2 May. A second round is planned there. Nobody went to Ostrov.\n"
)
NORTHTOWN = Place(
    "local:northtown", "Northtown", 40.38, 49.89,
    {"az": ("Şimalşəhər",), "hy": ("Հյուսիս",), "ru": ("Северск", "Северный")},
    "P.PPLC", "AZ", "North Region", radius_km=12.0, source="made up",
)  # fmt: skip
MILFORD = Place(
    "local:milford", "Milford", 40.2, 45.85, {"hy": ("Միլ",)}, "P.PPL", "AZ", "Mills", radius_km=2.0
)
EASTHAM = Place("local:eastham", "Eastham", 40.12, 45.70, {}, "P.PPL", "AM", "East", radius_km=3.0)
OSTROVS = tuple(
    Candidate(
        Place(f"local:ostrov-{n}", "Ostrov", 50.0 + n, 40.0 + n, country="RU"), 0.3, "exact", ("same name",)
    )
    for n in range(3)
)

HOSTILE = "</script><img src=x onerror=alert(1)>${alert(2)}`\\'\"&amp;\u202egnp.exe\u2028{{7*7}}"


def quoted(words: str) -> dict[str, Any]:
    start = TEXT.index(words)
    return {"start": start, "end": start + len(words), "quote": words, "document": "shots.txt"}


def located(place: Place, prefix: str = "") -> dict[str, Any]:
    name, key = ("origin", "origin_") if prefix else ("place", "")
    return {name: place.name, f"{name}_id": place.id, f"{key}lat": place.lat, f"{key}lon": place.lon}


def frame_of(rows: list[dict[str, Any]], **attrs: Any) -> geopandas.GeoDataFrame:
    frame = build_frame({name: [row.get(name) for row in rows] for name in COLUMNS})
    frame.attrs.update(attrs)
    return frame
