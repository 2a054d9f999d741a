"""Columns packed for pages of many incidents: along a curve through the map, as bytes, deflated.

Rows follow the Morton curve (Morton, 1966, "A computer oriented geodetic data base") over the square of Web
Mercator, those with no place last. Rows near each other on the map then stand near each other in the file, so
that differences are small, and each square of the map at any zoom is one range of rows.
``static/js/unpack.js`` reads what is written here. What the map draws comes first and by itself, so that a
page can show it while the rest of the file is still being read.
"""

from __future__ import annotations

import base64
import json
import os
import zlib
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from maps.columns import Coded, IncidentColumns

#: Rows whose texts are deflated together, and places.
ROWS_IN_BLOCK, PLACES_IN_BLOCK = 1024, 256

#: Between texts of a block: frames hold no such character, or lose it here.
MARK = "\0"

#: Columns that another often decides; they are then given by a table.
FOLLOWING = (("family", "type"), ("layer", "status"), ("days", "date"))

#: Columns that the map is drawn from, beside lat and lon; none of another column follows one of them.
DRAWN = frozenset(
    ["type", "status", "family", "layer", "line", "drawn", "located_by", "radius_km", "precision",
     "origin_lat", "origin_lon", "origin_radius", "weight"]
)  # fmt: skip

#: Latitude where the square of Web Mercator ends, in degrees.
EDGE = 85.0511287798066


def curve(lat: NDArray[np.float64], lon: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Give points' places on the Morton curve over the square of Web Mercator, 32 bits a side.

    Parameters
    ----------
    lat, lon : ndarray of float64, shape (n,)
        Degrees; latitudes beyond `EDGE` count as it.
    """
    sine = np.sin(np.radians(np.clip(lat, -EDGE, EDGE)))
    y = 0.5 - np.log((1 + sine) / (1 - sine)) / (4 * np.pi)
    x = lon / 360 + 0.5
    side = np.float64(2**32)
    x_int, y_int = ((np.clip(v, 0, 1 - 2.0**-32) * side).astype(np.uint64) for v in (x, y))
    return _spread(x_int) | (_spread(y_int) << np.uint64(1))


def _spread(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Put a zero between the bits of 32."""
    for shift, mask in (
        (16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
        (2, 0x3333333333333333), (1, 0x5555555555555555),
    ):  # fmt: skip
        values = (values | (values << np.uint64(shift))) & np.uint64(mask)
    return values


def along_curve(columns: IncidentColumns) -> IncidentColumns:
    """Sort rows along the curve, those with no place last; else as they stood."""
    somewhere = ~np.isnan(columns.lat)
    place = np.full(len(columns), np.iinfo(np.uint64).max)
    place[somewhere] = curve(columns.lat[somewhere], columns.lon[somewhere])
    return columns.take(np.argsort(place, kind="stable"))


@dataclass(frozen=True)
class Packed:
    """What a page carries in place of a list of incidents.

    Attributes
    ----------
    contents : dict
        Fit for JSON: ``count``; ``segments``: of each part but the texts, and of each segment in it, its
        name and bytes when inflated.
    parts : dict of str to str
        Base64: ``rows``, the segments that the map is drawn from, one after the other; ``more``, those of all
        other columns; ``texts``, the blocks of texts and places, each by itself, padded.
    """

    contents: dict[str, Any]
    parts: dict[str, str]


def pack(columns: IncidentColumns, places: Sequence[dict[str, Any]]) -> Packed:
    """Pack columns that `along_curve` has sorted.

    Parameters
    ----------
    columns : IncidentColumns
    places : sequence of dict
        Places as `maps.records.place_record` describes them; each is fetched with the card that shows it.
    """
    held = {name: column for name, column in columns.coded.items() if len(column.values) > 1}
    located = int((~np.isnan(columns.lat)).sum())
    blocks = [
        *_text_blocks(list(columns.texts.values()), len(columns)),
        *(
            json.dumps(places[k : k + PLACES_IN_BLOCK], ensure_ascii=False, separators=(",", ":"))
            for k in range(0, len(places), PLACES_IN_BLOCK)
        ),
    ]
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        packed = list(threads.map(deflated, (block.encode("utf-8", "replace") for block in blocks)))
        raw = {
            "rows": [
                *_segments({n: c for n, c in held.items() if n in DRAWN}, {"located": located}),
                *((name, _degrees(getattr(columns, name)[:located])) for name in ("lat", "lon")),
            ],
            "more": _segments(
                {n: c for n, c in held.items() if n not in DRAWN},
                {
                    "texts": list(columns.texts),
                    "rowsInBlock": ROWS_IN_BLOCK,
                    "placesInBlock": PLACES_IN_BLOCK,
                    "places": [place["id"] for place in places],
                    "blocks": [len(block) for block in packed],
                },
            ),
        }
        joined = (b"".join(data for _, data in segments) for segments in raw.values())
        parts = dict(zip(raw, threads.map(deflated, joined), strict=True))
    sizes = {part: [[name, len(data)] for name, data in segments] for part, segments in raw.items()}
    return Packed({"count": len(columns), "segments": sizes}, parts | {"texts": "".join(packed)})


def _segments(columns: dict[str, Coded], head: dict[str, Any]) -> list[tuple[str, bytes]]:
    """Write columns, one segment each, after a head with their values."""
    following = {
        name: [of, table]
        for name, of in FOLLOWING
        if name in columns
        and of in columns
        and (table := _table(columns[name].codes, columns[of].codes)) is not None
    }
    head |= {"columns": {name: column.values for name, column in columns.items()}, "following": following}
    return [
        ("head", json.dumps(head, ensure_ascii=False, allow_nan=False).encode("utf-8", "replace")),
        *((name, _planes(c.codes, len(c.values))) for name, c in columns.items() if name not in following),
    ]


def _table(codes: NDArray[np.uint32], of: NDArray[np.uint32]) -> list[int] | None:
    """Tell the code that goes with each code of another column; None where it is not always the same."""
    table = np.zeros(int(of.max(initial=0)) + 1, dtype=np.uint32)
    table[of] = codes
    return table.tolist() if np.array_equal(table[of], codes) else None


def deflated(data: bytes) -> str:
    """Deflate (RFC 1950, which the browser calls ``deflate``) and write as base64."""
    return base64.b64encode(zlib.compress(data, 6)).decode("ascii")


def _degrees(values: NDArray[np.float64]) -> bytes:
    """Write degrees as differences in millionths, signs last, in planes of bytes."""
    whole = np.round(values * 1e6).astype(np.int64)
    steps = whole.copy()
    steps[1:] -= whole[:-1]
    return _planes((steps << 1) ^ (steps >> 63), 2**32)


def _planes(values: NDArray[Any], most: int) -> bytes:
    """Write whole numbers below `most` as planes of bytes, lowest first: alike bytes stand together."""
    width = next(w for w in (1, 2, 4) if most <= 256**w)
    words = values.astype(f"<u{width}")
    return words.view(np.uint8).reshape(-1, width).T.tobytes()


def _text_blocks(texts: Sequence[pa.Array], length: int) -> Iterable[str]:
    """Join the texts of each block of rows, column after column."""
    if not texts or not length:
        return []
    edges = pa.array([*range(0, length, ROWS_IN_BLOCK), length], pa.int64())
    mark = pa.scalar(MARK, pa.large_string())
    joined = [
        pc.binary_join(
            pa.LargeListArray.from_arrays(edges, pc.replace_substring(pc.fill_null(t, ""), MARK, "\ufffd")),
            mark,
        ).to_pylist()
        for t in texts
    ]
    return [MARK.join(parts) for parts in zip(*joined, strict=True)]
