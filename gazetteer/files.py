"""Files of places that users bring: GeoNames dumps (plain or zipped), CSV tables, GeoJSON."""

from __future__ import annotations

import io
import json
import math
import zipfile
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import IO, Any

from gazetteer.distance import distance_km
from gazetteer.errors import GazetteerError, GazetteerMissingError
from gazetteer.sources import GEONAMES, Record, read_table, table_row

#: Column counts of GeoNames files: https://download.geonames.org/export/dump/readme.txt
DUMP_COLUMNS, NAMES_COLUMNS = 19, (8, 10)
#: What alternate-name files hold beside names: links, postal and airport codes.
NOT_NAMES = frozenset(
    {"link", "wkdt", "post", "iata", "icao", "faac", "tcid", "unlc", "uicn", "phon", "piny", "abbr"}
)
#: How names of one place rank by their flags: preferred and short (as people say it), preferred, neither,
#: short, colloquial, historic; at the position whose bits are preferred, short, colloquial, historic.
RANKS = tuple(
    5 if n & 1 else 4 if n & 2 else (0 if n & 4 else 1) if n & 8 else 3 if n & 4 else 2 for n in range(16)
)
PREFERRED, COLLOQUIAL, HISTORIC = 1, 4, 5  # the last rank that is preferred, and two ranks


def read_file(path: Path) -> list[Record]:
    """Read all places of a file, whatever its kind.

    Parameters
    ----------
    path : Path
        A GeoNames dump or alternate-names file (.txt, or the .zip it comes in), a table (.csv, .tsv) with
        columns of `sources.COLUMNS`, or a GeoJSON FeatureCollection (.geojson, .json; WGS 84).

    Raises
    ------
    GazetteerMissingError
        If the file is not there.
    GazetteerError
        If it cannot be used, naming file, line and column.
    """
    if not path.is_file():
        raise GazetteerMissingError(f"There is no file {path}: give the name of one that exists.")
    kind = path.suffix.lower()
    try:
        if kind == ".zip":
            records = _zipped(path)
        elif kind == ".txt":
            with path.open("rb") as file:
                records = list(_dump(file, path.name))
        elif kind in (".csv", ".tsv"):
            records = list(read_table(path, source=path.name, prefix=f"user:{path.stem}"))
        elif kind in (".geojson", ".json"):
            records = list(_geojson(path))
        else:
            raise GazetteerError(
                f"{path.name} is no kind of file known here: give a GeoNames .txt or .zip, a .csv, .tsv or "
                ".geojson."
            )
    except UnicodeDecodeError as error:
        raise GazetteerError(f"{path.name} is not UTF-8 text ({error.reason}): save it as UTF-8.") from error
    if not records:
        raise GazetteerError(f"{path.name} holds no places: give another file.")
    return records


def _zipped(path: Path) -> list[Record]:
    try:
        with zipfile.ZipFile(path) as archive, archive.open(dump_member(archive, path.name)) as file:
            return list(_dump(file, path.name))
    except zipfile.BadZipFile as error:
        raise GazetteerError(f"{path.name} is damaged or no .zip file ({error}): fetch it again.") from error


def dump_member(archive: zipfile.ZipFile, name: str) -> zipfile.ZipInfo:
    """Give the dump in an archive: its biggest .txt that is no readme."""
    inner = [
        i for i in archive.infolist() if i.filename.endswith(".txt") and "readme" not in i.filename.lower()
    ]
    if not inner:
        raise GazetteerError(f"{name} holds no GeoNames .txt file: give another file.")
    return max(inner, key=lambda i: i.file_size)


def check_dump(path: Path) -> None:
    """Read a dump line by line; the first that cannot be used is an error naming it."""
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive, archive.open(dump_member(archive, path.name)) as file:
            deque(_dump(file, path.name), maxlen=0)
    else:
        with path.open("rb") as file:
            deque(_dump(file, path.name), maxlen=0)


def _dump(file: IO[bytes], name: str) -> Iterator[Record]:
    ranked: list[list[Record]] = [[] for _ in range(max(RANKS) + 1)]
    for number, line in enumerate(io.TextIOWrapper(file, encoding="utf-8-sig", newline="\n"), start=1):
        cells = line.rstrip("\r\n").split("\t")
        if cells == [""] or (cells[0].startswith("#")):
            continue
        where = f"{name}, line {number}"
        if len(cells) == DUMP_COLUMNS:
            yield _dump_row(cells, where)
        elif len(cells) in NAMES_COLUMNS:
            found = _names_row(cells, where)
            if found is not None:
                ranked[found[0]].append(found[1])
        else:
            raise GazetteerError(
                f"{where}: {len(cells)} columns where a GeoNames dump has {DUMP_COLUMNS} parted by tabs; "
                "nothing was added, check the file."
            )
    # Of records of one place the later wins.
    yield from chain.from_iterable(reversed(ranked))


def _dump_row(cells: list[str], where: str) -> Record:
    (
        ident,
        name,
        plain,
        others,
        lat,
        lon,
        kind,
        code,
        country,
        _,
        admin1,
        admin2,
        _,
        _,
        people,
        _,
        _,
        zone,
        _,
    ) = cells
    try:
        number, y, x, population = int(ident), float(lat), float(lon), int(people or 0)
    except ValueError as error:
        raise GazetteerError(f"{where}: {error}; nothing was added, check the file.") from error
    if not (-90 <= y <= 90 and -180 <= x <= 180):
        raise GazetteerError(f"{where}, columns 5 and 6: {lat}, {lon} lies not on Earth; nothing was added.")
    names = dict.fromkeys(n for n in (plain, *others.split(",")) if n and n != name)
    inside = f"{country}.{admin1}" if admin1 and admin1 != "00" else ""
    # A division's own code names itself.
    keys: tuple[str, ...] = ()
    if kind == "A" and code == "ADM1" and inside:
        keys, inside, admin2 = (f"code:{inside}",), "", ""
    elif kind == "A" and code == "ADM2" and inside and admin2:
        keys, admin2 = (f"code:{inside}.{admin2}",), ""
    return Record(
        f"geonames:{number}", name or plain, y, x, tuple(("", n) for n in names),
        f"{kind}.{code}" if kind else "",
        country, inside, f"{inside}.{admin2}" if inside and admin2 else "", population or None, zone, None,
        GEONAMES,
        keys=keys,
    )  # fmt: skip


def _names_row(cells: list[str], where: str) -> tuple[int, Record] | None:
    """Read a line of alternate names: the name's rank, and a record of the name; None for links and codes."""
    if not (cells[0].isdigit() and cells[1].isdigit()):
        raise GazetteerError(
            f"{where}, columns 1 and 2: not the ids of an alternate-names file; nothing was added."
        )
    lang, name = cells[2], cells[3].strip()
    if lang in NOT_NAMES or not name:
        return None
    rank = RANKS[int("".join("1" if cell == "1" else "0" for cell in cells[4:8]), 2)]
    shown = name if lang == "en" and rank <= PREFERRED else ""
    return rank, Record(
        f"geonames:{int(cells[1])}", shown, names=((language_tag(lang, rank), name),), source=GEONAMES
    )


def language_tag(lang: str, rank: int) -> str:
    """Language of a name as the gazetteer keeps it: BCP 47, with its private use for names of the past.

    Examples
    --------
    >>> language_tag("ru", HISTORIC), language_tag("fr_1793", 2), language_tag("", COLLOQUIAL)
    ('ru-x-historic', 'fr-x-historic', 'x-colloquial')
    """
    lang, _, year = lang.partition("_")  # GeoNames has names of the French revolution under fr_1793
    lang = lang if len(lang.partition("-")[0]) in (0, 2, 3) else ""
    use = "historic" if rank == HISTORIC or year else "colloquial" if rank == COLLOQUIAL else ""
    return "-".join(filter(None, [lang, use and f"x-{use}"]))


def _geojson(path: Path) -> Iterator[Record]:
    from shapely.errors import GEOSException
    from shapely.geometry import shape

    try:
        features = json.loads(path.read_text("utf-8-sig"))["features"]
    except (json.JSONDecodeError, KeyError, TypeError) as error:
        raise GazetteerError(
            f"{path.name} is no GeoJSON FeatureCollection ({error}): check the file."
        ) from error
    for number, feature in enumerate(features, start=1):
        where = f"{path.name}, feature {number}"
        try:
            properties = feature.get("properties") or {}
            geometry = shape(feature["geometry"])
            point = geometry if geometry.geom_type == "Point" else geometry.representative_point()
            lat, lon = float(point.y), float(point.x)
        except (KeyError, TypeError, ValueError, AttributeError, GEOSException) as error:
            raise GazetteerError(f"{where} has no usable geometry ({error}): correct it.") from error
        if not (math.isfinite(lat) and -90 <= lat <= 90 and -180 <= lon <= 180):
            raise GazetteerError(
                f"{where} lies not on Earth ({lat}, {lon}): give degrees of WGS 84, longitude first."
            )
        name = str(properties.get("name") or "").strip()
        if not name:
            raise GazetteerError(f"{where} has no property `name`: give it one.")
        corners: Iterable[Any] = [] if geometry.geom_type == "Point" else geometry.envelope.exterior.coords
        reach = max((distance_km(lat, lon, y, x) for x, y in corners), default=None)
        row = {key: str(value) for key, value in properties.items() if isinstance(value, str | int | float)}
        row |= {"lat": str(lat), "lon": str(lon)}
        if reach is not None:
            row.setdefault("radius_km", str(round(reach, 1)))
            row.setdefault("feature", "L.RGN")
        record = table_row(row, where, path.name, f"user:{path.stem}")
        area = geometry.geom_type in ("Polygon", "MultiPolygon")
        yield replace(record, outline=geometry.wkt) if area else record
