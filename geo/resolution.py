"""Which place a mention means: the likeliest of its candidates, how sure that is, and why, in words."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.distance import distance_km
from gazetteer.place import Candidate
from geo.language import plain
from geo.mentions import Mention, find_mentions
from geo.several import articles_of, shift_mentions
from geo.toponyms.certainty import confidence, doubts
from geo.toponyms.outlets import home_of
from geo.toponyms.senses import Array, senses
from geo.toponyms.tongues import base_form, find_names, language_of, tongues
from geo.toponyms.weighing import AT, FEATURES, Problem, place_weights, pose, settle

if TYPE_CHECKING:
    from gazetteer import Gazetteer
    from gazetteer.place import Place
    from geo.articles import Article
    from geo.language import Plain
    from geo.parsed import Doc

#: Candidates kept with a mention, and the share below which none is.
KEPT, NEGLIGIBLE = 8, 0.005
#: Below this confidence a mention found here stays unresolved, its candidates listed: a wrong point on a
#: map costs more than a missing one.
UNSURE = 0.3
#: How often the town that a name is said to lie in is right for a name not in the gazetteer (18 of 20 labels
#: of the development halves of LGL and GeoWebNews).
STANDS_IN = 0.9
#: How often the town named nearest lies within 161 km of a place that is not in the gazetteer (116 of 158
#: labels there), and from which confidence on a town may stand for another place.
NEAR_BY, TOLD = 0.73, 0.5
#: Confidence left to a reading that the text speaks against; how far beyond its reach a division may hold
#: places all the same, as its circle is no outline (kilometres).
BELIED, BORDER_KM = 0.2, 25.0
_OUTRIGHT = re.compile(r"\b(?:in|of)\b|\(")
_ANOTHER = re.compile(r"\b(?:another|a different|a second|the other) $")
UNKNOWN = "the gazetteer knows no place of this name"


def locate(
    article: Article,
    places: Gazetteer,
    spans: Sequence[tuple[int, int]] | None = None,
    *,
    doc: Doc | None = None,
) -> list[Mention]:
    """Find and resolve the places an article names; of several in one text, each by itself.

    Parameters
    ----------
    article : Article
    places : Gazetteer
    spans : sequence of (start, end), optional
        Resolve exactly these spans (code points of the text, end exclusive) and find none.
    doc : geo.parsed.Doc, optional
        ``geo.sentences.parse`` of the article's plain text, where the caller has it already; the text is then
        read as one.

    Returns
    -------
    list of Mention
        In order of the text; with `spans`, one for each in their order, with their start and end. A span
        given is resolved to its likeliest reading however unlikely, the confidence saying so; for a name that
        nobody knows stands the town named nearest, and `Mention.why` says so. A mention found here stays
        unresolved below `UNSURE`.
    """
    parts = articles_of(article) if doc is None else []
    if len(parts) < 2:
        found = locate_one(article, places, spans, doc=doc)
        return found if spans is None else _stand_near(found)
    if spans is None:
        return [m for at, part in parts for m in shift_mentions(locate_one(part, places), at)]
    answers: dict[tuple[int, int], Mention] = {}
    starts = [0, *(at for at, _ in parts[1:])]
    owner = [bisect_right(starts, start) - 1 for start, _ in spans]
    for number, (at, (_, part)) in enumerate(zip(starts, parts, strict=True)):
        here = [(s - at, e - at) for (s, e), n in zip(spans, owner, strict=True) if n == number]
        end = max((e for _, e in here), default=0)
        given = replace(part, text=article.text[at : at + max(end, len(part.text))])
        named = _stand_near(locate_one(given, places, here))
        answers |= {(m.start, m.end): m for m in shift_mentions(named, at)}
    return [answers[start, end] for start, end in spans]


def locate_one(
    article: Article,
    places: Gazetteer,
    spans: Sequence[tuple[int, int]] | None = None,
    *,
    doc: Doc | None = None,
    flat: Plain | None = None,
) -> list[Mention]:
    """Find and resolve the places of a text read as one article, see `locate`.

    `flat` is its plain text where the caller has it already and knows it to be English.
    """
    code = "en" if flat else language_of(article.text)
    flat = flat or plain(article.text, markdown=article.markdown)
    if code != "en":
        return _locate_foreign(article, places, spans, code, flat)
    if spans is None:
        return resolve(article, find_mentions(article, places, doc, flat=flat), places, flat=flat)
    given = [Mention(s, e, article.text[s:e], confidence=1.0) for s, e in spans]
    return resolve(article, given, places, floor=0.0, flat=flat)


def resolve(
    article: Article,
    mentions: Sequence[Mention],
    places: Gazetteer,
    *,
    floor: float = UNSURE,
    names: Sequence[str] | None = None,
    flat: Plain | None = None,
) -> list[Mention]:
    """Resolve mentions that were found, each in the light of all.

    Parameters
    ----------
    article : Article
    mentions : sequence of Mention
        `Mention.confidence` is that of being a place name at all.
    places : Gazetteer
    floor : float, default UNSURE
        Confidence below which a mention stays unresolved.
    names : sequence of str, optional
        What is asked for in place of each mention's own words, where those are not English.
    flat : geo.language.Plain, optional
        The plain text of the article, where the caller has it already.

    Returns
    -------
    list of Mention
        In the order given.
    """
    view = senses(places)
    flat = flat or plain(article.text, markdown=article.markdown)
    problem = pose(view, flat, mentions, names, home_of(article, view))
    if problem is None:
        return [replace(m, confidence=0.0, why=UNKNOWN) for m in mentions]
    answers = _stand_in(problem, _answers(problem, mentions, floor))
    return _belied(problem, answers, flat) if floor else answers


def _locate_foreign(
    article: Article, places: Gazetteer, spans: Sequence[tuple[int, int]] | None, code: str, flat: Plain
) -> list[Mention]:
    """Find (or take the spans given) and resolve the places of an article that is not in English."""
    view = senses(places)
    if spans is None:
        found = find_names(flat.text, code, view)
        mentions = []
        for n in found:
            start, end = flat.original(n.start, n.end)
            mentions.append(Mention(start, end, article.text[start:end], confidence=n.sure))
        return resolve(article, mentions, places, names=[n.name for n in found], flat=flat)
    given = [Mention(s, e, article.text[s:e], confidence=1.0) for s, e in spans]
    names = []
    for m in given:
        start, end = flat.here(m.start, m.end)
        known = base_form(view, tongues()[code], flat.text[start:end])
        names.append(known[0] if known else m.text)
    return resolve(article, given, places, floor=0.0, names=names, flat=flat)


# -- answers ----------------------------------------------------------------------------------------


def _answers(p: Problem, mentions: Sequence[Mention], floor: float) -> list[Mention]:
    """Settle a problem and say, for each mention, which place it is, how surely, and why."""
    likely, features = settle(p)
    sure = confidence(doubts(p, likely, features)).tolist()
    reasons = _Reasons(p, features)
    shares = likely.round(4).tolist()
    # Best first in each mention, all of them sorted at once.
    best_first = np.lexsort((-likely, p.mention)).tolist()
    found = []
    known = 0
    for m, (a, b) in zip(mentions, p.bounds, strict=True):
        if b == a:
            found.append(replace(m, confidence=0.0, why=UNKNOWN))
            continue
        best, *others = best_first[a : min(b, a + KEPT)]
        place, rung, why = reasons.read(best)
        candidates = [Candidate(place, int((shares[best] + 1e-9) * 1e4) / 1e4, rung, why)]
        for j in others:
            if shares[j] < NEGLIGIBLE:
                break
            candidates.append(Candidate.later(shares[j] + 1e-9, partial(reasons.read, j)))
        certainty = round(sure[known] * m.confidence, 3)
        known += 1
        reason = "; ".join(why[:3])
        if b - a > 1:
            reason += f"; {b - a} places bear the name"
        chosen = None if certainty < floor else place
        if chosen is None:
            reason = f"too doubtful: {reason}"
        found.append(Mention(m.start, m.end, m.text, m.use, chosen, certainty, tuple(candidates), reason))
    return found


def _stand_in(p: Problem, answers: list[Mention]) -> list[Mention]:
    """Let the town that the text says it lies in stand for a name that nobody knows.

    "Altnagelvin Hospital in Derry" is at Derry, whatever the gazetteer knows of hospitals.
    """
    for i, j in p.containers:
        a, b = p.bounds[i]
        town = answers[j].place
        if a == b and town is not None and (town.feature.startswith("P.") or town.feature == "A.ADM2"):
            sure = round(STANDS_IN * answers[j].confidence, 3)
            why = f"not in the gazetteer; the text says it lies in {town.name}, which stands for it"
            answers[i] = replace(answers[i], place=town, confidence=sure, why=why)
    return answers


def _belied(p: Problem, answers: list[Mention], flat: Plain) -> list[Mention]:
    """Leave open what the text says lies elsewhere: "San Fernando, in Bukidnon", "another Talish".

    The gazetteer may not hold every place of a name; the one it holds is not meant then.
    """
    here = [flat.here(m.start, m.end) for m in answers]
    for i, j in p.containers:
        inner, outer = answers[i].place, answers[j].place
        if inner is None or outer is None or answers[j].confidence < TOLD:
            continue
        owns = flat.text.startswith(("'s", "’s"), here[j][1])  # "in South Sudan's capital"
        if owns or not _OUTRIGHT.search(flat.text, here[i][1], here[j][0]):
            continue
        if outer.feature.startswith(("A.", "L.")) and not _may_lie_in(inner, outer):
            why = f"the text says it lies in {outer.name}, where no place of the name is known"
            answers[i] = replace(answers[i], place=None, confidence=BELIED, why=why)
    for i, m in enumerate(answers):
        start = here[i][0]
        if m.place is None or not _ANOTHER.search(flat.text, max(0, start - 20), start):
            continue
        if any(n is not m and n.text == m.text and n.place == m.place for n in answers):
            answers[i] = _next_best(m)
    return answers


def _next_best(m: Mention) -> Mention:
    """Read "the other Mykolaiv" as the next of the name, where one stands out among those left."""
    why, left = "another place of the name is meant", m.candidates[1:]
    share = left[0].score / sum(c.score for c in left) if left else 0.0
    if share < TOLD:
        return replace(m, place=None, confidence=BELIED, why=why)
    return replace(m, place=left[0].place, confidence=round(share * TOLD, 3), candidates=left, why=why)


def _may_lie_in(inner: Place, outer: Place) -> bool:
    if outer.feature.startswith("A.PCL"):
        return inner.country == outer.country
    if outer.name in (inner.admin1, inner.admin2):
        return True
    return distance_km(inner.lat, inner.lon, outer.lat, outer.lon) <= BORDER_KM + 1.6 * outer.radius_km


def _stand_near(answers: list[Mention]) -> list[Mention]:
    """Let the town named nearest stand for a span that is given to be a place and that nobody knows.

    What a text names beside its towns, streets and halls and villages, lies mostly around one of them.
    """
    towns = [
        m for m in answers if m.place is not None and m.place.feature.startswith("P.") and m.confidence > TOLD
    ]
    if not towns:
        return answers
    found = []
    for m in answers:
        if not m.text.islower() and (m.place is None or (m.confidence < UNSURE and _by_a_thread(m))):
            town = min(towns, key=lambda t: abs(t.start - m.start))
            name = town.place.name if town.place else ""
            why = f"not in the gazetteer; {name}, the town named nearest in the text, stands for it"
            m = replace(m, place=town.place, confidence=round(NEAR_BY * town.confidence, 3), why=why)
        found.append(m)
    return found


def _by_a_thread(m: Mention) -> bool:
    """Whether only the sound or a part of a name speaks for what it was read as."""
    best = m.candidates[0] if m.candidates else None
    return best is not None and (best.match == "transliterated" or best.why[0].startswith("only "))


_RUNGS = ("exact", "folded", "transliterated", "transliterated")
#: What a feature says in words; the strongest ones of the winner make the reason.
_SAYS = {
    "importance": "the most important place of the name",
    "own name": "it is the place's own name",
    "as the words say": "the words beside it say what kind of place is meant",
    "stated container": "the text says what it lies in",
    "holds what is said to lie in it": "it holds the place that is said to lie in it",
    "container in the sentence": "the sentence names what it lies in",
    "division named": "its division is named in the text",
    "country named": "its country is named in the text",
    "votes of country": "other places named lie in its country",
    "votes of division": "other places named lie in its division",
    "home of the outlet": "it lies where the outlet is at home",
    "neighbours": "other places named lie near",
    "near neighbour": "a place named lies close by",
    "country of the sentence": "the sentence names its country",
    "where the article opens": "the article opens there",
    "same name settled": "the text settles which one of the name is meant",
}


#: What speaks for a candidate less than this is not worth a word.
_SPEAKS = 0.3


@cache
def _sayable() -> Array:
    return np.array([k for k, name in enumerate(FEATURES) if name in _SAYS])


@cache
def _reasons() -> list[str]:
    return [_SAYS[name] for name in FEATURES if name in _SAYS]


class _Reasons:
    """Place, rung and reasons of each candidate of a problem, read when they are asked for."""

    def __init__(self, p: Problem, features: Array) -> None:
        self.p = p
        said = _sayable()
        weight = place_weights("place")
        strength = weight * features
        foremost = features[:, 0] == np.maximum.reduceat(features[:, 0], p.starts)[p.slot]
        strength[:, 0] = np.where(foremost, strength[:, 0] - 3.0 * weight[0], 0.0)
        self.strength = strength[:, said]
        self.rung = features[:, AT["without generic word"]] + 2 * features[:, AT["by sound"]]

    def read(self, j: int) -> tuple[Place, str, tuple[str, ...]]:
        """Give place, rung and reasons of one candidate."""
        query = self.p.queries[int(self.p.mention[j])]
        if query.alias is not None:
            why: tuple[str, ...] = ("a table says what the form stands for",)
        else:
            why = self._why(j, query.part)
        return self.p.view.place(int(self.p.row[j])), _RUNGS[int(self.rung[j])], why

    def _why(self, j: int, part: str) -> tuple[str, ...]:
        """Say what speaks for a candidate, strongest first."""
        strength = self.strength[j].tolist()
        strong = [k for k, value in enumerate(strength) if value > _SPEAKS]
        strong.sort(key=strength.__getitem__, reverse=True)
        words = [_reasons()[k] for k in strong]
        if part:
            words.insert(0, f"only {part!r} of the name is known")
        return tuple(words) or ("nothing but the name speaks for it",)
