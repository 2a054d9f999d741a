"""Which place a mention means: the likeliest of its candidates, how sure that is, and why, in words."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.place import Candidate
from geo.language import plain
from geo.mentions import Mention, find_mentions
from geo.toponyms.outlets import home_of
from geo.toponyms.senses import Array, senses
from geo.toponyms.tongues import base_form, find_names, language_of, tongues
from geo.toponyms.vocabulary import weights
from geo.toponyms.weighing import AT, EARTH_KM, FEATURES, Problem, place_weights, pose, settle

if TYPE_CHECKING:
    from spacy.tokens import Doc

    from gazetteer import Gazetteer
    from geo.articles import Article
    from geo.toponyms.queries import Query

#: Candidates kept with a mention, and the share below which none is.
KEPT, NEGLIGIBLE = 8, 0.001
#: Below this confidence a mention found here stays unresolved, its candidates listed: a wrong point on a
#: map costs more than a missing one.
UNSURE = 0.3
#: How often the town that a name is said to lie in is right for a name not in the gazetteer (18 of 20 labels
#: of the development halves of LGL and GeoWebNews).
STANDS_IN = 0.9


def locate(
    article: Article,
    places: Gazetteer,
    spans: Sequence[tuple[int, int]] | None = None,
    *,
    doc: Doc | None = None,
) -> list[Mention]:
    """Find and resolve the places an article names.

    Parameters
    ----------
    article : Article
    places : Gazetteer
    spans : sequence of (start, end), optional
        Resolve exactly these spans (code points of the text, end exclusive) and find none.
    doc : spacy.tokens.Doc, optional
        ``geo.language.parse(article.text)``, where the caller has it already.

    Returns
    -------
    list of Mention
        In order of the text; with `spans`, one for each in their order, with their start and end. A span
        given is resolved to its likeliest reading however unlikely, the confidence saying so; a mention
        found here stays unresolved below `UNSURE`.
    """
    code = language_of(article.text)
    if code != "en":
        return _locate_foreign(article, places, spans, code)
    if spans is None:
        return resolve(article, find_mentions(article, places, doc), places)
    given = [Mention(s, e, article.text[s:e], confidence=1.0) for s, e in spans]
    return resolve(article, given, places, floor=0.0)


def resolve(
    article: Article,
    mentions: Sequence[Mention],
    places: Gazetteer,
    *,
    floor: float = UNSURE,
    names: Sequence[str] | None = None,
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

    Returns
    -------
    list of Mention
        In the order given.
    """
    view = senses(places)
    flat = plain(article.text)
    problem = pose(view, flat, mentions, names, home_of(article, view))
    if problem is None:
        return [replace(m, confidence=0.0, why="the gazetteer knows no place of this name") for m in mentions]
    likely, features = settle(problem)
    answers = [_answer(problem, i, m, likely, features, floor) for i, m in enumerate(mentions)]
    return _stand_in(problem, answers)


def _locate_foreign(
    article: Article, places: Gazetteer, spans: Sequence[tuple[int, int]] | None, code: str
) -> list[Mention]:
    """Find (or take the spans given) and resolve the places of an article that is not in English."""
    view, flat = senses(places), plain(article.text)
    if spans is None:
        found = find_names(flat.text, code, view)
        mentions = []
        for n in found:
            start, end = flat.original(n.start, n.end)
            mentions.append(Mention(start, end, article.text[start:end], confidence=n.sure))
        return resolve(article, mentions, places, names=[n.name for n in found])
    given = [Mention(s, e, article.text[s:e], confidence=1.0) for s, e in spans]
    names = []
    for m in given:
        start, end = flat.here(m.start, m.end)
        known = base_form(view, tongues()[code], flat.text[start:end])
        names.append(known[0] if known else m.text)
    return resolve(article, given, places, floor=0.0, names=names)


# -- answers ----------------------------------------------------------------------------------------


def _answer(p: Problem, i: int, mention: Mention, likely: Array, features: Array, floor: float) -> Mention:
    a, b = p.bounds[i]
    query = p.queries[i]
    if b == a:
        return replace(mention, confidence=0.0, why="the gazetteer knows no place of this name")
    order = a + np.argsort(-likely[a:b], kind="stable")[:KEPT]
    order = order[: max(1, int((likely[order] >= NEGLIGIBLE).sum()))]
    top = features[a:b, 0].max()
    reasons = [_reasons(features[j], query, foremost=bool(features[j, 0] == top)) for j in order]
    candidates = tuple(
        Candidate(
            p.view.place(int(p.row[j])),
            round(float(likely[j]), 4),
            _RUNGS[int(features[j, 2] + 2 * features[j, 3])],
            why,
        )
        for j, why in zip(order, reasons, strict=True)
    )
    sure = confidence(doubts(p, i, likely, features)) * mention.confidence
    why = "; ".join(reasons[0][:3])
    if b - a > 1:
        why += f"; {b - a} places bear the name"
    if sure < floor:
        return replace(mention, confidence=round(sure, 3), candidates=candidates, why=f"too doubtful: {why}")
    return replace(
        mention, place=candidates[0].place, confidence=round(sure, 3), candidates=candidates, why=why
    )


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


def _reasons(features: Array, query: Query, *, foremost: bool) -> tuple[str, ...]:
    if query.alias is not None:
        return ("a table says what the form stands for",)
    full = place_weights("place")
    strength = full * features
    strength[0] -= 3.0 * full[0]
    if not foremost:
        strength[0] = 0.0
    speaking = [k for k in np.flatnonzero(strength > 0.3).tolist() if FEATURES[k] in _SAYS]
    words = [_SAYS[FEATURES[k]] for k in sorted(speaking, key=lambda k: -strength[k])]
    if query.part:
        words.insert(0, f"only {query.part!r} of the name is known")
    return tuple(words) or ("nothing but the name speaks for it",)


def confidence(evidence: Mapping[str, float]) -> float:
    """Say how probable (0 to 1) it is that the best candidate of a mention is right.

    Calibrated on documents the other weights were not fitted on.

    Parameters
    ----------
    evidence : mapping of str to float
        As `doubts` gathers it.
    """
    table = weights("confidence")
    raw = 1 / (1 + math.exp(-sum(table.get(name, 0.0) * value for name, value in evidence.items())))
    return float(np.interp(raw, *_calibration()))


@cache
def _calibration() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Knots of the rising line from what the model says to the share that was right, from 0 to 1."""
    knots = sorted((float(said), share) for said, share in weights("calibration").items())
    return tuple(said for said, _ in knots), tuple(share for _, share in knots)


def doubts(p: Problem, i: int, likely: Array, features: Array) -> dict[str, float]:
    """Gather what the confidence of mention `i` is computed from.

    Parameters
    ----------
    p : Problem
    i : int
        Number of a mention that has candidates.
    likely, features : ndarray
        As `settle` gives them.
    """
    a, b = p.bounds[i]
    shares, rows, query = likely[a:b], p.row[a:b], p.queries[i]
    best = int(shares.argmax())
    row, here = int(rows[best]), features[a + best]
    # A city and the division around it are one answer to the question where; only what lies elsewhere
    # casts doubt.
    cosine = p.view.unit[rows] @ p.view.unit[row]
    around = float(shares[cosine > _NEARBY].sum())
    elsewhere = shares[cosine <= _NEARBY]
    rival = float(elsewhere.max()) if len(elsewhere) else 0.0
    said = {name: float(here[AT[name]]) for name in _TELLING}
    return said | {
        "bias": 1.0,
        "share": _log_odds(float(shares[best])),
        "share around": _log_odds(around),
        "rival": rival,
        "importance": float(here[AT["importance"]]) - 4.0,
        "renown": float(p.view.renown[row]),
        "alias": float(query.alias is not None),
        "part": float(bool(query.part)),
        "site": float(query.hint in ("street", "facility")),
        "container": float(max(here[AT["stated container"]], here[AT["container in the sentence"]])),
        "only one": float(len(shares) == 1),
    }


def _log_odds(share: float) -> float:
    share = min(max(share, 0.001), 0.999)
    return math.log(share / (1 - share))


#: Cosine of the angle within which two readings answer the question where alike, 100 km.
_NEARBY = math.cos(100.0 / EARTH_KM)
#: Features of the best candidate that its confidence is computed from as they are.
_TELLING = (
    "own name", "without generic word", "by sound", "country", "division", "subdivision", "capital",
    "natural", "region", "as the words say", "not as the words say", "division named", "votes of country",
    "votes of division", "neighbours", "near neighbour", "where the article opens", "same name settled",
)  # fmt: skip
