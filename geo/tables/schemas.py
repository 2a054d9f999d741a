"""Known kinds of tables, each described in ``geo/data/schemas``: told by their headings, or else by cells."""

from __future__ import annotations

import csv
import re
import tomllib
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from geo.tables.words import key

DATA = Path(__file__).parents[1] / "data"

#: So many headings that no other kind of table has give one away.
TELLING = 4
#: Columns that may be missing at the end of a table without headings, and that may stand around its own.
MISSING, ADDED = 4, 5
#: Share of the cells looked at that must look as they do in that kind of table.
LIKE = 0.8


@dataclass(frozen=True, slots=True)
class Schema:
    """A kind of table that is known by its headings, as described in ``geo/data/schemas``.

    Attributes
    ----------
    name : str
    required : tuple of frozenset of str
        Sets of headings, each of which gives it away.
    telling : frozenset of str
        Headings of which `TELLING` together give it away too, whatever was added, lost or renamed.
    fields : mapping of str to str
        Heading to field; where several fill one field, the surest first. "tags" are labels of all sorts:
        some tell the type, and the others are none.
    headless : tuple of tuple of str
        Headings of the variants that come without any, the latest first.
    cells : mapping of str to re.Pattern
        How the cells of some columns look, by which tables without headings are told.
    date_order : str or None
        Order of day and month in dates such as 03/04/2023.
    types : mapping of str to str
        What its words or codes mean among our types.
    precision : mapping of str to mapping
        Its precision codes as ``precision`` and ``radius_km``.
    date_precision : mapping of str to str
        Its codes for dates known only to the ``month`` or ``year``.
    countries : str or None
        ``"fips"`` where its countries are FIPS 10-4 codes.
    directed : bool
        Whether the first actor is said to have done it to the second.
    open : bool
        Whether other columns are recognised by their headings, since its tables vary.
    """

    name: str
    required: tuple[frozenset[str], ...]
    telling: frozenset[str]
    fields: Mapping[str, str]
    headless: tuple[tuple[str, ...], ...] = ()
    cells: Mapping[str, re.Pattern[str]] = field(default_factory=dict)
    date_order: str | None = None
    types: Mapping[str, str] = field(default_factory=dict)
    precision: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    date_precision: Mapping[str, str] = field(default_factory=dict)
    countries: str | None = None
    directed: bool = False
    open: bool = False

    def known_by(self, headings: Set[str]) -> int:
        """How many of these headings, squeezed, give such a table away; 0 if they are those of another."""
        telling = len(self.telling & headings)
        least = telling if telling >= TELLING else 0
        return max((len(wanted) for wanted in self.required if wanted <= headings), default=least)


def squeezed(heading: str) -> str:
    """Bring a heading to its letters and figures: ``EventDate`` and ``event_date`` are one."""
    return key(heading).replace(" ", "")


@cache
def schemas() -> tuple[Schema, ...]:
    """All known schemas."""
    found = []
    for path in sorted((DATA / "schemas").glob("*.toml")):
        table = tomllib.loads(path.read_text("utf-8"))
        found.append(
            Schema(
                name=table["name"],
                required=tuple(frozenset(map(squeezed, headings)) for headings in table["required"]),
                telling=frozenset(map(squeezed, table.get("telling", ()))),
                fields={squeezed(heading): name for heading, name in table["fields"].items()},
                headless=tuple(tuple(headings) for headings in table.get("headless", ())),
                cells={name: re.compile(pattern) for name, pattern in table.get("cells", {}).items()},
                date_order=table.get("date_order"),
                types=table.get("types", {}),
                precision=table.get("precision", {}),
                date_precision=table.get("date_precision", {}),
                countries=table.get("countries"),
                directed=table.get("directed", False),
                open=table.get("open", False),
            )
        )
    return tuple(found)


def by_headings(headings: Sequence[str]) -> Schema | None:
    """Give the schema that headings give away; None for those of no known kind."""
    have = {squeezed(heading) for heading in headings}
    best = max(schemas(), key=lambda schema: schema.known_by(have))
    return best if best.known_by(have) else None


def by_cells(rows: Sequence[Sequence[str]], width: int) -> tuple[Schema, tuple[str, ...]] | None:
    """Tell the schema of a table without headings by what its cells look like.

    Rows that are odd do not matter, nor do columns added before or behind, nor some cut off at the end.

    Parameters
    ----------
    rows : sequence of sequence of str
        The first ones.
    width : int
        Columns of the table.

    Returns
    -------
    Schema, tuple of str or None
        With a heading for every column.
    """
    found: list[tuple[float, int, Schema, tuple[str, ...]]] = []
    for schema in schemas():
        for headings in schema.headless:
            for before in range(min(ADDED, max(0, width - len(headings))) + 1):
                added = width - before - len(headings)
                if not -MISSING <= added <= ADDED:
                    continue
                names = (
                    *(f"column {at + 1}" for at in range(before)),
                    *headings[: width - before],
                    *(f"column {at + 1}" for at in range(width - added, width)),
                )
                if (share := _alike(rows, names, schema.cells)) >= LIKE:
                    found.append((share, -abs(added) - before, schema, names))
    best = max(found, key=lambda one: one[:2], default=None)
    return best and best[2:]


def _alike(
    rows: Sequence[Sequence[str]], names: Sequence[str], cells: Mapping[str, re.Pattern[str]]
) -> float:
    """Share of the cells with a known look that have it; rows of blanks or of a few cells are left aside."""
    looks = [(names.index(name), pattern) for name, pattern in cells.items() if name in names]
    whole = [row for row in rows if sum(bool(cell.strip()) for cell in row) > len(looks)]
    fits = [bool(pattern.fullmatch(row[at].strip())) for row in whole for at, pattern in looks]
    return sum(fits) / len(fits) if fits else 0.0


@cache
def country_codes(standard: str) -> dict[str, str]:
    """Give ISO 3166-1 alpha-2 codes by those of another standard, such as ``"fips"``."""
    with (DATA / f"{standard}.csv").open(encoding="utf-8", newline="") as file:
        return {row[standard]: row["iso"] for row in csv.DictReader(line for line in file if line[0] != "#")}
