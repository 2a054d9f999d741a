"""Rows left out, kept verbatim with the reason, in files that can be mended and read again."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from geo.files import replacing

if TYPE_CHECKING:
    from geo.tables.reports import TableReport

#: Columns put behind those of the table.
SAID = ("rejected from", "rejected row", "rejected because")


def is_rejects(path: Path) -> bool:
    """Whether a file in a folder is one of ours, which is no input unless it is named."""
    return path.suffix.lower() == ".csv" and path.stem.startswith("rejects")


def write_rejects(
    path: str | Path, reports: Iterable[TableReport], *, inputs: Iterable[str | Path] = ()
) -> dict[Path, int]:
    """Write the rows left out, verbatim, with file, row number and reason: to be mended and read again.

    Tables of one header go into one file, so that each file is read again as its tables were; further
    ones are named after the first of their tables.

    Parameters
    ----------
    path : str or Path
        Of the first file.
    reports : iterable of TableReport
    inputs : iterable of path
        Files that were read: none is written over, be it one of rows mended by hand.

    Returns
    -------
    dict of Path to int
        How many rows went into each file; nothing is written where there are none.
    """
    path, taken = Path(path), {Path(one).resolve() for one in inputs}
    alike: dict[tuple[tuple[str, ...], tuple[str, ...]], list[TableReport]] = {}
    for report in reports:
        if report.counts()["rejected"]:
            header = tuple(heading for heading in report.header if heading not in SAID)
            alike.setdefault((header, report.tags), []).append(report)
    written: dict[Path, int] = {}
    for (header, tags), some in alike.items():
        target = _free(path, some[0].file, taken, first=not written)
        taken.add(target.resolve())
        written[target] = _write(target, header, tags, some)
    return written


def _free(path: Path, table: str, taken: set[Path], *, first: bool) -> Path:
    """Give the first name that is not taken: rejects.csv, rejects-table.csv, rejects-table-2.csv."""
    stem = f"{path.stem}-{Path(table).stem}"
    names = [path.stem] if first else []
    names += [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 4))]
    return next(fresh for name in names if (fresh := path.with_stem(name)).resolve() not in taken)


def _write(path: Path, header: Sequence[str], tags: Sequence[str], reports: Sequence[TableReport]) -> int:
    count = 0
    with replacing(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*header, *SAID])
        if tags:
            writer.writerow([*tags, *[""] * len(SAID)])
        for report in reports:
            for at, raw in report.rows.ledger.rejects:
                cells = dict(zip(report.header, raw, strict=False))
                over = raw[len(report.header) :]  # cells beyond the header are kept at the end of the line
                because = "; ".join(report.rows.ledger.told(at)["messages"])
                line = [*(cells.get(heading, "") for heading in header), report.file, at + 1, because]
                writer.writerow([*line, *over])
                count += 1
    return count
