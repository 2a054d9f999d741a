"""More incidents than one page can carry: counted by squares of the map, type, status and time.

The counts are rows like incidents, each with how many it stands for, so that the page shows, filters and
draws them by the same code.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo.frame import SHOWN_STATUSES
from maps.columns import Coded, IncidentColumns, columns_of, derived, drawing
from maps.packing import curve
from maps.records import days

if TYPE_CHECKING:
    import pandas as pd

#: Squares, codes of kinds, and how many incidents each of them stands for.
Found = tuple[NDArray[np.int64], NDArray[np.uint32], NDArray[np.int64]]

#: So many counts at most.
COUNTS = 600_000

#: Squares are the map's side halved so many times, at most: 2.4 km on the equator.
FINEST = 14

#: From fine to coarse: how often the map's side is halved, and characters kept of a date (7: month, 4: year).
STEPS = [(level, length) for length, least in ((7, 10), (4, 5)) for level in range(FINEST, least - 1, -1)]

#: Circumference of the Earth at the equator in kilometres (WGS 84).
EQUATOR_KM = 40075.017

#: What is counted by, and what is needed to tell what is drawn.
NEEDED = (
    "type",
    "status",
    "date",
    "date_end",
    "located_by",
    "lat",
    "lon",
    "origin_lat",
    "origin_lon",
    "geometry",
)


@dataclass(frozen=True)
class Counted:
    """Incidents by squares.

    Attributes
    ----------
    columns : IncidentColumns
        A row for each square, type, status and month or year, at the square's middle; ``weight`` says how
        many incidents it stands for, ``radius_km`` how far off they may lie. Those with no place have none.
    total : int
        Incidents.
    level : int
        How often the side of the map is halved for the side of a square.
    step : str
        ``month`` or ``year``.
    shown : int
        Incidents that are drawn by default.
    """

    columns: IncidentColumns
    total: int
    level: int
    step: str
    shown: int = 0

    def told(self, rows: str | None) -> dict[str, Any]:
        """Say for the page what was counted, and the name of the file that holds the rows."""
        km = float(f"{EQUATOR_KM / 2**self.level:.2g}")  # on the equator, where they are widest
        return {"total": self.total, "level": self.level, "km": km, "step": self.step, "rows": rows}


class Tally:
    """Counts of incidents that come in batches, by the finest squares, by type, status and month."""

    def __init__(self) -> None:
        self.total = self.shown = 0
        self._kinds: dict[Any, int] = {}
        self._found: list[Found] = []

    def add(self, frame: pd.DataFrame) -> None:
        """Count the incidents of a frame; of a plain one by its columns of coordinates."""
        held = columns_of(frame[[name for name in NEEDED if name in frame.columns]], names=False)
        coded = held.coded
        nothing = Coded([None], np.zeros(len(held), dtype=np.uint32))
        point = derived(
            lambda drawn, line, type_: True if drawn and (line != "arc" or type_ == "visit") else None,
            coded["drawn"], coded["line"], coded["type"],
        )  # fmt: skip
        # Squares are counted from 1; 0 is nowhere.
        squares = np.zeros(len(held), dtype=np.int64)
        somewhere = point.codes > 0
        places = curve(held.lat[somewhere], held.lon[somewhere]) >> np.uint64(64 - 2 * FINEST)
        squares[somewhere] = places.astype(np.int64) + 1
        kinds = derived(
            lambda type_, status, date: (type_, status, _cut(date, 7)),
            coded["type"], coded["status"], coded.get("date", nothing),
        )  # fmt: skip
        numbers = np.array(
            [self._kinds.setdefault(kind, len(self._kinds)) for kind in kinds.values], np.uint32
        )
        self.total += len(held)
        drawn = derived(
            lambda there, status: True if there and status in SHOWN_STATUSES else None,
            coded["drawn"],
            coded["status"],
        )
        self.shown += int((drawn.codes > 0).sum())
        codes = numbers[kinds.codes]
        self._found.append(_counts(squares, codes, np.ones(len(held), np.int64), len(self._kinds)))
        if sum(len(one[0]) for one in self._found) > 4 * COUNTS:
            self._found = [self._summed()]

    def _summed(self) -> Found:
        """Put the counts of all batches together."""
        if not self._found:
            return np.zeros(0, np.int64), np.zeros(0, np.uint32), np.zeros(0, np.int64)
        squares, codes, weight = (np.concatenate(arrays) for arrays in zip(*self._found, strict=True))
        return _counts(squares, codes, weight, len(self._kinds))

    def counted(self, most: int = COUNTS) -> Counted:
        """Give the counts, as finely as `most` of them allow."""
        first = found = self._summed()
        kinds, level, length = Coded(list(self._kinds) or [None], first[1]), FINEST, 7
        for level, length in STEPS:
            squares = np.where(first[0] > 0, ((first[0] - 1) >> 2 * (FINEST - level)) + 1, 0)
            kinds = Coded(list(self._kinds), first[1])
            if length < 7:
                kinds = derived(lambda kind: (kind[0], kind[1], _cut(kind[2], 4)), kinds)
            found = _counts(squares, kinds.codes, first[2], len(kinds.values))
            if len(found[0]) <= most:
                break
        squares, codes, weight = found
        columns = _columns(squares, Coded(kinds.values, codes), weight, level)
        return Counted(columns, self.total, level, "month" if length == 7 else "year", self.shown)


def count(frame: pd.DataFrame, most: int = COUNTS) -> Counted:
    """Count incidents, as finely as `most` counts allow."""
    tally = Tally()
    tally.add(frame)
    return tally.counted(most)


def _counts(
    squares: NDArray[np.int64], codes: NDArray[np.uint32], weight: NDArray[np.int64], kinds: int
) -> Found:
    """Sum weights by square and kind: squares, codes of kinds, sums."""
    key, back = np.unique(squares * kinds + codes, return_inverse=True)
    sums = np.bincount(back, weights=weight, minlength=len(key)).astype(np.int64)
    return key // kinds, (key % kinds).astype(np.uint32), sums


def _cut(date: str | None, length: int) -> str | None:
    """Keep the year, or year and month, of a date that has a year."""
    return date[:length] if date and days(date) else None


def _columns(
    squares: NDArray[np.int64], kinds: Coded, weight: NDArray[np.int64], level: int
) -> IncidentColumns:
    """Make a row of each count."""
    somewhere = squares > 0
    codes = np.where(somewhere, squares - 1, 0)
    x, y = ((_gather(codes >> k) + 0.5) / 2**level for k in (0, 1))
    lat = np.where(somewhere, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y)))), np.nan)
    lon = np.where(somewhere, (x - 0.5) * 360, np.nan)
    corner = EQUATOR_KM / 2**level * np.cos(np.radians(lat)) / np.sqrt(2)
    reach = [None if r != r else float(f"{r:.2g}") for r in corner.tolist()]
    rows = np.arange(len(squares))
    coded = {
        name: derived(lambda kind, at=at: kind[at], kinds)
        for at, name in enumerate(("type", "status", "date"))
    }
    coded |= {"weight": Coded.of(weight.tolist(), rows), "radius_km": Coded.of(reach, rows)}
    columns = IncidentColumns(lat.round(6), lon.round(6), coded, {})
    columns.coded.update(drawing(columns))
    return columns


def _gather(values: NDArray[np.int64]) -> NDArray[np.int64]:
    """Take every second bit."""
    values = values & 0x5555555555555555
    for shift, mask in (
        (1, 0x3333333333333333), (2, 0x0F0F0F0F0F0F0F0F), (4, 0x00FF00FF00FF00FF),
        (8, 0x0000FFFF0000FFFF), (16, 0x00000000FFFFFFFF),
    ):  # fmt: skip
        values = (values | (values >> shift)) & mask
    return values
