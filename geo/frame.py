"""The incident as a value, the columns of its GeoDataFrame, and the way from one to the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import geopandas

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


def to_frame(incidents: Iterable[Incident], **attrs: Any) -> geopandas.GeoDataFrame:
    """Turn incidents into a GeoDataFrame with `COLUMNS` and ``geometry``, EPSG:4326."""
    raise NotImplementedError
