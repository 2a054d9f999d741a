"""The incident as a value, the columns of its GeoDataFrame, and the way from one to the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from geo.errors import FrameError

if TYPE_CHECKING:
    import geopandas
    import numpy as np
    import pandas as pd

    from gazetteer.place import Place

#: Columns of the frame and of the CSV, in this order; a contract with other tools.
COLUMNS = (
    "id", "type", "status", "title", "description", "date", "date_end", "time", "time_end",
    "place", "place_id", "lat", "lon", "radius_km", "precision", "located_by", "confidence",
    "origin", "origin_id", "origin_lat", "origin_lon", "actors", "weapon", "killed", "wounded",
    "source", "url", "document", "start", "end", "quote",
)  # fmt: skip

#: Types of incident.
TYPES = (
    "firing", "shelling", "missile_strike", "air_strike", "drone_strike", "explosion", "clash", "attack",
    "protest", "riot", "arrest", "meeting", "call", "visit", "agreement", "ceasefire", "exercise",
    "statement", "other",
)  # fmt: skip

STATUSES = ("reported", "claimed", "contested", "denied", "planned")
PRECISIONS = ("exact", "settlement", "vicinity", "district", "region", "country")
LOCATED_BY = ("coordinates", "gazetteer", "inferred", "none")

#: The words a column may hold; any other column is free.
VOCABULARIES = {"type": TYPES, "status": STATUSES, "precision": PRECISIONS, "located_by": LOCATED_BY}

#: Columns of degrees, kilometres and shares (``float64``), and of counts and code points (``Int64``).
NUMBERS = frozenset({"lat", "lon", "radius_km", "confidence", "origin_lat", "origin_lon"})
COUNTS = frozenset({"killed", "wounded", "start", "end"})

#: C0 and C1 controls but tab and newline: never meant, and fatal to most formats.
CONTROL = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"

#: Statuses drawn by default; the rest sit in layers that are off.
SHOWN_STATUSES = frozenset({"reported", "claimed", "contested"})

#: Types that join two places and are drawn as links, never as a point.
LINK_TYPES = frozenset({"call"})


@dataclass(frozen=True, slots=True)
class Role:
    """A place and the part it plays in an incident.

    Attributes
    ----------
    role : str
        ``site``, ``target`` (fired at), ``origin`` (fired from), ``party`` (where a party sits, inferred).
    place : Place or None
        None where the name is not resolved.
    text : str
        The name as the source wrote it.
    start, end : int or None
        Code points in the document, end exclusive; None where the place is not named there.
    confidence : float
        0 to 1, of the place being the right one.
    why : str
        What decided, in words.
    """

    role: str
    place: Place | None
    text: str = ""
    start: int | None = None
    end: int | None = None
    confidence: float = 1.0
    why: str = ""


@dataclass(frozen=True, slots=True)
class Incident:
    """Something reported to have happened, be planned or be denied, at a time and a place, says a source.

    Field names are those of `COLUMNS`; `places` holds every place with its role, the first one of role
    site or target (for a link: the second party) being the incident's place. ``None`` is "not known" and
    never zero. ``killed`` and ``wounded`` keep a range as ``(low, high)`` in `ranges`.
    """

    id: str
    type: str
    status: str = "reported"
    title: str = ""
    description: str = ""
    date: str | None = None
    date_end: str | None = None
    time: str | None = None
    time_end: str | None = None
    places: tuple[Role, ...] = ()
    precision: str | None = None
    radius_km: float | None = None
    located_by: str = "none"
    confidence: float | None = None
    actors: tuple[str, ...] = ()
    weapon: str | None = None
    killed: int | None = None
    wounded: int | None = None
    source: str | None = None
    url: str | None = None
    document: str | None = None
    start: int | None = None
    end: int | None = None
    quote: str | None = None
    ranges: dict[str, tuple[int, int]] = field(default_factory=dict)
    why: str = ""

    @property
    def located(self) -> bool:
        """Whether a place with coordinates is known."""
        return any(r.place is not None for r in self.places)

    @property
    def on_map(self) -> bool:
        """Whether it is drawn by default: reported, claimed or contested, and located."""
        return self.status in SHOWN_STATUSES and self.located


class Beside(dict[str, Any]):
    """A mapping by incident that stands beside a frame; pandas copies attrs at each step, this needs none."""

    def __deepcopy__(self, memo: dict[int, Any]) -> Beside:
        return self


def precision_of(feature: str, radius_km: float | None = None) -> str:
    """Say how closely a gazetteer entry of this kind locates what happened at it.

    Parameters
    ----------
    feature : str
        GeoNames class and code, ``"P.PPL"`` (https://www.geonames.org/export/codes.html).
    radius_km : float, optional
        First-level divisions within 50 km count as districts, which they are like in some countries; seas and
        ranges beyond it as regions.

    Returns
    -------
    str
        One of `PRECISIONS`.
    """
    kind, _, code = feature.partition(".")
    wide = radius_km is not None and radius_km > 50
    if code.startswith("PCL"):
        return "country"
    if kind == "A":
        return "region" if code.startswith("ADM1") and (wide or radius_km is None) else "district"
    if kind == "P":
        return "settlement"
    if kind in {"S", "R"}:
        return "exact"
    return "vicinity" if kind in {"H", "T", "U", "V"} and not wide else "region"


def to_frame(incidents: Iterable[Incident], **attrs: object) -> geopandas.GeoDataFrame:
    """Turn incidents into a GeoDataFrame.

    Parameters
    ----------
    incidents : iterable of Incident
    **attrs
        Kept in ``frame.attrs``. ``why`` ({incident id: reasons in words}) and ``ranges`` ({incident id:
        {"killed": (low, high)}}) are added.

    Returns
    -------
    geopandas.GeoDataFrame
        `COLUMNS` and ``geometry`` (EPSG:4326), one row for each incident; see `build_frame`.
    """
    incidents = list(incidents)
    rows = [row_of(incident) for incident in incidents]
    frame = build_frame({name: [row.get(name) for row in rows] for name in COLUMNS})
    frame.attrs.update(attrs)
    frame.attrs["why"] = Beside((i.id, _why(i)) for i in incidents if _why(i))
    frame.attrs["ranges"] = Beside((i.id, dict(i.ranges)) for i in incidents if i.ranges)
    return frame


def _why(incident: Incident) -> str:
    return incident.why or "; ".join(dict.fromkeys(r.why for r in incident.places if r.why))


def _ends(incident: Incident) -> tuple[Role | None, Role | None]:
    """Choose the incident's place and its origin among its roles; a resolved place goes first."""

    def first(*roles: str) -> Role | None:
        fitting = [r for r in incident.places if r.role in roles]
        return next((r for r in fitting if r.place is not None), fitting[0] if fitting else None)

    parties = [r for r in incident.places if r.role == "party"]
    place, origin = first("site", "target"), first("origin")
    if incident.type in LINK_TYPES and len(parties) > 1:
        return place or parties[1], origin or parties[0]
    return place or (parties[0] if parties else None), origin


def row_of(incident: Incident) -> dict[str, Any]:
    """Lay an incident out as a row: a value for each of `COLUMNS`, None where it is not known."""
    row = {name: getattr(incident, name, None) for name in COLUMNS}
    row["actors"] = "; ".join(incident.actors)
    place, origin = _ends(incident)
    if place is not None:
        # A party is inferred from words such as "the Iranian general": the place's own name reads better.
        name = place.place.name if place.place and place.role == "party" else place.text
        row["place"] = name or (place.place.name if place.place else None)
    if place is not None and place.place is not None:
        row |= {"place_id": place.place.id, "lat": place.place.lat, "lon": place.place.lon}
        if row["radius_km"] is None:
            row["radius_km"] = place.place.radius_km
        row["precision"] = incident.precision or precision_of(place.place.feature, place.place.radius_km)
        if incident.located_by == "none":
            row["located_by"] = "inferred" if place.role == "party" else "gazetteer"
        if incident.confidence is None:
            row["confidence"] = place.confidence
    else:
        row |= {"located_by": "none", "precision": None, "radius_km": None}
    if origin is not None:
        name = origin.place.name if origin.place and origin.role == "party" else origin.text
        row["origin"] = name or (origin.place.name if origin.place else None)
        if origin.place is not None:
            row |= {
                "origin_id": origin.place.id,
                "origin_lat": origin.place.lat,
                "origin_lon": origin.place.lon,
            }
    return row


def build_frame(columns: Mapping[str, Sequence[Any] | pd.Series]) -> geopandas.GeoDataFrame:
    r"""Build the frame from columns of values, with the right type for each, and the geometry.

    Parameters
    ----------
    columns : mapping of str to sequence
        Keys from `COLUMNS` (what is missing is empty), all of one length. Empty and blank strings count
        as missing, control characters are dropped and line ends become ``\n``: no file format
        keeps them alike.

    Returns
    -------
    geopandas.GeoDataFrame
        `COLUMNS` in order, then ``geometry`` (EPSG:4326): ``Int64`` for counts and offsets, ``float64``
        (degrees, kilometres) for numbers, ``string`` for the rest. The geometry is a point (lon, lat)
        where the incident is located; a line from origin to place for a link whose two ends are known;
        None elsewhere.
    """
    import geopandas
    import numpy as np
    import pandas as pd

    length = len(next(iter(columns.values()), ()))
    nothing = [None] * length
    data: dict[str, Any] = {}
    for name in COLUMNS:
        values = columns.get(name, nothing)
        if name in NUMBERS | COUNTS:
            known = [None if value is None or pd.isna(value) else value for value in values]
            if name in NUMBERS:
                data[name] = np.array(
                    [np.nan if value is None else value for value in known], dtype="float64"
                )
            else:
                data[name] = pd.array(
                    [value if value is None else int(value) for value in known], dtype="Int64"
                )
    texts = [name for name in COLUMNS if name not in data]
    # All text at once: a call for each column would cost more than the work on small frames.
    clean = _clean(pd.Series([v for name in texts for v in columns.get(name, nothing)], dtype="string"))
    stripped = clean.str.strip()
    blank = stripped.eq("").fillna(value=True)
    clean, stripped = clean.mask(blank), stripped.mask(blank)
    for at, name in enumerate(texts):
        # A quote keeps the blanks at its ends, since its offsets count them.
        kept = clean if name == "quote" else stripped
        data[name] = kept.array[at * length : (at + 1) * length]
    table = pd.DataFrame(data, columns=list(COLUMNS))
    return geopandas.GeoDataFrame(table, geometry=geometry_of(table), crs="EPSG:4326")


def _clean(values: pd.Series) -> pd.Series:
    """Bring line ends to one form and drop control characters."""
    return values.str.replace("\r\n?", "\n", regex=True).str.replace(CONTROL, "", regex=True)


def geometry_of(table: pd.DataFrame) -> np.ndarray:
    """Points, and lines for links; see `build_frame`."""
    import numpy as np
    import shapely

    place = table[["lon", "lat"]].to_numpy("float64")
    origin = table[["origin_lon", "origin_lat"]].to_numpy("float64")
    at = np.isfinite(place).all(axis=1)
    link = table["type"].isin(list(LINK_TYPES)).to_numpy(bool)
    joined = link & at & np.isfinite(origin).all(axis=1)
    # Where a party sits is no scene: an inferred end of a link alone is never drawn as a point.
    alone = at & ~joined & ~(link & table["located_by"].eq("inferred").fillna(value=False).to_numpy(bool))
    shapes = np.full(len(table), None, dtype=object)
    if alone.any():
        shapes[alone] = shapely.points(place[alone])
    if joined.any():
        shapes[joined] = shapely.linestrings(np.stack([origin[joined], place[joined]], axis=1))
    return shapes


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """List the rows as dictionaries of plain Python values, `COLUMNS` in order, None for missing.

    Fit for `json.dumps`: no NaN, no numpy types.
    """
    import pandas as pd

    lists = []
    for name in COLUMNS:
        cells = frame[name].tolist()
        lists.append([None if cell is pd.NA or cell != cell else cell for cell in cells])  # NaN is not itself
    return [dict(zip(COLUMNS, row, strict=True)) for row in zip(*lists, strict=True)]


def validate(frame: geopandas.GeoDataFrame) -> None:
    """Check that a frame is one of incidents; the contract between reading and the map, in code.

    Raises
    ------
    FrameError
        Naming the row and the column: a column missing or of another type, no id or one met twice,
        a word outside its vocabulary, a place outside WGS 84 (or at half a coordinate), a
        coordinate reference system that is not EPSG:4326.
    """
    missing = [name for name in (*COLUMNS, "geometry") if name not in frame.columns]
    if missing:
        raise FrameError(f"The frame lacks {', '.join(missing)}: build it with geo.frame.build_frame.")
    if frame.crs is None or frame.crs.to_epsg() != 4326:
        raise FrameError(f"The frame is in {frame.crs}, not in EPSG:4326: call to_crs('EPSG:4326') on it.")
    for name in COLUMNS:
        want = "float64" if name in NUMBERS else "Int64" if name in COUNTS else "string"
        if str(frame[name].dtype) != want:
            raise FrameError(f"Column {name} holds {frame[name].dtype}, not {want}: cast it.")
    checks = [("id", frame["id"].isna(), "is missing"), ("id", frame["id"].duplicated(), "is met twice")]
    for name, words in VOCABULARIES.items():
        allowed = frame[name].isin(words) | (frame[name].isna() if name == "precision" else False)
        checks.append((name, ~allowed, f"is not one of {', '.join(words)}"))
    for name, limit in {"lat": 90, "origin_lat": 90, "lon": 180, "origin_lon": 180}.items():
        checks.append((name, frame[name].abs().gt(limit), f"is beyond {limit} degrees"))
    counts = ("radius_km", *sorted(COUNTS))
    checks.extend((name, frame[name].lt(0), "is negative") for name in counts)
    checks.append(("confidence", frame["confidence"].lt(0) | frame["confidence"].gt(1), "is outside 0 to 1"))
    checks.append(("lon", frame["lat"].isna() != frame["lon"].isna(), "is half a coordinate with lat"))
    for name, wrong, what in checks:
        bad = wrong.fillna(value=False).to_numpy(bool)
        if bad.any():
            at = int(bad.argmax())
            raise FrameError(f"Row {at + 1}, column {name}: {frame[name].iloc[at]!r} {what}.")
