"""Where the rows of a table happened, and from where: what their cells say, brought to the gazetteer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.factors import Column
from geo.tables.placing import locate_rows
from geo.tables.rows import Rows
from geo.tables.schemas import country_codes
from geo.tables.words import key

if TYPE_CHECKING:
    from geo.tables.directory import Directory
    from geo.tables.spots import Spots

#: Fields that say where.
WHERE = ("place", "place_id", "lat", "lon", "coordinates", "country", "admin1", "admin2", "precision",
         "radius_km", "located_by", "confidence")  # fmt: skip


def read_where(rows: Rows, directory: Directory) -> Spots:
    """Fill where it happened, and from where; return what was found besides, such as candidates."""
    cells = {name: rows.cells(name) for name in WHERE if rows.columns.of(name)}
    if not rows.columns.of("coordinates") and rows.columns.of("easting"):
        grid = zip(*(rows.cells(name) for name in ("zone", "easting", "northing")), strict=True)
        cells["coordinates"] = Column.of(" ".join(parts) if all(parts) else "" for parts in grid)
    if rows.schema and rows.schema.countries and "country" in cells:
        table = country_codes(rows.schema.countries)
        cells["country"] = cells["country"].mapped(lambda cell: table.get(cell.upper(), cell))
    codes = rows.schema.precision if rows.schema else {}
    spots = locate_rows(
        cells, directory, codes, live=rows.alive, reverse=_longitude_first(rows.heading("coordinates"))
    )
    rows.data |= spots.columns()
    fields = ("place", "lat", "lon", "coordinates")
    told = ", ".join(heading for name in fields for heading in rows.columns.of(name)) or "place"
    for row, texts in spots.warnings.items():
        for text in texts:
            rows.warn(row, f"{told}: {text}")
    for row, texts in spots.errors.items():
        rows.reject(row, f"{told}: {'; '.join(texts)}")
    _read_origins(rows, directory)
    return spots


def _longitude_first(heading: str) -> bool:
    """Whether a heading such as "Longitude, latitude" says so."""
    order = [word[:3] for word in key(heading).split() if word[:3] in {"lat", "lon", "lng"}]
    return order[:1] in (["lon"], ["lng"]) and "lat" in order


def _read_origins(rows: Rows, directory: Directory) -> None:
    """Fill from where; what cannot be found leaves the origin a name, and is said."""
    fields = {"place": "origin", "place_id": "origin_id", "lat": "origin_lat", "lon": "origin_lon"}
    cells = {name: rows.cells(column) for name, column in fields.items()}
    rows.data["origin"] = cells["place"]
    live = rows.alive & np.any([column.filled for column in cells.values()], axis=0)
    if not live.any():
        rows.data["origin_id"] = Column.blank(rows.size)
        rows.data |= {name: np.full(rows.size, np.nan) for name in ("origin_lat", "origin_lon")}
        return
    # Rows of our own say how they were located: their origin stands as written, found or not.
    cells["located_by"] = Column.of(
        "" if not how else "none" if not (ident or lat) else "gazetteer"
        for how, ident, lat in zip(rows.cells("located_by"), cells["place_id"], cells["lat"], strict=True)
    )
    spots = locate_rows(cells, directory, {}, live=live)
    rows.data |= {f"origin_{name}": getattr(spots, name) for name in ("lat", "lon")}
    rows.data["origin_id"] = spots.place_id.column()
    for messages in (spots.warnings, spots.errors):
        for row, texts in messages.items():
            if told := "; ".join(text for text in texts if not text.startswith("located_by")):
                rows.warn(row, f"{rows.heading('origin')}: {told}")
