"""What the command line prints: tables on standard output, progress and notes on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    import geopandas

    from gazetteer import Candidate
    from geo.incidents import Reading
    from geo.tables.reports import TableReport

T = TypeVar("T")

#: Work shorter than this, in seconds, shows no bar.
PATIENCE_S = 1.0
#: Characters of the bar of one long job.
BAR = 24


def note(text: str) -> None:
    """Say something on standard error, over what `working` said."""
    sys.stderr.write(("\r\x1b[K" if sys.stderr.isatty() else "") + text + "\n")


def progress(items: Iterable[T], verb: str, total: int) -> Iterator[T]:
    """Go through files with a bar, on a terminal only and only where the work takes over a second."""
    if not sys.stderr.isatty() or total < 2:
        yield from items
        return
    from rich.console import Console
    from rich.progress import Progress

    started = time.monotonic()
    with Progress(console=Console(stderr=True), transient=True, disable=False) as bar:
        task = bar.add_task(verb, total=total, visible=False)
        for item in items:
            yield item
            bar.update(task, advance=1, visible=time.monotonic() - started > PATIENCE_S)


def _table(headings: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> str:
    from io import StringIO

    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(title=Text(title) if title else None, title_justify="left", box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, overflow="fold")
    for row in rows:
        # Text, not str: names and quotes are not to be taken for console markup.
        table.add_row(*(Text(_plain(cell)) for cell in row))
    out = StringIO()
    width = None if sys.stdout.isatty() else 160
    Console(file=out, width=width, highlight=False).print(table)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _plain(text: str) -> str:
    """Drop control characters, so that no file can steer the terminal it is listed on."""
    return "".join(c if c.isprintable() else " " for c in text)


def candidate_table(found: Mapping[str, Sequence[Candidate]]) -> str:
    """List candidates by name: score, place, coordinates, reasons."""
    out = []
    for name, candidates in found.items():
        if not candidates:
            out.append(f"{_plain(name)}: not in the gazetteer\n")
            continue
        rows = [
            (
                f"{c.score:.2f}",
                c.place.label,
                f"{c.place.lat:.5f}, {c.place.lon:.5f}",
                c.place.feature,
                c.place.id,
                "; ".join(c.why),
            )
            for c in candidates
        ]
        out.append(_table(("score", "place", "lat, lon", "kind", "id", "why"), rows, title=name))
    return "\n".join(out)


def candidates_json(name: str, candidates: Sequence[Candidate]) -> dict[str, Any]:
    """Candidates of one name as JSON."""
    return {
        "name": name,
        "candidates": [
            {
                "id": c.place.id,
                "name": c.place.name,
                "lat": c.place.lat,
                "lon": c.place.lon,
                "feature": c.place.feature,
                "country": c.place.country,
                "admin1": c.place.admin1,
                "admin2": c.place.admin2,
                "population": c.place.population,
                "radius_km": c.place.radius_km,
                "score": round(c.score, 4),
                "match": c.match,
                "why": list(c.why),
                "source": c.place.source,
                "note": c.place.note,
            }
            for c in candidates
        ],
    }


def incident_table(readings: Sequence[Reading]) -> str:
    """List incidents by article."""
    out = []
    for reading in readings:
        rows = [
            (
                i.date or "",
                i.time or "",
                i.type,
                i.status,
                "; ".join(
                    f"{r.role}: {r.place.label if r.place else r.text + ' (unresolved)'}" for r in i.places
                ),
                i.source or "",
                i.quote or "",
            )
            for i in reading.incidents
        ]
        named = reading.article.path or "article"
        head = f"{named}: {len(rows)} incidents, {len(reading.mentions)} place mentions"
        out.append(_table(("date", "time", "type", "status", "places", "says", "quote"), rows, title=head))
    return "\n".join(out)


def check_table(report: TableReport) -> str:
    """Say what became of a table: mapping, counts, and every row that is not plainly accepted."""
    read = ", ".join(filter(None, (report.encoding, report.delimiter and f"delimiter {report.delimiter!r}")))
    counts = {outcome: count for outcome, count in report.counts().items() if count}
    lines = [
        f"{report.file}: {read or 'as its format has it'}, schema {report.schema or 'unknown'}",
        "  columns: " + ", ".join(f"{column} -> {field}" for column, field in report.mapping.items()),
    ]
    if aside := [column for column in report.header if column not in report.mapping]:
        lines.append("  left aside: " + ", ".join(aside) + " (to use one: --map COLUMN=FIELD)")
    lines.append(
        "  rows: " + (", ".join(f"{count} {outcome}" for outcome, count in counts.items()) or "none")
    )
    if report.incidents is not None and len(report.incidents):
        lines.append(f"  read: {_span(report.incidents)}")
    odd = (report.rows.ledger.told(at) for at in report.rows.ledger.odd())
    rows = [(str(row["row"]), row["outcome"], "; ".join(row["messages"])) for row in odd]
    return _plain_lines(lines) + (_table(("row", "outcome", "why"), rows) if rows else "") + "\n"


def _span(frame: geopandas.GeoDataFrame) -> str:
    """Say of incidents when they were and how they were located, so that a misreading shows at once."""
    days = frame["date"].dropna()
    days = days[~days.str.startswith("XXXX")]
    when = f"{days.min()} to {days.max()}" if len(days) else "no dates"
    how = frame["located_by"].value_counts()
    told = {
        "coordinates": "by coordinates",
        "gazetteer": "by name",
        "inferred": "inferred",
        "none": "not located",
    }
    return ", ".join([when, *(f"{how[key]:,} {words}" for key, words in told.items() if key in how)])


def _plain_lines(lines: Iterable[str]) -> str:
    return "".join(_plain(line) + "\n" for line in lines)


def layer_table(info: Mapping[str, Any]) -> str:
    """List the bundled world and the layers over it."""
    world = (
        "all",
        f"{info['places']:,}",
        f"{info['names']:,}",
        str(info["version"]),
        "; ".join(info["licences"]),
    )
    added = [
        (x["name"], f"{x['places']:,}", f"{x['names']:,}" if x["names"] else "", x["added"], x["licence"])
        for x in info["layers"]
    ]
    return _table(("layer", "places", "names", "version", "licence"), [world, *added])


def working(what: str, share: float | None = None) -> None:
    """Say what is being done on one line of a terminal, with a bar of the share done; elsewhere nothing."""
    if sys.stderr.isatty():
        done = round(BAR * (share or 0))
        bar = "" if share is None else f" {'━' * done}{'╌' * (BAR - done)} {share:4.0%}"
        # Back to the start of the line, clear it, write: a long job does not scroll the terminal away.
        sys.stderr.write(f"\r\x1b[K{what} ...{bar}")
        sys.stderr.flush()


def accounted(counts: Mapping[str, int]) -> str:
    """Account for every row of a table: read, merged into another, left out, or empty; they add up."""
    warned = f" ({counts['warned']:,} with a warning)" if counts["warned"] else ""
    parts = [f"{counts['accepted'] + counts['warned']:,} read{warned}"]
    parts += [
        f"{counts[outcome]:,} {words}"
        for outcome, words in (
            ("duplicate", "merged into others"),
            ("rejected", "left out"),
            ("empty", "empty"),
        )
        if counts[outcome]
    ]
    return f"{sum(counts.values()):,} rows = {' + '.join(parts)}"


def summary(
    output: Path,
    shown: tuple[int, int],
    readings: Sequence[Reading],
    reports: Sequence[TableReport],
    rejects: Mapping[Path, int],
    beside: Path | None = None,
) -> None:
    """Say on standard error what the map shows, and how many it does not, and what became of every row."""
    note(
        f"{output}: {shown[0]} incidents on the map, {shown[1]} listed beside it "
        f"({len(readings)} articles, {len(reports)} tables)."
    )
    for report in reports:
        counts = report.counts()
        if counts["accepted"] < len(report.rows):
            note(f"{report.file}: {accounted(counts)}; see `dateline check {report.file}`.")
    if beside is not None:
        note(f"{beside}: the incidents themselves; the map carries counts of them, and says so.")
    for path in rejects:
        note(f"{path}: the rows left out, with the reason, to be mended and fed again.")
