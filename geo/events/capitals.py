"""The city that "the Kazakh capital", "Turkey's largest city" or "the capital" alone means."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from geo.events.spots import Spot
from geo.mentions import Mention

if TYPE_CHECKING:
    from collections.abc import Sequence

    from gazetteer import Gazetteer
    from gazetteer.place import Place
    from geo.events.event import Event
    from geo.parsed import Doc

_CAPITAL = re.compile(r"(?:the\s+)?(?:['’]s?\s+)?(?:capital|(?:largest|biggest|most populous) city)\b")


def capitals_meant(event: Event, doc: Doc, spots: Sequence[Spot], places: Gazetteer) -> list[Spot]:
    """Find the capitals that the sentence of an event speaks of without naming them.

    Parameters
    ----------
    event : Event
    doc : geo.parsed.Doc
    spots : sequence of Spot
        All of the document.
    places : Gazetteer

    Returns
    -------
    list of Spot
        Of "the Kazakh capital" each; else of "the capital" that of the country the text speaks of most.
    """
    first, last = event.sentence
    here = [s for s in spots if first <= s.first < last]
    return _of_countries(doc, here, last, places) or _of_the_text(event, doc, spots, places)


@lru_cache(maxsize=512)
def capital_of(country: str, places: Gazetteer) -> Place | None:
    """Return the capital of a country by its ISO 3166-1 alpha-2 code; None where none is marked as such."""
    if "P.PPLC" not in places.feature_codes:
        return None
    rows = np.flatnonzero(
        (places.feature == places.feature_codes.index("P.PPLC")) & (places.country == country)
    )
    return places.place(int(max(rows, key=lambda r: places.prior[r]))) if len(rows) else None


@lru_cache(maxsize=512)
def largest_city_of(country: str, places: Gazetteer) -> Place | None:
    """Return the most populous town of a country by its ISO 3166-1 alpha-2 code; None where none is known."""
    towns = [
        n for n, code in enumerate(places.feature_codes) if code.startswith("P.PPL") and code != "P.PPLX"
    ]
    rows = np.flatnonzero((places.country == country) & np.isin(places.feature, towns))
    return places.place(int(max(rows, key=lambda r: places.population[r]))) if len(rows) else None


def _of_the_text(event: Event, doc: Doc, spots: Sequence[Spot], places: Gazetteer) -> list[Spot]:
    """Return the city that "the capital" means alone: that of the country which the text speaks of most."""
    for token in doc[event.sentence[0] : event.sentence[1]]:
        if token.lower_ != "capital":
            continue
        bare = not any(c.dep_ in {"poss", "amod", "compound"} or c.lower_ == "of" for c in token.children)
        named = any(0 <= s.first - token.i <= 3 or 0 <= token.i - s.last <= 2 for s in spots)
        if not bare or named or token.nbor(-1).lower_ not in {"the", "this"}:
            continue
        lands = Counter(s.mention.place.country for s in spots if s.mention.place)
        land, most = next(iter(lands.most_common(1)), ("", 0))
        city = capital_of(land, places) if 2 * most > sum(lands.values()) else None
        near = [s.mention.place for s in spots if 0 < token.i - s.last < 30 and s.mention.use != "dateline"]
        seats = [p for p in near if p and p.feature == "P.PPLC"]
        city = seats[-1] if seats else city  # "We rebuilt Beirut twice," said a baker in the capital
        if city is None:
            continue
        end = token.idx + len(token)
        mention = Mention(
            start=token.idx, end=end, text=token.text, use="literal", place=city, confidence=0.6,
            why="capital of the country that the text speaks of most",
        )  # fmt: skip
        lead = tuple(t.lower_ for t in doc[max(event.sentence[0], token.i - 4) : token.i])
        return [Spot(mention, token.i, token.i, lead)]
    return []


def _of_countries(doc: Doc, here: list[Spot], last: int, places: Gazetteer) -> list[Spot]:
    """Return the city that "the Kazakh capital" means, unless it is named right after."""
    found = []
    for spot in here:
        place = spot.mention.place
        if place is None or not place.feature.startswith("A.PCL"):
            continue
        tail = doc[spot.last + 1 : min(spot.last + 5, last)]
        if not _CAPITAL.match(tail.text):
            continue
        end = next(t.i for t in tail if t.lower_ in {"capital", "city"})
        if any(end < s.first <= end + 2 for s in here):
            continue
        is_seat = doc[end].lower_ == "capital"
        capital = (capital_of if is_seat else largest_city_of)(place.country, places)
        if capital is None:
            continue
        begin = spot.mention.start
        stop = doc[end].idx + len(doc[end])
        mention = type(spot.mention)(
            start=begin, end=stop, text=doc.text[begin:stop], use="literal", place=capital,
            confidence=spot.mention.confidence,
            why=f"{'capital' if is_seat else 'largest city'} of {place.name}",
        )  # fmt: skip
        found.append(Spot(mention, spot.first, end, spot.lead))
    return found
