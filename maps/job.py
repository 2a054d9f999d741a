"""One map made from its inputs: what `dateline map` does, once or again at each change."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from maps import inputs, printing
from maps.records import LIMIT

if TYPE_CHECKING:
    import geopandas

    from gazetteer import Gazetteer
    from geo.incidents import Reading
    from geo.tables.reports import TableReport
    from maps.counting import Counted
    from maps.incident_map import IncidentMap


@dataclass(frozen=True)
class MapJob:
    """What to read, and where to write the map of it.

    Attributes
    ----------
    paths : sequence of Path
        Articles, tables, and folders of them.
    output : Path
    published : str or None
        ISO 8601 date of the articles.
    exports : sequence of Path
    basemap, title : str or None
        As for `maps.IncidentMap`.
    fields : mapping of str to str
        What columns of the tables mean, over what is recognised.
    language : str
        Of the page's own words: en, az, hy or ru.
    limit : int
        Above so many incidents the page carries counts; the incidents go to a file beside it.
    scheduler : str or None
        Address of a Dask scheduler on whose workers the inputs are read. Where `output` or an export is a
        folder or ends in ``.parquet`` it is then written as a folder of GeoParquet, without a page.
    """

    paths: Sequence[Path]
    output: Path
    published: str | None = None
    exports: Sequence[Path] = ()
    basemap: str | None = None
    title: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)
    language: str = "en"
    limit: int = LIMIT
    scheduler: str | None = None
    #: Articles read before, by path, time of change and size: made again, a map reads only what is new.
    _read: dict[tuple[str, int, int], Reading] = field(default_factory=dict, repr=False)

    @property
    def outputs(self) -> tuple[Path, ...]:
        """What is written, the rows left out last."""
        return (self.output, *self.exports, self.output.parent / "rejects.csv")

    def run(self, places: Gazetteer) -> int:
        """Read everything, then write everything; say on standard error what the map shows.

        Returns
        -------
        int
            Rows left out of the tables, which are in ``rejects.csv`` beside the map, and files left out.

        Raises
        ------
        DatelineError
            If an input cannot be read or an output written; nothing is written then.
        """
        import geo
        from geo.export import check_destination, write_parts
        from geo.files import write_text
        from geo.frame import SHOWN_STATUSES
        from geo.tables.rejects import write_rejects
        from geo.tables.reports import TableReport

        files = inputs.collect(self.paths, outputs=self.outputs)
        for path in (self.output, *self.exports):
            check_destination(path, overwrites=files, parts=self._in_parts(path))
        if self._streams(files) and (left_out := self._run_counted(files, places)) is not None:
            return left_out
        results = self._results(files, places)
        reports = [result for result in results if isinstance(result, TableReport)]
        readings = [result for result in results if not isinstance(result, TableReport)]
        incidents = geo.combine(*(result.frame() for result in results))
        exports, page, beside = list(self.exports), None, None
        if self._in_parts(self.output):
            exports.append(self.output)
        else:
            shown = self._map(incidents, readings, reports, files, places)
            beside = shown.beside(self.output)
            if beside is not None:
                check_destination(beside, overwrites=files)
            page = shown.to_html()
        for path in exports:
            write = write_parts if self._in_parts(path) else geo.write_incidents
            write(incidents, path)
        if beside is not None:
            geo.write_incidents(incidents, beside)
        if page is not None:
            write_text(self.output, page)
        rejects = write_rejects(self.outputs[-1], reports, inputs=files)
        on_map = int((incidents["status"].isin(SHOWN_STATUSES) & incidents.geometry.notna()).sum())
        shown_ = on_map, len(incidents) - on_map
        printing.summary(self.output, shown_, readings, reports, rejects, beside)
        return sum(rejects.values()) + len(files) - len(results)

    def _streams(self, files: Sequence[Path]) -> bool:
        """Whether the input is one table that by its length has more incidents than the page carries.

        Several are merged, and other exports than GeoParquet are written from the whole.
        """
        from maps.streaming import rows_of

        return (
            len(files) == 1
            and not inputs.is_article(files[0])
            and self.scheduler is None
            and all(path.suffix.lower() == ".parquet" for path in self.exports)
            and rows_of(files[0]) > self.limit
        )

    def _run_counted(self, files: Sequence[Path], places: Gazetteer) -> int | None:
        """Map one long table without ever holding it; None where it is not so long after all."""
        import os
        import shutil
        import tempfile

        import geo
        from geo.export import check_destination
        from geo.files import replacing, write_text
        from geo.tables.rejects import write_rejects
        from maps.streaming import read_counted

        beside = self.output.with_suffix(".parquet")
        check_destination(beside, overwrites=files)
        with tempfile.TemporaryDirectory(dir=self.output.parent, prefix=f".{self.output.stem}-") as folder:
            fresh = Path(folder) / beside.name
            report, counted = read_counted(files[0], places, fresh, self.fields)
            if counted.total <= self.limit:
                return None
            shown = self._map(geo.to_frame([]), [], [report], files, places, counted=counted)
            shown.beside(self.output)
            page = shown.to_html()
            for path in self.exports:
                with replacing(path) as copy:
                    shutil.copyfile(fresh, copy)
            os.replace(fresh, beside)  # noqa: PTH105 - Path.replace is the same call
        write_text(self.output, page)
        rejects = write_rejects(self.outputs[-1], [report], inputs=files)
        told = counted.shown, counted.total - counted.shown
        printing.summary(self.output, told, [], [report], rejects, beside)
        return sum(rejects.values())

    def _in_parts(self, path: Path) -> bool:
        return self.scheduler is not None and inputs.is_folder(path)

    def _results(self, files: Sequence[Path], places: Gazetteer) -> list[Reading | TableReport]:
        if self.scheduler is not None:
            return inputs.read_on(self.scheduler, files, places, self.published, self.fields)
        return [
            self._reading(path, places)
            if inputs.is_article(path)
            else inputs.read_table(path, places, self.fields)
            for path in printing.progress(files, "reading", len(files))
        ]

    def _map(
        self,
        incidents: geopandas.GeoDataFrame,
        readings: Sequence[Reading],
        reports: Sequence[TableReport],
        files: Sequence[Path],
        places: Gazetteer,
        counted: Counted | None = None,
    ) -> IncidentMap:
        from maps import IncidentMap

        return IncidentMap(
            incidents,
            article=[r.article for r in readings] or None,
            mentions=[r.mentions for r in readings],
            title=self.title,
            basemap=self.basemap,
            places=places,
            reports=reports,
            inputs=files,
            language=self.language,
            limit=self.limit,
            counted=counted,
        )

    def _reading(self, path: Path, places: Gazetteer) -> Reading:
        state = path.stat()
        key = (str(path), state.st_mtime_ns, state.st_size)
        if key not in self._read:
            self._read[key] = inputs.read_article(path, places, self.published)
        return self._read[key]
