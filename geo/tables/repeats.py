"""Rows of one table that tell the same again: merged, all their sources kept; and an id for every row."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pandas as pd

from geo.factors import Array, Column, together
from geo.frame import COLUMNS
from geo.tables.rows import DUPLICATE, Rows

#: What a row tells of the incident; who tells it is left aside. Words last.
CONTENT = (
    "type", "date", "date_end", "time", "place", "lat", "lon", "killed", "wounded", "actors",
    "title", "description", "quote",
)  # fmt: skip
#: The part of it that is compared for all rows at once.
TOLD = ("type", "date", "place", "lat", "lon", "killed")
WORDS = slice(CONTENT.index("title"), None)

Content = tuple[str, ...]


def name_rows(rows: Rows) -> None:
    """Give every row an id: its own, or one made of what it says, the same at every reading."""
    idents = rows.cells("id")
    if idents.filled.all():
        rows.data["id"] = idents
        return
    rows.data["id"] = [
        ident or (f"row-{_digest(content_of(rows, row))}" if rows.live(row) else "")
        for row, ident in enumerate(idents)
    ]


def content_of(rows: Rows, row: int) -> Content:
    """Bring what a row tells to a form that can be compared."""
    return tuple(_same(rows.value(name, row)) for name in CONTENT)


def _suspects(rows: Rows) -> list[int]:
    """Rows still alive that share an id, or the kind, time and place, with another: only they may repeat."""
    ids = rows.data["id"]
    ids = ids if isinstance(ids, Column) else Column.of(ids)
    columns: list[Array] = []
    for name in TOLD:
        told = rows.data[name]
        if isinstance(told, np.ndarray) and told.dtype != object:
            told = np.round(told, 4)
        elif isinstance(told, Column):
            told = told.texts(_same)
        columns.append(pd.factorize(told)[0].astype(np.int64) + 1)
    alike, _ = together(columns)
    alive = rows.alive
    again = np.zeros(rows.size, bool)
    for codes in (ids.codes, alike):
        again |= np.bincount(codes[alive], minlength=int(codes.max(initial=0)) + 1)[codes] > 1
    return np.flatnonzero(again & alive).tolist()


def merge_repeats(rows: Rows) -> None:
    """Merge rows that tell the same again; give different rows of one id ids of their own.

    Rows are the same when all they tell is the same, unless each has an id of its own; or when they have
    one id and agree on what, when and where, whatever was edited in their text.
    """
    given = rows.cells("id")
    first_of: dict[Content, int] = {}
    owner: dict[str, int] = {}
    for row in _suspects(rows):
        content, ident = content_of(rows, row), rows.data["id"][row]
        twin, namesake = first_of.get(content), owner.get(ident)
        if twin is not None and (twin == namesake or not (given[row] and given[twin])):
            _merge(rows, row, twin)
            continue
        if namesake is not None:
            if _agree(content, content_of(rows, namesake)):
                _merge(rows, row, namesake)
                continue
            fresh = f"{ident}-{_digest(content)}"
            rows.warn(
                row,
                f'{rows.heading("id")}: "{ident}" is the id of row {namesake + 1} too, which differs: '
                f"imported as {fresh}",
            )
            ident = fresh
            rows.put("id", row, fresh)
        elif twin is not None and any(content[WORDS]):
            rows.warn(row, f"the same as row {twin + 1} but for its id: both are kept")
        owner[ident] = row
        first_of.setdefault(content, row)


def _agree(one: Content, other: Content) -> bool:
    """Tell whether two rows agree on what, when and where."""
    return all(
        one[at] == other[at]
        for at, name in enumerate(CONTENT)
        if name in ("type", "date", "place", "lat", "lon")
    )


def _merge(rows: Rows, row: int, into: int) -> None:
    for name in ("source", "url"):
        told = [part for at in (into, row) for part in (rows.value(name, at) or "").split("; ") if part]
        rows.put(name, into, "; ".join(dict.fromkeys(told)))
    for name in COLUMNS:
        if rows.value(name, into) is None and rows.value(name, row) is not None:
            rows.put(name, into, rows.value(name, row))
    rows.messages.setdefault(row, []).append(f"the same as row {into + 1}: merged into it, sources kept")
    rows.outcome[row] = DUPLICATE


def _same(value: object) -> str:
    """Bring a value to its form for comparing: blanks and case aside, coordinates to some 10 m."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.4f}"
    return " ".join(str(value).casefold().split())


def _digest(content: Sequence[str]) -> str:
    return hashlib.blake2s("\x1f".join(content).encode("utf-8", "replace"), digest_size=5).hexdigest()
