"""Excel workbooks as rows of cells: the sheet that looks most like a table of incidents is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from geo.errors import TableError
from geo.tables.cells import blank, sheet_of
from geo.tables.records import Record
from geo.tables.sheets import Sheet


def read_workbook(path: str | Path, *, known: Callable[[tuple[str, ...]], int]) -> Sheet:
    """Read the sheet of an Excel workbook (.xlsx) with the most known headings, the first of equals.

    Cells are taken as their values; a formula as what it was when the workbook was saved. Where several
    sheets hold rows, the sheet's name is put behind the file's.

    Raises
    ------
    TableError
        If the file is missing, is no workbook, or has no rows.
    """
    path = Path(path)
    if not path.is_file():
        raise TableError(f"{path}: there is no such file.")
    sheets = {name: records for name, records in _records(path).items() if records}
    if not sheets:
        raise TableError(f"{path.name}: the workbook is empty; it needs a header row and rows under it.")

    def headings(name: str) -> int:
        return max(known(tuple(record.cells)) for record in sheets[name][:20])

    best = max(sheets, key=headings)
    records = sheets[best]
    name = path.name if len(sheets) == 1 else f"{path.name} ({best})"
    return sheet_of(name, records, known)


def _records(path: Path) -> dict[str, list[Record]]:
    """Rows with their numbers, by sheet."""
    import pandas as pd

    try:
        tables = pd.read_excel(path, sheet_name=None, header=None, dtype=object, engine="openpyxl")
    except Exception as error:  # noqa: BLE001 - zip, XML and openpyxl each have errors of their own
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise TableError(f"{path.name}: it cannot be read as a workbook ({reason}).") from None
    return {
        str(name): [
            Record(line, cells)
            for line, row in enumerate(table.itertuples(index=False), start=1)
            if any(cells := [_cell(value) for value in row]) and not blank(cells)
        ]
        for name, table in tables.items()
    }


def _cell(value: object) -> str:
    """Write a value as it would stand in a CSV; a day at midnight is a day."""
    import pandas as pd

    if value is None or value is pd.NaT or value != value:  # NaN is not itself
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, bool):
        return str(value).lower()
    return str(value).removesuffix(" 00:00:00")
