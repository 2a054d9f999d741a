"""From an article to incidents: places and events of one parse, told apart, joined, dated and located."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from geo.events.gaps import fill_gaps
from geo.events.reader import Reader
from geo.events.triggers import find_events
from geo.frame import Incident, to_frame
from geo.language import plain
from geo.resolution import locate_one
from geo.sentences import parse
from geo.several import articles_of, put_together, shift_mentions
from geo.toponyms.tongues import language_of, reading_note

if TYPE_CHECKING:
    import geopandas

    from gazetteer import Gazetteer
    from gazetteer.place import Place
    from geo.articles import Article
    from geo.mentions import Mention


@dataclass(frozen=True, slots=True)
class Reading:
    """What an article says: the places it names and the incidents it tells.

    Attributes
    ----------
    article : Article
    mentions : tuple[Mention, ...]
    incidents : tuple[Incident, ...]
    """

    article: Article
    mentions: tuple[Mention, ...]
    incidents: tuple[Incident, ...]

    def frame(self) -> geopandas.GeoDataFrame:
        """Give the incidents as a frame, see `find_incidents`."""
        return to_frame(self.incidents, mentions=list(self.mentions), articles=[self.article])


def read(article: Article, places: Gazetteer) -> Reading:
    """Read an article: its places and its incidents; of several in one text, each by itself.

    Incidents are read from English only (`geo.toponyms.tongues.reading_note` says so); places also of
    articles in the other languages of ``geo/data/tongues.toml``.

    Parameters
    ----------
    article : Article
    places : Gazetteer

    Returns
    -------
    Reading
        All offsets are code points of ``article.text``, end exclusive.

    Raises
    ------
    ModelMissingError
        If no English language model is installed.
    """
    parts = articles_of(article)
    if len(parts) < 2:
        return _read_one(article, places)
    read = [(start, _read_one(part, places)) for start, part in parts]
    mentions = tuple(m for start, one in read for m in shift_mentions(one.mentions, start))
    told = [(start, one.article, one.incidents) for start, one in read]
    return Reading(article, mentions, tuple(put_together(article, told)))


def _read_one(article: Article, places: Gazetteer) -> Reading:
    """Read one article from one parse; where nobody else is named, its outlet is who says so."""
    if language_of(article.text) != "en":
        return Reading(article, tuple(locate_one(article, places)), ())
    flat = plain(article.text, markdown=article.markdown)
    doc = parse(flat.text)
    events = find_events(doc)
    named = tuple(locate_one(article, places, doc=doc, flat=flat))
    mentions = fill_gaps(article, flat, doc, events, named, places)
    reader = Reader(article, flat, doc, mentions, places)
    incidents = (replace(i, source=i.source or article.source) for i in reader.incidents(events))
    return Reading(article, mentions, tuple(incidents))


def find_incidents(article: Article, places: Gazetteer) -> geopandas.GeoDataFrame:
    """Find the incidents an article tells.

    Parameters
    ----------
    article : Article
    places : Gazetteer

    Returns
    -------
    geopandas.GeoDataFrame
        Columns `geo.frame.COLUMNS` and ``geometry`` (EPSG:4326); ``attrs["mentions"]`` holds every place
        named, ``attrs["articles"]`` the article.
    """
    if note := reading_note(article.text):
        warnings.warn(note, stacklevel=2)
    return read(article, places).frame()


def as_json(reading: Reading) -> dict[str, Any]:
    """Turn a reading into the object that ``dateline read --format json`` prints.

    The offsets are those of the file; of a web page, those of the text taken from it, which is given too.
    """
    document = {
        "path": reading.article.path,
        "title": reading.article.title,
        "published": reading.article.published,
    }
    if (reading.article.path or "").lower().endswith((".html", ".htm")):
        document["text"] = reading.article.text
    return {
        "document": document,
        "mentions": [
            {
                "start": m.start, "end": m.end, "text": m.text, "use": m.use,
                "confidence": round(m.confidence, 3), "place": _place_json(m.place),
            }
            for m in reading.mentions
        ],
        "incidents": [
            {
                "id": i.id, "type": i.type, "status": i.status, "date": i.date, "date_end": i.date_end,
                "time": i.time, "time_end": i.time_end, "on_map": i.on_map, "start": i.start, "end": i.end,
                "text": i.quote, "actors": list(i.actors), "weapon": i.weapon, "killed": i.killed,
                "wounded": i.wounded, "source": i.source,
                "places": [
                    {"role": r.role, "start": r.start, "end": r.end, "place": _place_json(r.place)}
                    for r in i.places
                ],
            }
            for i in reading.incidents
        ],
    }  # fmt: skip


def _place_json(place: Place | None) -> dict[str, Any] | None:
    if place is None:
        return None
    return {
        "id": place.id, "name": place.name, "lat": place.lat, "lon": place.lon,
        "country": place.country, "admin1": place.admin1, "radius_km": place.radius_km,
    }  # fmt: skip
