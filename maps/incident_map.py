"""The incident map: a `folium.Map` that shows as one page with its article, its table and its timeline."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from importlib import metadata
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import folium
import numpy as np

from geo.articles import Article
from geo.export import write_incidents
from geo.files import replacing
from geo.frame import COLUMNS, SHOWN_STATUSES
from geo.tables.outcomes import OUTCOMES
from maps import counting, page, surroundings
from maps.columns import Coded, IncidentColumns, columns_of
from maps.dataset import Contents, Dataset, carried
from maps.errors import MapError
from maps.layers import IncidentLayer
from maps.packing import along_curve
from maps.records import (
    KINDS,
    LIMIT,
    PACKED_FROM,
    article_records,
    families,
    mention_groups,
    mention_record,
    place_records,
    strings,
)

if TYPE_CHECKING:
    import geopandas
    from numpy.typing import NDArray

    from gazetteer import Gazetteer

#: From so many incidents on, those that lie close together are drawn as one counted cluster.
CLUSTERED_FROM = 300

#: Of a table that is counted as it is read, so many rows are told of, those left out first.
MOST_TOLD = 5000
_TOLD = ("row", "outcome", "messages", "candidates")


class IncidentMap(folium.Map):
    """A map of incidents, with everything a reader needs to check them, that works with no network.

    Parameters
    ----------
    incidents : geopandas.GeoDataFrame
        See `geo.frame.COLUMNS`; EPSG:4326.
    article : Article or sequence of Article, optional
        Shown beside the map with places and incidents marked; by default ``incidents.attrs["articles"]``.
    mentions : sequence of Mention, or of such sequences, optional
        Places mentioned, one sequence for each article; by default ``incidents.attrs["mentions"]``.
    title : str, optional
        By default the title of the article, where there is one.
    basemap : str, sequence of str, or False, optional
        Online basemaps that a reader may switch on, by their names in xyzservices; by default
        OpenStreetMap, a topographic one and a satellite one. A name given is on when the page opens.
        With False (or ``"none"``) the page cannot make any request.
    places : Gazetteer, optional
        Where names of towns around the incidents and other names of a place are looked up; by default the
        bundled one. Opened when the map is first rendered.
    reports : sequence, optional
        Reports on the tables read (`geo.tables.read.TableReport`): what was left out is told in the page. By
        default ``incidents.attrs["report"]``.
    inputs : sequence of str or Path, optional
        Files that were read: the page names them with their SHA-256. By default the files of the articles
        and of the reports.
    language : str
        Language of the page as it opens: ``en``, ``az``, ``hy`` or ``ru``. A reader may choose another.
    packed_from : int
        From so many incidents on, the page carries them packed and draws them on one canvas.
    limit : int
        Above so many incidents, the page carries counts of them by squares of the map, type, status and time,
        and says so; `save` writes the incidents to a GeoParquet file beside the page.
    counted : maps.counting.Counted, optional
        Incidents that were counted batch by batch, and are in a file already: `incidents` is empty then.
    **options
        As for `folium.Map`. With ``location`` the map opens there, else around the incidents.

    Raises
    ------
    MapError
        For a language or a basemap that is not there.

    Examples
    --------
    >>> import geo
    >>> m = IncidentMap(geo.to_frame([]), title="Nothing yet")
    >>> m
    IncidentMap: no incidents
    """

    def __init__(
        self,
        incidents: geopandas.GeoDataFrame,
        *,
        article: Article | Sequence[Article] | None = None,
        mentions: Sequence[Any] | None = None,
        title: str | None = None,
        basemap: str | Sequence[str] | bool | None = None,
        places: Gazetteer | None = None,
        reports: Sequence[Any] = (),
        inputs: Sequence[str | os.PathLike[str]] | None = None,
        language: str = "en",
        packed_from: int = PACKED_FROM,
        limit: int = LIMIT,
        counted: counting.Counted | None = None,
        **options: Any,  # noqa: ANN401
    ) -> None:
        if language not in strings()["languages"]:
            raise MapError(f"Language {language!r} is not known: use {', '.join(strings()['languages'])}.")
        self.language = language
        self.inputs = inputs
        self.fitted = "location" not in options
        options.setdefault("tiles", None)
        options.setdefault("zoom_control", False)
        options.setdefault("maxZoom", 18)
        super().__init__(**options)
        page.Page(self).add_child(self)  # in place of the plain figure that folium gives it
        self.incidents = incidents
        self.articles = _articles(incidents, article)
        self.mentions = mention_groups(
            mentions if mentions is not None else incidents.attrs.get("mentions", ())
        )
        self.title = title or next((a.title for a in self.articles if a.title), "")
        self.online = surroundings.online(basemap)
        self.online_first = isinstance(basemap, str) and bool(self.online)
        self.gazetteer = places
        self.reports = reports
        self.tally = counted
        self.counted = counted is not None or len(incidents) > limit
        self.packed = self.counted or len(incidents) >= packed_from
        self.clustered = not self.packed and len(incidents) >= CLUSTERED_FROM
        #: File that the page names as holding the incidents, where it carries counts alone.
        self.rows_file: Path | None = None
        self.dataset = Dataset(self._records, "dateline-data")
        self.layers = {
            kind: IncidentLayer(kinds=[kind], name=name, show=show, dataset=self.dataset)
            for kind, (name, show) in KINDS.items()
        }
        for layer in self.layers.values():
            layer.add_to(self)

    def _records(self) -> Contents:
        gazetteer = self.gazetteer or _bundled()
        told = _told_rows(self.reports, self.incidents.attrs.get("report", ()))
        rows = list(islice(told, MOST_TOLD) if self.tally else told)
        more = sum(len(report.rows.ledger.odd()) for report in self.reports) - len(rows) if self.tally else 0
        counted = self.tally or (counting.count(self.incidents) if self.counted else None)
        columns = counted.columns if counted else columns_of(self.incidents, long=self.packed)
        if self.packed:
            columns = along_curve(columns)
        mentioned = [m for group in self.mentions for m in group]
        articles = self._articles_with(columns)
        named = place_records(columns.place_ids(), mentioned, gazetteer)
        incidents, parts = carried(columns, named, packed=self.packed)
        found = surroundings.points(columns)
        if not len(found):
            found = np.array([(p["lat"], p["lon"]) for p in named.values()]).reshape(-1, 2)
        in_text = {m.place.id for m in mentioned if m.place is not None}
        first = {
            "title": self.title,
            "families": families(),
            "strings": strings(self.language),
            "language": self.language,
            "kinds": [[kind, name, show] for kind, (name, show) in KINDS.items()],
            "incidents": incidents,
            "around": surroundings.around(columns) if self.packed else None,
            "dated": len(columns.coded["days"].values) > 1,
            "counted": counted and counted.told(self.rows_file.name if self.rows_file else None),
            "mentions": [mention_record(m, n) for n, group in enumerate(self.mentions) for m in group],
            "places": {k: v for k, v in named.items() if not self.packed or k in in_text},
            "online": self.online,
            "onlineFirst": self.online_first,
            "fitted": self.fitted,
            "clustered": self.clustered,
            "page": True,
        }
        later = {
            "strings": strings(),
            "columns": COLUMNS,
            "articles": articles,
            "basemap": _basemap(found, gazetteer),
            "towns": surroundings.towns(gazetteer, found) if gazetteer is not None else [],
            "left": list(_left_out(rows, more)),
            "made": {
                "gazetteer": gazetteer.version if gazetteer is not None else None,
                "licences": list(gazetteer.licences) if gazetteer is not None else [],
                "version": _version(),
                "merged": sum(r.counts()["duplicate"] for r in self.reports)
                if self.reports
                else sum(row["outcome"] == "duplicate" for row in rows),
                "inputs": list(_digests(self._files())),
            },
        }
        return Contents(first, later, parts)

    def _articles_with(self, columns: IncidentColumns) -> list[dict[str, Any]]:
        """Mark the articles with the incidents found in them, and those with their articles."""
        quoted = [c.codes > 0 for name in ("start", "end") if (c := columns.coded.get(name))]
        rows: list[dict[str, Any]] = []
        if self.articles and len(quoted) == 2:
            rows = [columns.row(n) for n in np.flatnonzero(quoted[0] & quoted[1]).tolist()]
        articles = article_records(self.articles, self.mentions, rows)
        held: list[int | None] = [None] * len(columns)
        for row in rows:
            held[row["n"]] = row.get("article")
        if rows:
            columns.coded["article"] = Coded.of(held, np.arange(len(columns)))
        return articles

    def _files(self) -> list[str]:
        if self.inputs is not None:
            return [os.fspath(path) for path in self.inputs]
        kept = (row.get("file") for row in self.incidents.attrs.get("report", ()))
        found = [*(a.path for a in self.articles), *(r.file for r in self.reports), *kept]
        return list(dict.fromkeys(str(path) for path in found if path))

    def render(self, **kwargs: object) -> None:  # type: ignore[override]
        """Add the map and what is on it to the figure; controls of layers last, for they name the layers."""
        for name in [k for k, child in self._children.items() if isinstance(child, folium.LayerControl)]:
            self._children.move_to_end(name)
        super().render(**kwargs)  # type: ignore[no-untyped-call]

    def start_script(self) -> str:
        """Return the script that joins the map to the page around it."""
        layers = ",".join(f"{kind}:{layer.get_name()}" for kind, layer in self.layers.items())
        return f'dateline.start("{self.dataset.name}",{self.get_name()},{{{layers}}});\n'

    @property
    def guests(self) -> bool:
        """Whether anything was added to the map beside its own layers."""
        return len(self._children) > len(self.layers)

    def tile_urls(self) -> list[str]:
        """List addresses of tiles that the page may ask for when a reader switches them on."""
        return [o["url"] for o in self.online] + [
            layer.tiles for layer in self._children.values() if isinstance(layer, folium.TileLayer)
        ]

    def beside(self, path: Path) -> Path | None:
        """Name the file that the incidents go to where the page, to be written to `path`, carries counts."""
        if not self.counted:
            return None
        self.rows_file = path.with_suffix(".parquet")
        self.dataset.forget()  # the page names the file
        return self.rows_file

    def to_html(self) -> str:
        """Return the page: the same bytes for the same input."""
        html: str = self.get_root().render()
        return html

    def save(self, outfile: str | bytes | Path | BinaryIO, close_file: bool = True, **_: object) -> None:
        """Write the page to a file, whole and at once.

        Where the page carries counts alone, the incidents go to a GeoParquet file of the same name beside it;
        of a binary file nobody knows the name: write them with `geo.write_incidents`.

        Parameters
        ----------
        outfile : str, Path or binary file
        close_file : bool
            Whether to close a file that was given open.

        Raises
        ------
        MapWriteError
            When the file cannot be written there; a file that was there stays as it was.
        """
        if isinstance(outfile, (str, bytes, os.PathLike)):
            path = Path(os.fsdecode(outfile))
            beside = self.beside(path)
            html = self.to_html()
            if beside is not None and self.tally is None:
                _write_rows(self.incidents, beside)
            page.write(html, path)
            return
        outfile.write(self.to_html().encode())
        if close_file:
            outfile.close()

    def __repr__(self) -> str:
        """Tell what is on the map, for a notebook or a terminal that does not show it."""
        count = len(self.incidents)
        said = [f"IncidentMap: {count or 'no'} incident{'' if count == 1 else 's'}"]
        if count:
            shown = self.incidents["status"].isin(SHOWN_STATUSES) & self.incidents.geometry.notna()
            types = self.incidents.loc[shown, "type"].value_counts(sort=True).head(5)
            kinds = ", ".join(f"{kind} {number}" for kind, number in types.items())
            said.append(f"{int(shown.sum())} on the map" + (f" ({kinds})" if kinds else ""))
            dates = self.incidents["date"].dropna().astype(str)
            if len(dates := dates[dates.str.match(r"\d{4}")]):
                said.append(f"{dates.min()} to {dates.max()}")
            said.append('.save("map.html") writes the page')
        return ", ".join(said)


def _write_rows(incidents: geopandas.GeoDataFrame, path: Path) -> None:
    """Write incidents as GeoParquet; of a frame with columns of its own, those."""
    if set(COLUMNS) <= set(incidents.columns):
        write_incidents(incidents, path)
        return
    bare = incidents.copy(deep=False)
    bare.attrs = {}
    with replacing(path) as fresh:
        bare.to_parquet(fresh, index=False)


def _articles(incidents: geopandas.GeoDataFrame, given: Article | Sequence[Article] | None) -> list[Article]:
    found = given if given is not None else incidents.attrs.get("articles", ())
    return [found] if isinstance(found, Article) else list(found)


def _told_rows(reports: Sequence[Any], kept: Iterable[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Tell what became of the rows of tables.

    Parameters
    ----------
    reports : sequence of geo.tables.read.TableReport
    kept : iterable of mapping
        What a frame keeps of such reports in its ``attrs["report"]``; told where there are no reports.
    """
    for report in reports:
        ledger = report.rows.ledger
        for at in sorted(ledger.odd(), key=lambda at: OUTCOMES[ledger.outcome[at]] != "rejected"):
            told = ledger.told(at)
            yield {"file": report.file, **{name: told[name] for name in _TOLD}}
    if not reports:
        yield from kept


def _left_out(rows: Iterable[Mapping[str, Any]], more: int = 0) -> Iterator[dict[str, Any]]:
    """Tell of rows that did not become incidents, or not wholly; first of all how many more there are."""
    for at, row in enumerate(rows):
        if more and not at:
            also = f"{more:,} more rows of this table have something to see: `dateline check` lists them"
            row = {**row, "messages": [*row["messages"], also]}
        if row["outcome"] in {"rejected", "warned"}:
            yield {
                "file": Path(str(row["file"])).name, "row": row["row"], "outcome": row["outcome"],
                "messages": [str(message) for message in row["messages"]],
                "candidates": [
                    {key: c.get(key) for key in ("id", "name", "lat", "lon", "score")}
                    for c in row.get("candidates", ())
                ][:8],
            }  # fmt: skip


def _digests(files: Iterable[str]) -> Iterator[dict[str, str]]:
    """Name files with the digest of what is in them; those that are gone are not named."""
    for path in files:
        try:
            with Path(path).open("rb") as file:
                yield {"name": Path(path).name, "sha256": hashlib.file_digest(file, "sha256").hexdigest()}
        except OSError:
            continue


def _version() -> str:
    try:
        return metadata.version("dateline")
    except metadata.PackageNotFoundError:
        return "(not installed)"


def _bundled() -> Gazetteer | None:
    from gazetteer import Gazetteer
    from gazetteer.errors import GazetteerMissingError

    try:
        return Gazetteer.load()
    except GazetteerMissingError:
        return None  # a map needs no gazetteer; it then lacks the towns around


def _basemap(found: NDArray[np.float64], gazetteer: Gazetteer | None) -> dict[str, Any]:
    from maps.basemap import clip

    clipped: dict[str, Any] = clip(surroundings.bounds_of(found), near=found)
    if gazetteer is not None:
        surroundings.name_labels(clipped["labels"], gazetteer)
    return clipped
