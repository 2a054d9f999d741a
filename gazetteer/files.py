"""Files of places that users bring: GeoNames dumps (plain or zipped), CSV tables, GeoJSON."""

from __future__ import annotations

import json
import math
import re
import zipfile
import zlib
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import IO, Any

from gazetteer.distance import distance_km
from gazetteer.errors import GazetteerError, GazetteerMissingError
from gazetteer.sources import GEONAMES, Record, read_table, table_row
from gazetteer.store import Store

#: Column counts of GeoNames files: https://download.geonames.org/export/dump/readme.txt
DUMP_COLUMNS, NAMES_COLUMNS, CODES_COLUMNS, HIERARCHY_COLUMNS = 19, (8, 10), 4, (2, 3)
_DIVISION = re.compile(r"[A-Z]{2}\.[^.]+(\.[^.]+)?")
#: What a key of a record begins with that says what its place lies in; see `placed_within`.
WITHIN = "within:"
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
        GeoNames' dumps, alternate names, admin codes and hierarchy (.txt, or the .zip they come in), a table
        (.csv, .tsv) with columns of `sources.COLUMNS`, or a GeoJSON FeatureCollection (.geojson, .json).

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
        number = _first_not_utf8(path)
        raise GazetteerError(
            f"{path.name}, line {number} is not UTF-8 text ({error.reason}): save it as UTF-8."
        ) from error
    if not records:
        raise GazetteerError(f"{path.name} holds no places: give another file.")
    return records


def _first_not_utf8(path: Path) -> int:
    number = 0
    with path.open("rb") as file:
        for line in file:
            number += 1
            try:
                line.decode()
            except UnicodeDecodeError:
                break
    return number


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


def _lines(file: IO[bytes], name: str) -> Iterator[tuple[int, str]]:
    """Lines of UTF-8 text with their numbers."""
    number = 0
    try:
        for number, line in enumerate(file, start=1):
            yield number, line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise GazetteerError(
            f"{name}, line {number} is not UTF-8 text ({error.reason}): save it as UTF-8, or fetch it again."
        ) from error
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise GazetteerError(f"{name} is damaged after line {number} ({error}): fetch it again.") from error


def _dump(file: IO[bytes], name: str) -> Iterator[Record]:
    ranked: list[list[Record]] = [[] for _ in range(max(RANKS) + 1)]
    for number, line in _lines(file, name):
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
        elif len(cells) == CODES_COLUMNS and _DIVISION.fullmatch(cells[0]) and cells[3].isdigit():
            yield _codes_row(cells)
        elif len(cells) in HIERARCHY_COLUMNS and cells[0].isdigit() and cells[1].isdigit():
            yield Record(
                f"geonames:{int(cells[1])}", keys=(f"{WITHIN}geonames:{int(cells[0])}",), source=GEONAMES
            )
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


def _codes_row(cells: list[str]) -> Record:
    """Read a line of admin1CodesASCII.txt or admin2Codes.txt: code, name, name in ASCII, GeoNames number."""
    code, name, plain, number = cells
    around = code.rpartition(".")[0] if code.count(".") > 1 else ""
    names = tuple(("", n) for n in dict.fromkeys((name, plain)) if n)
    return Record(
        f"geonames:{int(number)}", names=names, admin1=around, source=GEONAMES, keys=(f"code:{code}",)
    )


def placed_within(records: Iterable[Record], base: Store) -> Iterator[Record]:
    """Read what GeoNames' hierarchy.txt says into divisions; parents of other kinds are left out.

    Parameters
    ----------
    records : iterable of Record
        Those of a hierarchy have a key that says what they lie in.
    base : Store
        What is known beside them.
    """
    records = list(records)
    known = {record.id: record for record in records if record.feature}
    for record in records:
        parents = [key.removeprefix(WITHIN) for key in record.keys if key.startswith(WITHIN)]
        if not parents:
            yield record
            continue
        parent, row = known.get(parents[0]), base.row_of(parents[0])
        feature = (
            parent.feature if parent else base.meta["feature_codes"][base["feature"][row]] if row >= 0 else ""
        )
        if feature == "A.ADM1":
            yield replace(record, keys=(), admin1=parents[0])
        elif feature == "A.ADM2":
            yield replace(record, keys=(), admin2=parents[0])


def feature_of(base: Store, ident: str) -> str:
    """Feature of a place of a store, an empty string where there is none."""
    row = base.row_of(ident)
    return str(base.meta["feature_codes"][base["feature"][row]]) if row >= 0 else ""


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
