"""KML and KMZ read, KML written: placemarks with a name, a time, a point or a line, and data of any kind.

Standard: OGC KML 2.3, https://docs.ogc.org/is/12-007r2/12-007r2.html (WGS 84, longitude first).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree
from zipfile import BadZipFile, ZipFile

import numpy as np

from gazetteer.distance import distances_km
from geo.errors import TableError
from geo.files import replacing
from geo.frame import COLUMNS, records
from geo.tables.geographic import precision_within
from geo.tables.sheets import Sheet, unique

if TYPE_CHECKING:
    import geopandas

NAMESPACE = "http://www.opengis.net/kml/2.2"
#: What XML 1.0 cannot hold, besides the controls no frame has.
UNFIT = re.compile("[\ud800-\udfff\ufffe\uffff]")


def read_kml(path: str | Path) -> Sheet:
    """Read the placemarks of a KML or KMZ file, in folders or not; each item of their data is a column.

    ``name``, ``description`` (markup left out), ``TimeStamp`` or ``TimeSpan`` and the point become columns
    unless the data has its own. Areas and lines are taken at the mean of their corners, with the radius that
    they reach, which is said.

    Raises
    ------
    TableError
        If the file is missing or is no KML.
    """
    path = Path(path)
    if not path.is_file():
        raise TableError(f"{path}: there is no such file.")
    try:
        text = path.read_bytes()
        text = _unpacked(text) if text.startswith(b"PK") else text
        if b"<!DOCTYPE" in text[:2000] or b"<!ENTITY" in text:
            raise TableError(f"{path.name}: it declares entities, which no KML needs; remove them.")
        root = ElementTree.fromstring(text)  # noqa: S314 - entities are refused above
    except (ElementTree.ParseError, LookupError, ValueError, BadZipFile) as error:
        if isinstance(error, TableError):
            raise
        raise TableError(f"{path.name}: it cannot be read as KML ({error}).") from None
    marks = [dict(_told(mark)) for mark in root.iter() if _tag(mark) == "Placemark"]
    shapes = [mark.pop("#shape", "") for mark in marks]
    names = list(dict.fromkeys(name for mark in marks for name in mark))
    rows = [[mark.get(name, "") for name in names] for mark in marks]
    notes = {
        at: f"the row is a {kind}: taken at the middle of its corners"
        for at, kind in enumerate(shapes)
        if kind
    }
    return Sheet.of(path.name, unique(names), rows, notes=notes)


def _unpacked(archive: bytes) -> bytes:
    """Give the document in a KMZ file: ``doc.kml``, or the first that ends so."""
    with ZipFile(BytesIO(archive)) as packed:
        names = [name for name in packed.namelist() if name.lower().endswith(".kml")]
        if not names:
            raise ValueError("there is no .kml file in the archive")
        return packed.read("doc.kml" if "doc.kml" in names else names[0])


def _tag(element: ElementTree.Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _told(mark: ElementTree.Element) -> Iterator[tuple[str, str]]:
    """Give what a placemark tells, by column; the items of its data win over its other parts."""
    data: dict[str, str] = {}
    for element in mark.iter():
        if _tag(element) == "Data":
            value = next((child for child in element if _tag(child) == "value"), None)
            data[element.get("name", "")] = (value.text or "") if value is not None else ""
        elif _tag(element) == "SimpleData":
            data[element.get("name", "")] = element.text or ""
    text = {
        _tag(element): (element.text or "").strip()
        for element in mark.iter()
        if _tag(element) in {"name", "description", "when", "begin", "end", "address"}
    }
    yield from data.items()
    ours = set(COLUMNS) <= set(data)  # a file of our own: nothing to be added
    for name, column in (("name", "name"), ("description", "description"), ("address", "address"),
                         ("when", "date"), ("begin", "date"), ("end", "date_end")):  # fmt: skip
        if text.get(name) and column not in data and not ours:
            yield column, _without_markup(text[name]) if name == "description" else text[name]
    if {"lat", "lon"} <= set(data):
        return
    corners = [
        corner.split(",")
        for element in mark.iter()
        if _tag(element) == "coordinates"
        for corner in (element.text or "").split()
    ]
    corners = [corner for corner in corners if len(corner) >= 2]
    if len(corners) == 1:
        yield "lat", corners[0][1]
        yield "lon", corners[0][0]
    elif corners:
        try:
            points = {(float(corner[1]), float(corner[0])) for corner in corners}
        except ValueError:
            return
        lats, lons = np.array(list(points)).T
        yield "lat", f"{lats.mean():.6f}"
        yield "lon", f"{lons.mean():.6f}"
        yield "#shape", "line or an area"
        if "radius_km" not in data:
            km = float(distances_km(lats.mean(), lons.mean(), lats, lons).max())
            yield "radius_km", f"{km:.1f}"
            yield "precision", precision_within(km)


def _without_markup(text: str) -> str:
    from html import unescape

    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


def write_kml(frame: geopandas.GeoDataFrame, path: Path) -> None:
    """Write a frame as KML: each incident a placemark, every column an item of its data."""
    kml = ElementTree.Element("kml", xmlns=NAMESPACE)
    document = ElementTree.SubElement(kml, "Document")
    for row, shape in zip(records(frame), frame.geometry, strict=True):
        mark = ElementTree.SubElement(document, "Placemark")
        _add(mark, "name", row["title"] or row["place"] or row["type"])
        if row["date"] and re.fullmatch(r"\d{4}(-\d\d){0,2}", row["date"]):
            if row["date_end"]:
                span = ElementTree.SubElement(mark, "TimeSpan")
                _add(span, "begin", row["date"])
                _add(span, "end", row["date_end"])
            else:
                _add(ElementTree.SubElement(mark, "TimeStamp"), "when", row["date"])
        data = ElementTree.SubElement(mark, "ExtendedData")
        for name in COLUMNS:
            value = ElementTree.SubElement(data, "Data", name=name)
            _add(value, "value", "" if row[name] is None else str(row[name]))
        if shape is not None:
            points = " ".join(f"{float(lon)!r},{float(lat)!r}" for lon, lat in shape.coords)
            _add(ElementTree.SubElement(mark, shape.geom_type), "coordinates", points)
    text = ElementTree.tostring(kml, encoding="utf-8", xml_declaration=True)
    with replacing(path) as fresh:
        fresh.write_bytes(text + b"\n")


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = UNFIT.sub("", text)
