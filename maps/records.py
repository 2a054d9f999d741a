"""From incidents, mentions and articles to the plain records that the page is built from.

Everything here is JSON-ready: dictionaries, lists, strings, finite numbers and None. Nothing is HTML.
"""

from __future__ import annotations

import calendar
import csv
import datetime
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.frame import COLUMNS, LINK_TYPES, SHOWN_STATUSES
from maps.errors import MapError

if TYPE_CHECKING:
    import geopandas

    from gazetteer import Gazetteer
    from gazetteer.place import Place
    from geo.articles import Article
    from geo.mentions import Mention

STATIC = Path(__file__).parent / "static"

#: What is drawn, in drawing order: kind, name in the list of layers, and whether it is on at first.
KINDS: dict[str, tuple[str, bool]] = {
    "circles": ("Uncertainty circles", True),
    "mentions": ("Places mentioned", True),
    "fire": ("Lines of fire", True),
    "links": ("Links: calls and visits", True),
    "planned": ("Planned", False),
    "denied": ("Denied", False),
    "incidents": ("Incidents", True),
}

#: Types whose origin is where somebody came or called from: an arc, where others get a line of fire.
ARC_TYPES = LINK_TYPES | {"visit"}

_NUMBERS = frozenset(
    ["lat", "lon", "radius_km", "confidence", "origin_lat", "origin_lon", "killed", "wounded", "start", "end"]
)
_EDTF = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_EPOCH = datetime.date(1970, 1, 1).toordinal()


@cache
def families() -> tuple[dict[str, Any], ...]:
    """Return the families of incident types with colour, shape and types, as in symbols.toml."""
    return tuple(tomllib.loads((STATIC / "symbols.toml").read_text("utf-8"))["family"])


@cache
def strings() -> dict[str, Any]:
    """Return the words of the interface, from strings.csv.

    Returns
    -------
    dict
        ``languages``: ISO 639-1 codes; ``words``: for each key one text per language, in that order.
        ``{name}`` stands for a value; bars part the forms that go with a number, or the items of a list.
    """
    with (STATIC / "strings.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    return {"languages": heading[1:], "words": {row[0]: row[1:] for row in rows}}


def days(date: str | None, date_end: str | None = None) -> list[int] | None:
    """Turn a date, or an interval of dates, into its first and last day.

    Parameters
    ----------
    date, date_end : str or None
        ISO 8601, or EDTF where only the year or the month is known (``2023``, ``2023-08``).

    Returns
    -------
    list of int, or None
        First and last day, counted from 1970-01-01; None where no year is stated or it is no date.
    """
    first, last = _span(date), _span(date_end)
    if first is None:
        return None
    return [first[0], max(first[1], last[1] if last else first[1])]


def _span(date: str | None) -> tuple[int, int] | None:
    found = _EDTF.match(date or "")
    if not found:
        return None
    year, month, day = (int(part) if part else None for part in found.groups())
    try:
        start = datetime.date(year or 0, month or 1, day or 1)
        if day:
            end = start
        elif month:
            end = start.replace(day=calendar.monthrange(start.year, month)[1])
        else:
            end = datetime.date(start.year, 12, 31)
    except ValueError:
        return None
    return start.toordinal() - _EPOCH, end.toordinal() - _EPOCH


def incident_records(frame: geopandas.GeoDataFrame) -> list[dict[str, Any]]:
    """List the incidents of a frame.

    Parameters
    ----------
    frame : geopandas.GeoDataFrame
        Columns of `geo.frame.COLUMNS`, most of them optional. Without ``lat`` and ``lon`` the points of
        the geometry are used (any CRS; brought to EPSG:4326).

    Returns
    -------
    list of dict
        The columns, None where empty, and besides: ``n`` (number in the list), ``family``, ``layer``
        (a key of `KINDS`), ``line`` (``arc``, ``fire`` or None), ``drawn`` (whether it has a place on the
        map), ``days`` (see `days`), ``why``, ``killed_range`` and ``wounded_range`` (low, high, where the
        source gives a range). ``actors`` is a list.

    Raises
    ------
    MapError
        When the frame has neither an ``id`` nor a ``type`` nor a place: it is no frame of incidents.
    """
    if not len(frame.columns) or not ({"id", "type", "lat", "place", "geometry"} & set(frame.columns)):
        raise MapError(
            "The frame to draw has none of the columns id, type, place, lat or geometry: "
            "build it with geo.find_incidents or geo.read_incidents."
        )
    columns = {name: _column(frame, name) for name in COLUMNS}
    if "lat" not in frame.columns or "lon" not in frame.columns:
        columns["lat"], columns["lon"] = _points(frame)
    whys: Mapping[str, str] = frame.attrs.get("why", {})
    ranges: Mapping[str, Any] = frame.attrs.get("ranges", {})
    family_of = {t: f["id"] for f in families() for t in f["types"]}
    out = []
    for n, values in enumerate(zip(*columns.values(), strict=True)):
        row: dict[str, Any] = dict(zip(columns, values, strict=True))
        row["id"] = row["id"] or f"row-{n + 1}"
        row["type"] = row["type"] or "other"
        row["status"] = row["status"] or "reported"
        row["actors"] = [a for a in re.split(r"\s*;\s*", row["actors"] or "") if a]
        _drop_impossible(row)
        at, origin = row["lat"] is not None, row["origin_lat"] is not None
        row["n"] = n
        row["family"] = family_of.get(row["type"], "other")
        row["line"] = ("arc" if row["type"] in ARC_TYPES else "fire") if at and origin else None
        # A call is a link between two places; with one end unknown there is nothing true to draw.
        link = row["type"] in LINK_TYPES
        row["drawn"] = at and not (link and row["line"] is None and row["located_by"] == "inferred")
        row["layer"] = _layer(row["status"], link=link and row["line"] is not None)
        row["days"] = days(row["date"], row["date_end"])
        row["why"] = _text(whys.get(row["id"]))
        row["ranges"] = {k: [int(x) for x in v] for k, v in ranges.get(row["id"], {}).items()} or None
        out.append(row)
    return out


def _layer(status: str, *, link: bool) -> str:
    if status in SHOWN_STATUSES:
        return "links" if link else "incidents"
    return "denied" if status == "denied" else "planned"


def _column(frame: geopandas.GeoDataFrame, name: str) -> list[Any]:
    if name not in frame.columns:
        return [None] * len(frame)
    column = frame[name]
    values = column.astype("object").where(column.notna(), None).tolist()
    if name in _NUMBERS:
        return [_number(value) for value in values]
    if name == "actors":
        values = ["; ".join(map(str, v)) if isinstance(v, (list, tuple)) else v for v in values]
    return [_text(value) for value in values]


def _points(frame: geopandas.GeoDataFrame) -> tuple[list[Any], list[Any]]:
    nothing: list[Any] = [None] * len(frame)
    if "geometry" not in frame.columns:
        return nothing, list(nothing)
    shapes = frame.geometry if frame.crs is None else frame.geometry.to_crs("EPSG:4326")
    points = [s.representative_point() if s is not None and not s.is_empty else None for s in shapes]
    return [p and _number(p.y) for p in points], [p and _number(p.x) for p in points]


def _number(value: object) -> float | int | None:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return None
    if number != number or abs(number) == float("inf"):
        return None
    return int(number) if number.is_integer() else round(number, 6)


def _text(value: object) -> str | None:
    text = None if value is None else str(value)
    return text if text and text.strip() else None


def _drop_impossible(row: dict[str, Any]) -> None:
    """Blank half a coordinate and one off the Earth: better in the list than at a wrong place."""
    for lat, lon in (("lat", "lon"), ("origin_lat", "origin_lon")):
        if row[lat] is None or row[lon] is None or abs(row[lat]) > 90 or abs(row[lon]) > 180:
            row[lat] = row[lon] = None


def place_record(place: Place) -> dict[str, Any]:
    """Describe a place: name, all other names by language, what it lies in, what must be known of it."""
    names = [[lang, list(values)] for lang, values in sorted(place.names.items())]
    return {
        "id": place.id, "name": place.name, "label": place.label, "names": names,
        "lat": round(place.lat, 6), "lon": round(place.lon, 6), "radius_km": place.radius_km,
        "feature": place.feature, "country": place.country,
        "within": [a for a in (place.admin2, place.admin1) if a and a != place.name],
        "note": place.note, "source": place.source,
    }  # fmt: skip


def mention_record(mention: Mention, document: int) -> dict[str, Any]:
    """Describe a mention; its candidates carry what a ghost marker needs."""
    return {
        "text": mention.text, "use": mention.use, "confidence": round(mention.confidence, 3),
        "why": mention.why, "document": document, "place": mention.place and mention.place.id,
        "candidates": [
            {"id": c.place.id, "name": c.place.label, "lat": round(c.place.lat, 6),
             "lon": round(c.place.lon, 6), "score": round(c.score, 3), "why": "; ".join(c.why)}
            for c in mention.candidates[:6]
        ],
    }  # fmt: skip


def place_records(
    incidents: Sequence[Mapping[str, Any]],
    mentions: Iterable[Mention],
    gazetteer: Gazetteer | None,
) -> dict[str, dict[str, Any]]:
    """Describe every place of the incidents and the mentions, by id.

    Places come with the mentions; those of incidents read from a table are looked up, where there is a
    gazetteer.
    """
    places = {m.place.id: place_record(m.place) for m in mentions if m.place is not None}
    wanted = {i[key] for i in incidents for key in ("place_id", "origin_id") if i[key]}
    for place_id in sorted(wanted - places.keys()):
        if gazetteer is None:
            break
        try:
            places[place_id] = place_record(gazetteer.get(place_id))
        except KeyError:
            continue  # an id from somebody else's table: the incident keeps its own name and point
    return dict(sorted(places.items()))


def article_records(
    articles: Sequence[Article],
    mentions: Sequence[Sequence[Mention]],
    incidents: Sequence[dict[str, Any]],
) -> list[dict[str, Any]]:
    """Cut articles into paragraphs, sentences and runs, marked with incidents and mentions.

    Offsets stay here: Python counts code points, JavaScript does not. Each incident found in an article
    gets its number as ``article``.

    Returns
    -------
    list of dict
        ``title``, ``source``, ``url``, ``published``, ``path`` and ``paragraphs``: lists of
        ``{"incidents": [n, ...], "runs": [[text, mention or None], ...]}``, where mentions are numbered
        through all articles in order.
    """
    out = []
    first = 0
    for number, article in enumerate(articles):
        own = [i for i in incidents if _belongs(i, number, articles)]
        for incident in own:
            incident["article"] = number
        marks = mentions[number] if number < len(mentions) else ()
        spans = [(i["start"], i["end"], i["n"]) for i in own]
        named = [(m.start, m.end, first + k) for k, m in enumerate(marks)]
        first += len(marks)
        out.append(
            {
                "title": article.title,
                "source": article.source,
                "url": article.url,
                "published": article.published,
                "path": article.path and Path(article.path).name,
                "paragraphs": _paragraphs(article.text, spans, named),
            }
        )
    return out


def _belongs(incident: Mapping[str, Any], number: int, articles: Sequence[Article]) -> bool:
    """Whether an incident's sentence is this article's: the document says so, and the words are there."""
    article, start, end = articles[number], incident["start"], incident["end"]
    if incident.get("article") is not None or start is None or end is None:
        return False
    if not 0 <= start < end <= len(article.text):
        return False
    document = incident["document"]
    names = {article.path, article.title, article.url, Path(article.path).name if article.path else None}
    if document in names - {None, ""}:
        return True
    said = " ".join((incident["quote"] or "").split())
    return bool(said) and said == " ".join(article.text[start:end].split())


def _paragraphs(
    text: str, spans: Sequence[tuple[int, int, int]], named: Sequence[tuple[int, int, int]]
) -> list[list[dict[str, Any]]]:
    out = []
    for found in re.finditer(r"[^\n]+", text):
        if not found.group().strip():
            continue
        low, high = found.span()
        cuts = {low, high}
        for start, end, _ in (*spans, *named):
            cuts |= {cut for cut in (start, end) if low < cut < high}
        blocks: list[dict[str, Any]] = []
        edges = sorted(cuts)
        for start, end in pairwise(edges):
            incidents = [n for s, e, n in spans if s <= start < e]
            mention = next((n for s, e, n in named if s <= start < e), None)
            if not blocks or blocks[-1]["incidents"] != incidents:
                blocks.append({"incidents": incidents, "runs": []})
            blocks[-1]["runs"].append([text[start:end], mention])
        out.append(blocks)
    return out
