"""A table with more incidents than one page carries: read once, batch by batch, counted as it is read.

Neither the table nor its incidents are ever in memory as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from geo.tables.geographic import PARQUET
from maps.counting import NEEDED, Counted, Tally

if TYPE_CHECKING:
    from gazetteer import Gazetteer
    from geo.tables.reports import TableReport

#: Bytes of a text table by which the length of its lines is told.
SAMPLE = 1 << 20
#: Rows counted in one go.
ROWS = 250_000


def rows_of(path: Path) -> int:
    """Estimate how many rows a table has without reading it; 0 for formats that are read as a whole."""
    suffix = path.suffix.lower()
    if suffix in (".csv", ".tsv"):
        with path.open("rb") as file:
            start = file.read(SAMPLE)
        return int(path.stat().st_size * start.count(b"\n") / max(1, len(start)))
    try:
        if suffix in PARQUET:
            import pyarrow.parquet as pq

            return int(pq.read_metadata(path).num_rows)
        if suffix in (".gpkg", ".fgb", ".shp"):
            import pyogrio

            return max(0, int(pyogrio.read_info(path)["features"]))
    except Exception:  # noqa: BLE001 - what is wrong with the file is said when it is read
        return 0
    return 0


def read_counted(
    path: Path, places: Gazetteer, output: Path, fields: Mapping[str, str] | None = None
) -> tuple[TableReport, Counted]:
    """Read a table into a GeoParquet file, and count what is in it.

    Parameters
    ----------
    path : Path
    places : Gazetteer
    output : Path
        ``.parquet``.
    fields : mapping of str to str, optional
        Column to field, over what is recognised.

    Raises
    ------
    TableError, OSError
        See `geo.stream_incidents`.
    """
    import geo

    report = geo.stream_incidents(path, places, output, map=fields)
    return report, count_file(output)


def count_file(path: Path) -> Counted:
    """Count the incidents of a GeoParquet file, batch by batch."""
    import pandas as pd
    import pyarrow.parquet as pq

    tally = Tally()
    with pq.ParquetFile(path) as file:
        names = [name for name in NEEDED if name != "geometry"]
        for batch in file.iter_batches(ROWS, columns=names):
            tally.add(pd.DataFrame({name: pd.array(batch.column(name)) for name in names}))
    return tally.counted()
