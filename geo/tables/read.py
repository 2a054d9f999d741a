"""Tables of incidents: any CSV, or a geographic file, becomes incidents and a report on every row.

A table goes through part by part, so that its length does not matter: each part becomes an Arrow table of
incidents; what takes the whole table to decide (how it writes its days, which rows tell the same) is carried
from part to part.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Generic, Self, TypeVar

import numpy as np

from geo.arrow import build_table, frame_of
from geo.errors import TableError
from geo.files import expand, replacing
from geo.frame import Beside
from geo.tables.cells import read_sheet
from geo.tables.columns import count_known, recognise
from geo.tables.days import Habit
from geo.tables.directory import Directory
from geo.tables.encodings import MisfitError
from geo.tables.keys import Keys
from geo.tables.outcomes import Ledger
from geo.tables.rejects import write_rejects
from geo.tables.repeats import Repeats, find_repeats, name_rows
from geo.tables.reports import RowReport, RowReports, TableReport
from geo.tables.rows import Rows, read_ranges, read_values
from geo.tables.sheets import Sheet
from geo.tables.spool import Draft, Spool
from geo.tables.when import calendars, learn_days, read_when
from geo.tables.where import read_where
from geo.vocabulary import Vocabulary

__all__ = ["RowReport", "TableReport", "check", "read_incidents", "stream_incidents", "write_rejects"]

if TYPE_CHECKING:
    import geopandas
    import pyarrow as pa
    from distributed import Client

    from gazetteer import Gazetteer
    from geo.tables.spots import Spots

T = TypeVar("T")
Kept = TypeVar("Kept", bound=Spool)

#: Formats read as Arrow through their own readers.
GEOGRAPHIC = frozenset({".geojson", ".json", ".gpkg", ".parquet", ".geoparquet", ".shp", ".fgb"})

#: Formats read through pandas.
WORKBOOKS = frozenset({".xlsx", ".xlsm"})


def read_incidents(
    path: str | Path | Iterable[str | Path],
    places: Gazetteer,
    *,
    map: Mapping[str, str] | None = None,  # noqa: A002 - the word the command line uses
    client: Client | None = None,
) -> geopandas.GeoDataFrame:
    """Read incidents from a table: CSV in any form, Excel, GeoJSON, GeoPackage, KML, Parquet.

    Parameters
    ----------
    path : path or iterable of path
        Several, or the files that a pattern such as ``gdelt/*.csv`` names, are combined, duplicates among
        them merged.
    places : gazetteer.Gazetteer
        Tells where the named places are, for rows without coordinates.
    map : mapping of str to str, optional
        Column to field, over what is recognised.
    client : distributed.Client, optional
        Several files are read on the workers of its cluster, see `geo.cluster.read_each`; one that cannot be
        read is warned of and left out, with the reason in ``attrs["unread"]``.

    Returns
    -------
    geopandas.GeoDataFrame
        See `geo.frame.build_frame`. ``attrs["report"]`` lists every row: ``file``, ``row``, ``line``,
        ``outcome``, ``messages``, ``candidates``.

    Raises
    ------
    TableError
        If the file is missing, is no table, or has no column that says where.
    """
    paths = [one for pattern in ([path] if isinstance(path, str | Path) else path) for one in expand(pattern)]
    if isinstance(path, str | Path) and paths == [Path(path)]:
        return check(path, places, map=map).frame()
    if client is not None:
        from geo.cluster import read_incidents as read_on

        return read_on(paths, places, client, map=map)
    from geo.merging import combine

    return combine(*(check(one, places, map=map).frame() for one in paths))


def check(
    path: str | Path,
    places: Gazetteer,
    *,
    map: Mapping[str, str] | None = None,  # noqa: A002 - the word the command line uses
    today: date | None = None,
) -> TableReport:
    """Read a table and report on every row; see `read_incidents` for parameters and errors.

    Parameters
    ----------
    today : datetime.date, optional
        Dates after it are warned about; by default the day it is.
    """
    reading: Reading[Spool] = Reading(path, map, today)
    reading.keeps_ranges = True
    reading.run(Directory(places), Spool(limit=None))
    frame = frame_of(list(reading.incidents()))
    frame.attrs["ranges"] = reading.ranges
    return reading.report(frame)


def stream_incidents(
    path: str | Path,
    places: Gazetteer,
    output: str | Path,
    *,
    map: Mapping[str, str] | None = None,  # noqa: A002 - the word the command line uses
    today: date | None = None,
) -> TableReport:
    """Read a table of any length straight into a GeoParquet file, in little memory.

    The rows are those that `read_incidents` gives, in their order; duplicates within the table are merged.

    Parameters
    ----------
    path, places, map, today
        As for `check`.
    output : str or Path
        ``.parquet``; replaced when all is written.

    Returns
    -------
    TableReport
        Without the incidents.

    Raises
    ------
    TableError
        See `read_incidents`.
    OSError
        If the output cannot be written.
    """
    reading: Reading[Draft] = Reading(path, map, today)
    with replacing(output) as fresh:
        draft = reading.run(Directory(places), Draft(fresh)).tables
        draft.finish(reading.incidents() if reading.repeats else None)
    return reading.report(None)


class Reading(Generic[Kept]):
    """A table on its way to incidents, and where they are kept.

    Parameters
    ----------
    path : str or Path
    fields : mapping of str to str, optional
        Column to field, over what is recognised.
    today : datetime.date, optional
    """

    def __init__(self, path: str | Path, fields: Mapping[str, str] | None, today: date | None) -> None:
        self.path, self.fields = path, fields
        self.sheet, self.columns = recognise(load(path), fields)
        self.today = today
        #: Ranges of deaths by incident, for a frame to keep beside its rows; a file has no room for them.
        self.keeps_ranges, self.ranges = False, Beside()
        self.ledger, self.keys = Ledger(), Keys()
        self.repeats = Repeats(np.zeros(0, np.int64), {})

    def run(self, directory: Directory, tables: Kept) -> Reading[Kept]:
        """Read all parts, and find what repeats among them.

        The beginning of the file tells its encoding, and the first part how the table writes its days; where
        what follows tells otherwise, which is rare, all is read again with what is known then.
        """
        assumed: dict[str, Habit] | None = None
        while True:
            calendar = calendars(self.columns, self.today)
            self.ledger, self.keys, self.tables, self.ranges = Ledger(), Keys(), tables, Beside()
            try:
                with Behind() as behind:
                    for rows in ahead(self._rows()):
                        learn_days(rows, calendar)
                        if assumed is None:
                            assumed = {name: one.seen for name, one in calendar.items()}
                        for name, one in calendar.items():
                            one.habit = assumed[name]
                        read_when(rows, calendar)
                        spots = read_where(rows, directory)
                        name_rows(rows)
                        behind.submit(self._keep, rows, spots)
            except MisfitError as error:
                self.sheet, self.columns = recognise(load(self.path, error.encoding), self.fields)
                tables, assumed = tables.emptied(), None
                continue
            known = {name: one.seen for name, one in calendar.items()}
            if known == (assumed or known):
                break
            tables = tables.emptied()
            assumed = {name: known[name] | assumed[name] for name in known} if assumed else known
        heading = (self.columns.of("id") or ["id"])[0]
        self.repeats = find_repeats(self.keys, self.tables, self.ledger, heading)
        return self

    def _rows(self) -> Iterator[Rows]:
        """Give the rows part by part, with what each cell tells by itself."""
        kept: dict[str, Vocabulary] = {}
        wanted = [at for at, heading in enumerate(self.sheet.header) if heading in self.columns.fields]
        for part in ahead(self.sheet.parts(wanted)):
            rows = Rows(self.sheet, self.columns, part, kept)
            rows.prepare()
            read_values(rows)
            yield rows

    def _keep(self, rows: Rows, spots: Spots) -> None:
        """Keep what the rows of a part have become."""
        if self.keeps_ranges:
            ids = rows.data["id"]
            self.ranges |= {str(ids[row]): {"killed": told} for row, told in read_ranges(rows).items()}
        self.ledger.add(rows, spots)
        self.keys.add(rows)
        self.tables.add(build_table(rows.data, np.flatnonzero(rows.alive)))

    def incidents(self) -> Iterator[pa.Table]:
        """Give the incidents, part by part."""
        return self.repeats.apply(self.tables)

    def report(self, incidents: geopandas.GeoDataFrame | None) -> TableReport:
        """Put the report on all rows together."""
        sheet, fields = self.sheet, self.columns.fields
        tags = tuple(sheet.tags.get(heading, "") for heading in sheet.header) if sheet.tags else ()
        return TableReport(
            file=sheet.file,
            encoding=sheet.encoding,
            delimiter=sheet.delimiter,
            schema=self.columns.name,
            mapping={heading: fields[heading] for heading in sheet.header if heading in fields},
            rows=RowReports(self.ledger, incidents),
            incidents=incidents,
            header=sheet.header,
            tags=tags if tags != sheet.header else (),
        )


def ahead(steps: Iterator[T]) -> Iterator[T]:
    """Take each step while the one before it is worked on."""
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, steps, None)
        while (step := coming.result()) is not None:
            coming = pool.submit(next, steps, None)
            yield step


class Behind:
    """Work done one after another in the background; no more than two pieces of it wait."""

    def __enter__(self) -> Self:
        self._pool = ThreadPoolExecutor(1)
        self._waiting: deque[Future[None]] = deque()
        return self

    def submit(self, work: Callable[..., None], *of: object) -> None:
        """Have something done; what went wrong before is raised here."""
        if len(self._waiting) > 1:
            self._waiting.popleft().result()
        self._waiting.append(self._pool.submit(work, *of))

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()
        while self._waiting:
            self._waiting.popleft().result()


def load(path: str | Path, encoding: str | None = None) -> Sheet:
    """Open a file as rows of cells, whatever its format; see `geo.tables.cells.read_sheet`."""
    suffix = Path(path).suffix.lower()
    if suffix in (".kml", ".kmz"):
        from geo.kml import read_kml

        return read_kml(path)
    if suffix in WORKBOOKS:
        from geo.tables.workbooks import read_workbook

        return read_workbook(path, known=count_known)
    if suffix in GEOGRAPHIC:
        from geo.tables.geographic import is_geojson, read_geographic

        if suffix == ".json" and not is_geojson(path):
            from geo.tables.objects import read_objects

            return read_objects(path)
        return read_geographic(path)
    if Path(path).is_dir():
        raise TableError(f"{path}: this is a folder; name a file in it.")
    return read_sheet(path, known=count_known, encoding=encoding)
