"""What the command line is given: which files, of which kind, read how, written where."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from gazetteer.errors import DatelineError
from geo.files import expand
from geo.tables.rejects import is_rejects

if TYPE_CHECKING:
    from gazetteer import Gazetteer
    from geo.articles import Article
    from geo.incidents import Reading
    from geo.tables.reports import TableReport

ARTICLES = (".txt", ".md", ".html", ".htm")
PAGES = (".html", ".htm")
#: Characters from the start of a page in which it says what it counts; how: see `maps.counting.Counted`.
HEAD = 1_000_000
_ROWS = re.compile(r'"step":"\w+","rows":("(?:[^"\\]|\\.)*")')
TABLES = (
    ".csv", ".tsv", ".xlsx", ".xlsm", ".geojson", ".json", ".gpkg", ".kml", ".kmz", ".parquet", ".geoparquet",
    ".shp", ".fgb",
)  # fmt: skip
PACKAGES = ("gazetteer", "geo", "maps")


class InputError(DatelineError, ValueError):
    """A file or value given on the command line cannot be used."""


def is_article(path: Path) -> bool:
    """Whether a file is read as text rather than as a table."""
    return path.suffix.lower() in ARTICLES


def is_folder(path: Path) -> bool:
    """Whether an output is to be a folder of GeoParquet where the work is spread over machines."""
    return path.is_dir() or path.suffix.lower() in ("", ".parquet")


def collect(
    paths: Sequence[Path], *, articles_only: bool = False, outputs: Iterable[Path] = ()
) -> list[Path]:
    """Expand patterns, and folders to the files in them that can be read; name each file once.

    What is written into a folder (`outputs`) is no input when the folder is read again.

    Raises
    ------
    InputError
        For a file that is missing or of a kind that is not read, and for a folder with nothing in it.
    """
    kinds = ARTICLES if articles_only else ARTICLES + TABLES
    files: list[Path] = []
    own = written(outputs)
    for path in (one for pattern in paths for one in expand(pattern)):
        if path.is_dir():
            inside = sorted(p for p in path.iterdir() if p.suffix.lower() in kinds and p.is_file())
            inside = [p for p in inside if p.resolve() not in own and not is_rejects(p)]
            if not inside:
                raise InputError(f"{path}: no file in this folder is one of {' '.join(kinds)}.")
            files += inside
        elif existing(path).suffix.lower() not in kinds:
            raise InputError(
                f"{path}: files ending in {path.suffix or 'nothing'} are not read; use {' '.join(kinds)}."
            )
        else:
            files.append(path)
    return list(dict.fromkeys(files))


def written(outputs: Iterable[Path]) -> set[Path]:
    """Resolve what is written, with the file of rows that a page there names as standing beside it."""
    found = set()
    for path in outputs:
        found.add(path.resolve())
        rows = path.with_suffix(".parquet")
        if path.suffix.lower() in PAGES and rows.is_file() and _named_rows(path) == rows.name:
            found.add(rows.resolve())
    return found


def _named_rows(page: Path) -> str | None:
    """Tell what file a page that carries counts says to hold the incidents."""
    try:
        with page.open(encoding="utf-8", errors="replace") as file:
            told = _ROWS.search(file.read(HEAD))
    except OSError:
        return None
    return json.loads(told[1]) if told else None


def existing(path: Path) -> Path:
    """Give back the path of a file that is there.

    Raises
    ------
    InputError
        If it is not.
    """
    if not path.exists():
        raise InputError(f"{path}: there is no such file; check the name.")
    return path


def read_article(path: Path, places: Gazetteer, published: str | None) -> Reading:
    """Read an article's places and incidents in one pass; say so if it is not in English."""
    from geo import articles, incidents

    article = articles.read_article(path, published=published)
    _note_language(article)
    return incidents.read(article, places)


def _note_language(article: Article) -> None:
    from geo.toponyms import tongues
    from maps import printing

    if warning := tongues.reading_note(article.text):
        printing.note(f"{article.path}: {warning}")


def read_table(path: Path, places: Gazetteer, fields: Mapping[str, str] | None = None) -> TableReport:
    """Read a table: the incidents in it, and what became of each row."""
    from geo.tables import read as tables

    return tables.check(path, places, map=fields)


def read_on(
    scheduler: str,
    files: Sequence[Path],
    places: Gazetteer,
    published: str | None,
    fields: Mapping[str, str] | None = None,
) -> list[Reading | TableReport]:
    """Read articles and tables on the workers of a Dask scheduler; say which could not be read.

    Raises
    ------
    InputError
        If none could.
    ClusterError
        See `geo.cluster.connect` and `geo.cluster.read_each`.
    """
    from geo import cluster
    from geo.incidents import Reading
    from maps import printing

    with cluster.connect(scheduler) as client:
        parts = cluster.read_each(files, places, client, published=published, map=fields)
        done = sorted(printing.progress(parts, "reading", len(files)), key=lambda part: part.at)
    failed = [part.error for part in done if part.result is None]
    if failed and len(failed) == len(files):
        raise InputError(failed[0])
    for sentence in failed:
        printing.note(sentence)
    if failed:
        printing.note(f"{len(failed)} of {len(files)} files could not be read and are left out.")
    results = [part.result for part in done if part.result is not None]
    for result in results:
        if isinstance(result, Reading):
            _note_language(result.article)
    return results


def parse_mapping(pairs: Iterable[str]) -> dict[str, str]:
    """Read ``column=field`` pairs; the last ``=`` parts them, and an empty field leaves the column out."""
    fields: dict[str, str] = {}
    for pair in pairs:
        column, equals, field = (part.strip() for part in pair.rpartition("="))
        if not equals or not column:
            raise InputError(f"--map {pair}: write column=field, such as --map 'Ort=place'.")
        if fields.setdefault(column, field) != field:
            raise InputError(f"--map {pair}: {column} is said to be {fields[column]} already; say it once.")
    return fields


def parse_point(text: str) -> tuple[float, float]:
    """Read ``LAT,LON`` in degrees."""
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        raise InputError(f"--near {text}: write two numbers in degrees, such as 40.1,45.8.") from None
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise InputError(f"--near {text}: latitude goes from -90 to 90 and longitude from -180 to 180.")
    return lat, lon


def check_packages() -> None:
    """Stop when another distribution owns one of our generic package names.

    Raises
    ------
    InputError
        Naming the package and the distribution that brought it.
    """
    owners = metadata.packages_distributions()
    for package in PACKAGES:
        others = [name for name in owners.get(package, ()) if name != "dateline"]
        if others:
            raise InputError(
                f"The package `{package}` here comes from {others[0]}, not from dateline: "
                "install dateline in a virtual environment of its own."
            )
