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

if TYPE_CHECKING:
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

#: From so many incidents on, rows are packed and drawn on one canvas.
PACKED_FROM = 5000

#: So many incidents one page carries; of more it carries counts.
LIMIT = 2_000_000

_EDTF = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_EPOCH = datetime.date(1970, 1, 1).toordinal()


@cache
def families() -> tuple[dict[str, Any], ...]:
    """Return the families of incident types with colour, shape and types, as in symbols.toml."""
    return tuple(tomllib.loads((STATIC / "symbols.toml").read_text("utf-8"))["family"])


@cache
def strings(language: str | None = None) -> dict[str, Any]:
    """Return the words of the interface, from strings.csv.

    Parameters
    ----------
    language : str, optional
        The only one wanted.

    Returns
    -------
    dict
        ``languages``: ISO 639-1 codes; ``words``: for each key one text per language, in that order.
        ``{name}`` stands for a value; bars part the forms that go with a number, or the items of a list.
    """
    with (STATIC / "strings.csv").open(encoding="utf-8", newline="") as file:
        heading, *rows = csv.reader(file)
    kept = [k for k, code in enumerate(heading) if k and language in (None, code)]
    return {
        "languages": [heading[k] for k in kept],
        "words": {row[0]: [row[k] or (row[1] if language else "") for k in kept] for row in rows},
    }


def days(date: str | None, date_end: str | None = None) -> tuple[int, int] | None:
    """Turn a date, or an interval of dates, into its first and last day.

    Parameters
    ----------
    date, date_end : str or None
        ISO 8601, or EDTF where only the year or the month is known (``2023``, ``2023-08``).

    Returns
    -------
    tuple of int, or None
        First and last day, counted from 1970-01-01; None where no year is stated or it is no date.
    """
    first, last = _span(date), _span(date_end)
    if first is None:
        return None
    return first[0], max(first[1], last[1] if last else first[1])


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


def mention_groups(given: Iterable[Any]) -> list[list[Mention]]:
    """Bring mentions, of one article or one sequence for each article, into one list for each article."""
    found = list(given)
    if all(isinstance(group, (list, tuple)) for group in found):
        return [list(group) for group in found]
    return [found]


def place_records(
    wanted: Iterable[str],
    mentions: Iterable[Mention],
    gazetteer: Gazetteer | None,
) -> dict[str, dict[str, Any]]:
    """Describe every place of the incidents and the mentions, by id.

    Places come with the mentions; others that are `wanted` by their ids, as those of incidents read from a
    table, are looked up, where there is a gazetteer.
    """
    places = {m.place.id: place_record(m.place) for m in mentions if m.place is not None}
    for place_id in sorted(set(wanted) - places.keys()):
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

    Offsets stay here: Python counts code points, JavaScript does not. Each of the `incidents` (rows of
    `maps.columns.IncidentColumns`) that is found in an article gets the article's number as ``article``.

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
