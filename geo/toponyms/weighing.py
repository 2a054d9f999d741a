"""The weighing of candidates: features of each, votes of all, in rounds.

A conditional logit over named features (weights in ``geo/data/weights.toml``): how much a place matters,
whether the name is its own, what kind of place the words speak for, whether the text says what it lies
in, and what the other mentions of the document make likely; these are weighed in rounds, each mention
voting for the country, the division and the neighbourhood of the others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geo.toponyms.queries import Query, ask, ask_name, hint_agrees
from geo.toponyms.senses import (
    CAPITAL,
    COUNTRY,
    DIVISION,
    NATURAL,
    OTHER,
    REGION,
    SUBDIVISION,
    TOWN,
    Array,
    Senses,
)
from geo.toponyms.vocabulary import weights

if TYPE_CHECKING:
    from geo.language import Plain
    from geo.mentions import Mention
    from geo.toponyms.outlets import Home

#: Rounds of votes; a third changes next to nothing.
ROUNDS = 3
EARTH_KM = 6371.0088

#: Features of a candidate; those from number `STATIC` on depend on how likely the other candidates are.
FEATURES = (
    "importance", "own name", "without generic word", "by sound", "country", "division", "subdivision",
    "capital", "natural", "region", "as the words say", "not as the words say", "home of the outlet",
    "importance by another's name", "stated container", "holds what is said to lie in it",
    "container in the sentence", "division named", "country named", "votes of country", "votes of division",
    "neighbours", "near neighbour", "country of the sentence", "where the article opens",
    "same name settled",
)  # fmt: skip
STATIC = 14
#: Number of each feature.
AT = {name: number for number, name in enumerate(FEATURES)}


@dataclass(frozen=True, slots=True)
class Problem:
    """All candidates of all mentions of one document, in flat arrays.

    Attributes
    ----------
    view : Senses
    queries : list of Query
        By mention.
    bounds : list of (int, int)
        Candidates of each mention, as a range into the arrays.
    mention, name, row : ndarray
        By candidate: its mention, the number of its name, its row in the gazetteer.
    sentence : ndarray
        By mention.
    containers : list of (int, int)
        Pairs of mentions of which the text says that the first lies in the second.
    static : ndarray
        By candidate: features that do not change.
    names : int
        How many different names there are.
    counts : ndarray
        By name, how many mentions bear it.
    """

    view: Senses
    queries: list[Query]
    bounds: list[tuple[int, int]]
    mention: Array
    name: Array
    row: Array
    sentence: Array
    containers: list[tuple[int, int]]
    static: Array
    names: int
    counts: Array


_SENTENCE_END = re.compile(r"[.!?\u0589\u06d4\u061f]['\")\]]*\s+(?=[\"'(\[]?[^\Wa-z\d_])|\n+")
_GENERICS = r"(?: (?:settlement|village|town|city|district|region|province|county|area|suburb|port|camp)s?)?"
#: Between a place and what it lies in: "Zaylik settlement of the Kalbajar region", "Paris, Texas".
_IN = re.compile(
    rf"^{_GENERICS}(?:,|,? in|,? of| \()(?: the)?"
    r"(?: (?:[a-z]+ern|[a-z]+-?east|[a-z]+-?west|north|south|east|west|central|upper|lower))?"
    r"(?: (?:part|state|province|region|district|county|city|exclave) of)?(?: the)? ?$"
)
#: Between what a place lies in and the place: "Azerbaijan's Dashkasan district", "Lebanon's city of Tripoli".
_HAS = re.compile(r"^(?:'s|')(?: [a-z-]+){0,3}(?: of)? $")


def pose(
    view: Senses,
    flat: Plain,
    mentions: Sequence[Mention],
    asked: Sequence[str] | None = None,
    home: Home | None = None,
) -> Problem | None:
    """Gather the candidates of all mentions; None where not one has any.

    `asked` are asked for in place of the spans' own words, where those are not English; `home` is that of the
    outlet.
    """
    text = flat.text
    here = [flat.here(m.start, m.end) for m in mentions]
    if asked is None:
        queries = [ask(view, text, s, e) for s, e in here]
    else:
        queries = [ask_name(view, name) for name in asked]
    sizes = np.array([len(q.hits.rows) for q in queries], np.int64)
    if not sizes.sum():
        return None
    ends = np.cumsum(sizes)
    keys = {key: i for i, key in enumerate(dict.fromkeys(q.key for q in queries))}
    names = np.array([keys[q.key] for q in queries])
    mention = np.repeat(np.arange(len(queries)), sizes)
    row = np.concatenate([q.hits.rows for q in queries]).astype(np.int64)
    breaks = np.array([m.end() for m in _SENTENCE_END.finditer(text)], np.int64)
    sentence = np.searchsorted(breaks, np.array([s for s, _ in here]), side="right")
    return Problem(
        view=view,
        queries=queries,
        bounds=list(zip((ends - sizes).tolist(), ends.tolist(), strict=True)),
        mention=mention,
        name=names[mention],
        row=row,
        sentence=sentence,
        containers=_stated_containers(text, here, mentions),
        static=_static(view, queries, mention, row, home),
        names=len(keys),
        counts=np.bincount(names),
    )


def _static(view: Senses, queries: Sequence[Query], mention: Array, row: Array, home: Home | None) -> Array:
    kind = view.kind[row]
    main = np.concatenate([_own_names(view, q) for q in queries])
    rung = np.concatenate([q.hits.rung for q in queries])
    agrees = np.concatenate([hint_agrees(q.hint, view.kind[q.hits.rows]) for q in queries])
    bare = ~np.array([bool(q.hint) for q in queries])[mention]  # no word says what kind is meant
    return np.column_stack((
        view.prior[row], main, rung == 1, rung == 2, kind == COUNTRY, bare & (kind == DIVISION),
        bare & (kind == SUBDIVISION), kind == CAPITAL, (kind == NATURAL) | (kind == OTHER), kind == REGION,
        agrees > 0, agrees < 0, _at_home(view, row, home), _by_anothers(view, queries, mention, row, main),
    )).astype(np.float64)  # fmt: skip


def _by_anothers(view: Senses, queries: Sequence[Query], mention: Array, row: Array, main: Array) -> Array:
    """Importance of a candidate that only happens to be called by what is another's own name, else 0.

    Aleppo was once Berea; who writes of Berea means one of the places of that name.
    """
    owned = np.zeros(len(queries), bool)
    owned[mention[main > 0]] = True
    found: Array = view.prior[row] * ((main < 1) & owned[mention])
    return found


def _at_home(view: Senses, row: Array, home: Home | None) -> Array:
    """Whether a candidate shares division (1) or country (one half) with the outlet's home."""
    if home is None:
        return np.zeros(len(row))
    division = np.where(view.kind[row] == DIVISION, row, view.admin1[row])
    near = (division == home.division) & (home.division >= 0)
    return np.where(near, 1.0, 0.5 * (view.country[row] == home.country))


def _own_names(view: Senses, query: Query) -> Array:
    """Whether the name is each candidate's own; a town shares the name of the division it is the seat of."""
    rows, main = query.hits.rows, query.hits.main.astype(np.float64)
    if main.all() or not main.any():
        return main
    spelled = query.hits.rung == 0  # Nebraska City does not share the name of Nebraska
    for column in (view.admin1, view.admin2):
        around = column[rows]
        for division in set(rows[main > 0].tolist()).intersection(around.tolist()):
            inside = np.flatnonzero((around == division) & spelled)
            if not len(inside):
                continue
            seat = inside[int(view.prior[rows[inside]].argmax())]
            if view.kind[rows[seat]] in (TOWN, CAPITAL):
                main[seat] = 1.0
    return main


def _stated_containers(
    text: str, here: Sequence[tuple[int, int]], mentions: Sequence[Mention]
) -> list[tuple[int, int]]:
    order = sorted(range(len(here)), key=lambda i: here[i])
    pairs = []
    for a, b in pairwise(order):
        gap = text[here[a][1] : here[b][0]]
        if len(gap) > 60 or mentions[b].use == "demonym":
            continue
        if _IN.match(gap):
            pairs.append((a, b))
        elif _HAS.match(gap):
            pairs.append((b, a))
    return pairs


@dataclass(frozen=True, slots=True)
class Ballot:
    """How weight is counted by label, laid out once for all rounds.

    Attributes
    ----------
    cells : ndarray
        By candidate: the cell of its name and label in a table of names by labels.
    place : ndarray
        By candidate: the label it is given the weight of.
    own : ndarray
        By candidate: the cell of its name and that label.
    known : ndarray of bool
        By candidate: whether it has such a label at all.
    labels : int
    """

    cells: Array
    place: Array
    own: Array
    known: Array
    labels: int

    def count(self, names: int, weight: Array) -> Array:
        """For each candidate, the weight that other names put on its label."""
        table = np.bincount(self.cells, weight, names * self.labels)
        total = table.reshape(names, self.labels).sum(axis=0)
        return np.where(self.known, total[self.place] - table[self.own], 0.0)


def _ballot(p: Problem, label: Array, valid: Array, asked: Array | None = None) -> Ballot:
    """Lay out the count of a label; `asked` is the label to be given the weight of, where it is another."""
    asked = label if asked is None else asked
    values, code = np.unique(label, return_inverse=True)
    place = np.clip(np.searchsorted(values, asked), 0, len(values) - 1)
    known = (values[place] == asked) & valid & (asked >= 0)
    return Ballot(p.name * len(values) + code, place, p.name * len(values) + place, known, len(values))


class Rounds:
    """What the rounds of one problem share: kinds, countries, divisions, and the ballots over them."""

    def __init__(self, p: Problem) -> None:
        view = p.view
        self.kind = view.kind[p.row]
        self.country = view.country[p.row].astype(np.int64)
        self.admin1 = np.where(self.kind == DIVISION, p.row, view.admin1[p.row])
        has = self.admin1 >= 0
        self.votes_country = _ballot(p, self.country, self.country >= 0)
        self.votes_admin1 = _ballot(p, self.admin1, has)
        # A division is named by its other names too ("University of Nebraska"), and so is a country.
        self.named1 = _ballot(p, p.row, has, self.admin1)
        self.named2 = _ballot(p, p.row, has, view.admin2[p.row])
        self.named0 = _ballot(p, p.row, self.kind >= 0, _country_rows(view)[self.country])


def settle(problem: Problem) -> tuple[Array, Array]:
    """Weigh all candidates, in rounds.

    Returns
    -------
    likely : ndarray
        By candidate: its share among those of its mention.
    features : ndarray
        By candidate and feature, those of the last round.
    """
    first, full = place_weights("first"), place_weights("place")
    likely = share(problem, problem.static @ first[:STATIC])
    features = problem.static
    rounds = Rounds(problem)
    for _ in range(ROUNDS):
        features = np.hstack((problem.static, votes(problem, likely, rounds)))
        likely = share(problem, features @ full)
    return likely, features


@cache
def place_weights(model: str) -> Array:
    """Weights of one model (``first`` or ``place``), in the order of `FEATURES`."""
    table = weights(model)
    return np.array([table.get(name, 0.0) for name in FEATURES])


def share(problem: Problem, score: Array) -> Array:
    """Turn scores into shares that add up to 1 in each mention."""
    starts = np.array([a for a, b in problem.bounds if b > a])
    sizes = np.array([b - a for a, b in problem.bounds if b > a])
    top = np.repeat(np.maximum.reduceat(score, starts), sizes)
    powers = np.exp(score - top)
    shares: Array = powers / np.repeat(np.add.reduceat(powers, starts), sizes)
    return shares


def votes(problem: Problem, likely: Array, rounds: Rounds | None = None) -> Array:
    """Features of each candidate that depend on how likely the others are."""
    p, r = problem, rounds or Rounds(problem)
    weight = likely / p.counts[p.name]  # each name votes once, however often it is repeated
    others = max(p.names - 1, 1)
    votes_country = r.votes_country.count(p.names, weight) / others
    votes_admin1 = r.votes_admin1.count(p.names, weight) / others
    named1 = np.maximum(r.named1.count(p.names, weight), r.named2.count(p.names, weight))
    named0 = r.named0.count(p.names, weight)
    best = _best(p, likely)
    near_mean, near_best = _neighbours(p, likely, best)
    stated, holds, sentence, sentence_country = _containment(p, likely, best)
    opens = _opening(p, likely, r.country, r.admin1)
    same = _same_name(p, likely, stated)
    # What the text says the place lies in outweighs what is said of the name elsewhere ("Cambridge,
    # Massachusetts, and Cambridge, England"); so does a country named in the sentence.
    overruled = (sentence_country < 0.2) & (_best_of_mention(p, sentence_country) > 0.5)
    overruled |= (stated < 0.2) & (_best_of_mention(p, stated) > 0.5)
    for doubtful in (named1, named0, same, votes_country, votes_admin1, near_mean, near_best):
        doubtful[overruled] *= 0.25
    return np.column_stack((
        stated, holds, sentence, np.minimum(named1, 1.0), np.minimum(named0, 1.0), votes_country, votes_admin1,
        near_mean, near_best, sentence_country, opens, same,
    ))  # fmt: skip


@cache
def _country_rows(view: Senses) -> Array:
    rows = np.full(len(view.country_names) + 1, -1, np.int64)
    for code, row in view.country_row.items():
        rows[view.country_names[code]] = row
    return rows


def _best(p: Problem, likely: Array) -> Array:
    """Give the likeliest candidate of each mention that has any."""
    return np.array([a + int(likely[a:b].argmax()) for a, b in p.bounds if b > a])


def _neighbours(p: Problem, likely: Array, best: Array) -> tuple[Array, Array]:
    """Mean and best nearness (1 at no distance, falling with it) to the best reading of each other name."""
    view = p.view
    # Of the mentions of one name the surest speaks; a country is no neighbour.
    _, first = np.unique(p.name[best][np.argsort(-likely[best], kind="stable")], return_index=True)
    chosen = best[np.argsort(-likely[best], kind="stable")][first]
    chosen = chosen[view.kind[p.row[chosen]] != COUNTRY]
    if not len(chosen):
        return np.zeros(len(p.row)), np.zeros(len(p.row))
    km = _distances(view, p.row, p.row[chosen])
    sure = likely[chosen] * (p.name[:, None] != p.name[chosen])
    mean = (sure * np.exp(-km / 150.0)).sum(axis=1) / max(p.names - 1, 1)
    return mean, (sure * np.exp(-km / 60.0)).max(axis=1)


def _distances(view: Senses, rows: Array, others: Array) -> Array:
    """Great-circle distances in kilometres, as a matrix."""
    km: Array = EARTH_KM * np.arccos(np.clip(view.unit[rows] @ view.unit[others].T, -1.0, 1.0))
    return km


_IS_LOOSE = np.isin(np.arange(8), (SUBDIVISION, REGION, NATURAL))
_IS_SETTLED = np.isin(np.arange(8), (TOWN, CAPITAL, SUBDIVISION))


def _inside(view: Senses, rows: Array, outer: Array) -> Array:
    """Matrix: whether each of `rows` lies in each of `outer`."""
    chain: Array = (view.admin1[rows][:, None] == outer) | (view.admin2[rows][:, None] == outer)
    chain |= (_country_rows(view)[view.country[rows].astype(np.int64)][:, None] == outer) & (
        view.kind[rows] != COUNTRY
    )[:, None]
    # What is outside the chain of divisions (a region, a former district) holds what lies within its reach.
    loose = _IS_LOOSE[view.kind[outer]]
    if loose.any():
        near = _distances(view, rows, outer) <= np.asarray(view.places.radius_km)[outer]
        chain |= near & loose & _IS_SETTLED[view.kind[rows]][:, None] & (rows[:, None] != outer)
    return chain


def _containment(p: Problem, likely: Array, best: Array) -> tuple[Array, Array, Array, Array]:
    """Say how sure it is that the text states a container of each candidate: beside it, or in its sentence.

    Returns
    -------
    stated, holds, sentence, country : ndarray
        By candidate: whether it lies in what stands beside it; whether it holds what stands beside it;
        whether it lies in what the sentence names, and in a country that it names.
    """
    view, outer = p.view, p.row[best]
    together = p.sentence[p.mention][:, None] == p.sentence[p.mention[best]]
    sure = likely[best] * (together & (p.name[:, None] != p.name[best]))
    sentence = (_inside(view, p.row, outer) * sure).max(axis=1)
    abroad = view.country[p.row][:, None] == view.country[outer]
    country = (abroad * sure * (view.kind[outer] == COUNTRY)).max(axis=1)
    stated, held = np.zeros(len(p.row)), np.zeros(len(p.row))
    for i, j in p.containers:
        (a, b), (c, d) = p.bounds[i], p.bounds[j]
        if b > a and d > c and p.name[a] != p.name[c]:
            # Either name may be told by the other: of the container's readings those count that hold any
            # place of the name, unless they are all unlikely.
            inside = _inside(view, p.row[a:b], p.row[c:d])
            holds = float(likely[c:d][inside.any(axis=0)].sum())
            stated[a:b] = np.maximum(stated[a:b], inside @ likely[c:d] / max(holds, 0.2))
            lies = float(likely[a:b][inside.any(axis=1)].sum())
            held[c:d] = np.maximum(held[c:d], likely[a:b] @ inside / max(lies, 0.2))
    return stated, held, np.maximum(sentence, stated), country


def _opening(p: Problem, likely: Array, country: Array, admin1: Array) -> Array:
    """Whether a candidate shares division (1) or country (one half) with the first place named."""
    best = int(_best(p, likely)[0])
    near = np.where(
        (admin1 == admin1[best]) & (admin1 >= 0), 1.0, np.where(country == country[best], 0.5, 0.0)
    )
    opens: Array = np.where(p.name == p.name[best], 0.0, near) * likely[best]
    return opens


def _best_of_mention(p: Problem, values: Array) -> Array:
    """By candidate, the highest value among the candidates of its mention."""
    best = np.zeros(len(p.bounds))
    np.maximum.at(best, p.mention, values)
    return best[p.mention]


def _same_name(p: Problem, likely: Array, stated: Array) -> Array:
    """Give what mentions of the name settled on where the text states a container: one sense per document."""
    sure: dict[tuple[int, int], float] = {}
    for i in np.flatnonzero(stated > 0.3).tolist():
        key = (int(p.name[i]), int(p.row[i]))
        sure[key] = max(sure.get(key, 0.0), float(likely[i]))
    if not sure:
        return np.zeros(len(p.row))
    found = (sure.get(key, 0.0) for key in zip(p.name.tolist(), p.row.tolist(), strict=True))
    return np.fromiter(found, float, len(p.row))
