"""Incidents as a table shaped like an export of ACLED, for tools that expect one.

Columns and codes: ACLED Codebook, https://acleddata.com/methodology/acled-codebook. What the frame does not
know (country, divisions, inter codes) stays empty, and so do deaths that nobody counted.
"""

from __future__ import annotations

import csv
import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.files import write_text
from geo.frame import records

if TYPE_CHECKING:
    import geopandas

COLUMNS = (
    "event_id_cnty", "event_date", "year", "time_precision", "disorder_type", "event_type", "sub_event_type",
    "actor1", "assoc_actor_1", "inter1", "actor2", "assoc_actor_2", "inter2", "interaction",
    "civilian_targeting", "iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude",
    "longitude", "geo_precision", "source", "source_scale", "notes", "fatalities", "tags", "timestamp",
)  # fmt: skip

#: geo_precision of each precision of ours; a country is wider than any code of ACLED's.
GEO_PRECISION = {"exact": 1, "settlement": 1, "vicinity": 2, "district": 2, "region": 3, "country": 3}
DISORDER = {
    "Battles": "Political violence", "Explosions/Remote violence": "Political violence",
    "Violence against civilians": "Political violence", "Protests": "Demonstrations",
    "Riots": "Demonstrations", "Strategic developments": "Strategic developments",
}  # fmt: skip


@cache
def _codes() -> dict[str, tuple[str, str]]:
    """ACLED's event and sub-event type for each type of ours."""
    path = Path(__file__).parent / "data" / "types.csv"
    with path.open(encoding="utf-8", newline="") as file:
        return {row["type"]: (row["acled_event"], row["acled_sub_event"]) for row in csv.DictReader(file)}


def write_acled(frame: geopandas.GeoDataFrame, path: Path) -> None:
    """Write a frame with ACLED's 31 columns."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for row in records(frame):
        writer.writerow({name: value for name, value in _row(row).items() if value is not None})
    write_text(path, out.getvalue())


def _row(row: dict[str, Any]) -> dict[str, Any]:
    event, sub_event = _codes()[row["type"]]
    actor1, _, actor2 = (row["actors"] or "").partition("; ")
    year, month, day = _parts(row["date"])
    return {
        "event_id_cnty": row["id"],
        "event_date": row["date"],
        "year": year,
        "time_precision": 1 if day else 3 if month else None,
        "disorder_type": DISORDER[event],
        "event_type": event,
        "sub_event_type": sub_event,
        "actor1": actor1,
        "actor2": actor2,
        "location": row["place"],
        "latitude": row["lat"],
        "longitude": row["lon"],
        "geo_precision": GEO_PRECISION.get(row["precision"] or ""),
        "source": row["source"],
        "notes": row["description"] or row["quote"] or row["title"],
        "fatalities": row["killed"],
        "tags": None if row["status"] == "reported" else row["status"],
    }


def _parts(date: str | None) -> tuple[str, str, str]:
    """Year, month and day of a date; a year nobody stated is left open."""
    year, month, day, *_ = [*(date or "").split("-"), "", "", ""]
    return ("" if year == "XXXX" else year), month, day
