"""Arrow tables kept on their way: in memory while they are few, in a temporary file beyond that."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Self

from geo.arrow import GeoParquet, plain, schema

if TYPE_CHECKING:
    import pyarrow as pa

#: Bytes kept in memory.
IN_MEMORY = 1 << 28


class Spool:
    """Tables of one schema, added one by one, gone through as often as needed.

    Parameters
    ----------
    limit : int or None
        Bytes kept in memory; None for all.
    """

    def __init__(self, limit: int | None = IN_MEMORY) -> None:
        self._limit, self._size = limit, 0
        self._tables: list[pa.Table] = []
        self._file: tempfile._TemporaryFileWrapper[bytes] | None = None
        self._writer: pa.RecordBatchStreamWriter | None = None

    def emptied(self) -> Self:
        """Give a spool like this one with nothing in it."""
        return type(self)(self._limit)

    def add(self, table: pa.Table) -> None:
        """Keep a table."""
        self._tables.append(table)
        self._size += table.nbytes
        if self._limit is not None and self._size > self._limit:
            self._spill()

    def _spill(self) -> None:
        import pyarrow as pa

        if self._writer is None:
            self._file = tempfile.NamedTemporaryFile(prefix="dateline-")  # noqa: SIM115 - closed with the spool
            options = pa.ipc.IpcWriteOptions(compression="lz4")
            self._writer = pa.ipc.new_stream(self._file, schema(), options=options)
        for table in self._tables:
            self._writer.write_table(plain(table).combine_chunks())
        self._tables.clear()
        self._size = 0

    def __iter__(self) -> Iterator[pa.Table]:
        import pyarrow as pa

        if self._writer is None or self._file is None:
            yield from map(plain, self._tables)
            return
        if self._tables:
            self._spill()
        self._file.flush()
        with open(self._file.name, "rb") as file, pa.ipc.open_stream(file) as stream:  # noqa: PTH123
            for batch in stream:
                yield pa.Table.from_batches([batch])


class Draft(Spool):
    """Tables written to a GeoParquet file as they come, and kept in case that was too soon.

    Parameters
    ----------
    path : Path
        Written at once: give a temporary one, to be moved into place.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self._geo = GeoParquet(path)

    def emptied(self) -> Self:
        """Begin anew, file and all."""
        self._geo.close()
        return type(self)(self._path)

    def add(self, table: pa.Table) -> None:
        """Keep a table, and write it."""
        super().add(table)
        self._geo.write(table)

    def finish(self, instead: Iterable[pa.Table] | None) -> None:
        """End the file; with other tables than those added, where they are given."""
        self._geo.close()
        if instead is not None:
            self._geo = GeoParquet(self._path)
            for table in instead:
                self._geo.write(table)
            self._geo.close()
