"""Plain JSON as rows of cells: the records of a download, or of the answer of a service such as ACLED's."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from geo.errors import TableError
from geo.tables.encodings import read_whole
from geo.tables.sheets import Sheet, unique

#: Of a record inside a cell, such as a source, these say it all.
LINKS = ("path", "url", "link", "href")


def read_objects(path: str | Path) -> Sheet:
    """Read the records of a JSON file: a list of objects, or the longest such list inside an object.

    Objects within a record become columns such as ``location.name``; lists become one cell, "a; b".

    Raises
    ------
    TableError
        If the file is no JSON, or holds no list of objects.
    """
    path = Path(path)
    try:
        value = json.loads(read_whole(path))
    except ValueError as error:
        raise TableError(f"{path.name}: it cannot be read as JSON ({error}).") from None
    found = max(_lists(value), key=len, default=[])
    if not found:
        raise TableError(
            f"{path.name}: there is no list of records in it; it needs a list of objects, one an incident."
        )
    records = [dict(_cells(one)) for one in found]
    names = list(dict.fromkeys(name for record in records for name in record))
    return Sheet.of(
        path.name, unique(names), [[record.get(name, "") for name in names] for record in records]
    )


def _lists(value: object, depth: int = 3) -> Iterator[list[dict[str, Any]]]:
    """Find the lists of objects in a value, not too deep."""
    if isinstance(value, list) and value and all(isinstance(one, dict) for one in value):
        yield value
    elif isinstance(value, dict) and depth:
        for inside in value.values():
            yield from _lists(inside, depth - 1)


def _cells(record: dict[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Give the cells of a record by column."""
    for name, value in record.items():
        if isinstance(value, dict) and "coordinates" not in value:
            yield from _cells(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", _cell(value)


def _cell(value: object) -> str:
    """Write a value as it would stand in a CSV."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "; ".join(filter(None, map(_item, value)))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _item(value: object) -> str:
    """Write an item of a list: the link of a source, key and value of a mark."""
    if not isinstance(value, dict):
        return _cell(value)
    if {"key", "value"} <= value.keys():
        return f"{_cell(value['key'])}={_cell(value['value'])}"
    link = next((value[name] for name in LINKS if value.get(name)), None)
    return _cell(link) if link else json.dumps(value, ensure_ascii=False)
