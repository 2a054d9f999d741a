"""Rows of one table that tell the same again: merged, all their sources kept; and an id for every row.

Rows are the same when all they tell is the same, unless each has an id of its own; or when they have one id
and agree on what, when and where, whatever was edited in their text; or when different sources tell them in
like words of one minute and spot (`geo.tables.retold`). Rows are compared by hashes (`geo.tables.keys`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from geo.factors import Array, Column
from geo.frame import COLUMNS
from geo.tables.keys import AGREED, CONTENT, WORDS, Keys, compared, float_hashes, mixed_hashes, text_hashes
from geo.tables.outcomes import WARNED
from geo.tables.retold import find_retold
from geo.tables.rows import Rows

if TYPE_CHECKING:
    import pyarrow as pa

    from geo.tables.outcomes import Ledger

#: Columns that merged rows join.
JOINED = ("source", "url")


def name_rows(rows: Rows) -> None:
    """Give every row an id: its own, or one made of what it says, the same at every reading."""
    idents = rows.cells("id")
    if idents.filled.all():
        rows.data["id"] = idents
        return
    nameless = np.flatnonzero(rows.alive & ~idents.filled)
    texts = [_texts(rows.data[name], nameless) for name in CONTENT]
    fresh = iter([f"row-{_digest(content)}" for content in zip(*texts, strict=True)])
    made = dict(zip(nameless.tolist(), fresh, strict=True))
    rows.data["id"] = Column.of(ident or made.get(row, "") for row, ident in enumerate(idents))


def _texts(column: Column | Array, rows: Array) -> list[str]:
    """Bring the values of rows to a form that can be compared."""
    if isinstance(column, np.ndarray):
        return ["" if value != value else compared(value) for value in column[rows].tolist()]
    if "array" in column.__dict__:
        import pyarrow as pa

        return [compared(text) for text in column.array.take(pa.array(rows)).to_pylist()]
    same = [compared(text) for text in column.values]
    return [same[code] for code in column.codes[rows].tolist()]


def _digest(content: Sequence[str]) -> str:
    return hashlib.blake2s("\x1f".join(content).encode("utf-8", "replace"), digest_size=5).hexdigest()


@dataclass(slots=True)
class Repeats:
    """What is to be done with rows that repeat others, by their position among the incidents.

    Attributes
    ----------
    dropped : ndarray of int64
        Rows merged into others, in order.
    changes : dict of int to dict
        Values that rows get instead of their own.
    """

    dropped: Array
    changes: dict[int, dict[str, Any]]

    def __bool__(self) -> bool:
        return bool(len(self.dropped) or self.changes)

    def apply(self, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """Give the tables as they are to be."""
        import pyarrow as pa

        changed = np.array(sorted(self.changes), np.int64)
        start = 0
        for table in tables:
            size = table.num_rows
            order = np.arange(size)
            here = changed[slice(*np.searchsorted(changed, [start, start + size]))]
            if len(here):
                told = table.take(pa.array(here - start)).to_pylist()
                fresh = [one | self.changes[row] for one, row in zip(told, here.tolist(), strict=True)]
                table = pa.concat_tables([table, pa.Table.from_pylist(fresh, schema=table.schema)])
                order[here - start] = size + np.arange(len(here))
            gone = self.dropped[slice(*np.searchsorted(self.dropped, [start, start + size]))] - start
            start += size
            yield table.take(pa.array(np.delete(order, gone))) if len(here) or len(gone) else table


@dataclass(frozen=True, slots=True)
class Suspects:
    """Rows that may repeat another, by hashes of what they tell.

    Attributes
    ----------
    at : ndarray of int64
        Positions among the incidents.
    given, worded : ndarray of bool
        Whether the id stands in the table; whether there are words to compare.
    ids, content, agreed, whole : ndarray of uint64
        Hashes of the id, of `CONTENT`, of `AGREED` and of all columns.
    """

    at: Array
    given: Array
    worded: Array
    ids: Array
    content: Array
    agreed: Array
    whole: Array

    @classmethod
    def of(cls, at: Array, given: Array, tables: Iterable[pa.Table]) -> Suspects:
        """Hash the rows at these positions."""
        parts = []
        for _, table in _taken(at, tables):
            hashes = {name: _stable(table.column(name)) for name in COLUMNS if name != "document"}
            blank = text_hashes([""])[0]
            parts.append(
                (
                    np.any([hashes[name] != blank for name in WORDS], axis=0),
                    hashes["id"],
                    *(
                        mixed_hashes([hashes[name] for name in names])
                        for names in (CONTENT, AGREED, sorted(hashes))
                    ),
                )
            )
        return cls(at, given, *(np.concatenate(columns) for columns in zip(*parts, strict=True)))


def _taken(at: Array, tables: Iterable[pa.Table]) -> Iterator[tuple[Array, pa.Table]]:
    """Give the rows at sorted positions, table by table, with their positions."""
    import pyarrow as pa

    start = 0
    for table in tables:
        here = at[slice(*np.searchsorted(at, [start, start + table.num_rows]))]
        if len(here):
            yield here, table.take(pa.array(here - start))
        start += table.num_rows


def _stable(column: pa.ChunkedArray) -> Array:
    """Hash a column, the same at every reading."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if column.type != pa.large_string():
        return float_hashes(pc.cast(column, pa.float64(), safe=False).to_numpy())
    coded = Column(pa.concat_arrays(pc.fill_null(column, "").chunks))
    return text_hashes(coded.values)[coded.codes]


def find_repeats(keys: Keys, tables: Iterable[pa.Table], ledger: Ledger, heading: str) -> Repeats:
    """Find the rows that tell the same again, and different rows of one id; say so in the ledger.

    Parameters
    ----------
    keys : Keys
    tables : iterable of pyarrow.Table
        The incidents, as they were added to the keys; gone through more than once.
    ledger : Ledger
    heading : str
        Of the column of ids, for messages.
    """
    at, given, moments = keys.suspects()
    if not len(at):
        return Repeats(at, {})
    rows = np.flatnonzero(ledger.outcome <= WARNED)[at]
    found = Suspects.of(at, given, tables)
    into, like = np.full(len(at), -1), np.full(len(at), -1)
    renamed: dict[int, int] = {}
    first_of: dict[int, int] = {}
    owner: dict[int, int] = {}
    for row, (ident, content) in enumerate(_pairs(found.ids, found.content)):
        twin, namesake = first_of.get(content), owner.get(ident)
        if twin is not None and (twin == namesake or not (found.given[row] and found.given[twin])):
            into[row] = twin
        elif namesake is not None and found.agreed[row] == found.agreed[namesake]:
            into[row] = namesake
        else:
            if namesake is not None:
                renamed[row], ident = namesake, (ident ^ content)
            elif twin is not None and found.worded[row]:
                like[row] = twin
            owner[ident] = row
            first_of.setdefault(content, row)
    if moments.any():
        alone = np.flatnonzero((into < 0) & (moments > 0))
        records = _records(at[alone], tables)
        told_again = find_retold(
            alone.tolist(), moments[alone].tolist(), {row: records[int(at[row])] for row in alone.tolist()}
        )
        for row, twin in told_again.items():
            into[row], like[row] = twin, -1
            renamed.pop(row, None)
        into[into >= 0] = [told_again.get(row, row) for row in into[into >= 0].tolist()]
    dropped, alike = np.flatnonzero(into >= 0), np.flatnonzero(like >= 0)
    ledger.liken(rows[alike], rows[like[alike]])
    ledger.merge(rows[dropped], rows[into[dropped]])
    differing = dropped[found.whole[dropped] != found.whole[into[dropped]]]
    told = _records(np.union1d(at[differing], at[[*into[differing].tolist(), *renamed]]), tables)
    changes = _merged(at[differing].tolist(), at[into[differing]].tolist(), told)
    for row, namesake in renamed.items():
        ident = told[position := int(at[row])]["id"]
        fresh = f"{ident}-{int(found.content[row]):016x}"[: len(ident) + 11]
        changes[position] = changes.get(position, {}) | {"id": fresh}
        said = f'"{ident}" is the id of row {rows[namesake] + 1} too, which differs: imported as {fresh}'
        ledger.warn(rows[row], f"{heading}: {said}")
    return Repeats(at[dropped], changes)


def _pairs(one: Array, other: Array, size: int = 1 << 18) -> Iterator[tuple[int, int]]:
    """Go through two arrays as plain numbers, some at a time."""
    for start in range(0, len(one), size):
        end = start + size
        yield from zip(one[start:end].tolist(), other[start:end].tolist(), strict=True)


def _records(at: Array, tables: Iterable[pa.Table]) -> dict[int, dict[str, Any]]:
    """Give the rows at sorted positions as records."""
    told: dict[int, dict[str, Any]] = {}
    if len(at):
        for here, table in _taken(at.astype(np.int64), tables):
            told |= zip(here.tolist(), table.to_pylist(), strict=True)
    return told


def _merged(
    rows: Sequence[int], intos: Sequence[int], told: Mapping[int, dict[str, Any]]
) -> dict[int, dict[str, Any]]:
    """Say what rows get of those merged into them: their sources, and what they do not tell themselves."""
    changes: dict[int, dict[str, Any]] = {}
    for row, into in zip(rows, intos, strict=True):
        change = changes.setdefault(into, {})
        now, more = told[into] | change, told[row]
        for name in JOINED:
            parts = [part for one in (now, more) for part in (one[name] or "").split("; ") if part]
            change[name] = "; ".join(dict.fromkeys(parts)) or None
        change |= {name: more[name] for name in COLUMNS if _unknown(now[name]) and not _unknown(more[name])}
    return changes


def _unknown(value: object) -> bool:
    return value is None or value != value
