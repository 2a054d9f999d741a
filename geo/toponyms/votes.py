"""What the mentions of a document make of each other's candidates: containment, votes, neighbourhood.

Every name votes once, with the shares its readings have so far; a name does not vote for itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.distance import EARTH_KM
from geo.toponyms.senses import (
    CAPITAL,
    COUNTRY,
    DIVISION,
    NATURAL,
    REGION,
    SUBDIVISION,
    TOWN,
    Array,
    Senses,
)

if TYPE_CHECKING:
    from geo.toponyms.weighing import Problem

#: How fast nearness falls, km: of all that is named, and of the nearest.
AROUND_KM, BESIDE_KM = 150.0, 60.0

_IS_LOOSE = np.isin(np.arange(8), (SUBDIVISION, REGION, NATURAL))
_IS_SETTLED = np.isin(np.arange(8), (TOWN, CAPITAL, SUBDIVISION))


@dataclass(frozen=True, slots=True)
class Relations:
    """How every candidate stands to the likeliest reading of each mention of another name.

    Attributes
    ----------
    told : ndarray of shape (2 or 3, mentions, candidates)
        Whether it lies in it and stands in one sentence with it; nearness to it, falling fast; where any of
        the likeliest readings is a country, whether that is its country.
    around : ndarray of shape (mentions, candidates)
        Nearness to it, falling slowly.
    opening : ndarray of shape (candidates,)
        Whether it shares division (1) or country (one half) with that of the first mention.
    """

    told: Array
    around: Array
    opening: Array


class Rounds:
    """What the rounds of one problem share."""

    def __init__(self, p: Problem) -> None:
        view, n = p.view, len(p.row)
        self.p = p
        self.numbers = np.arange(n)
        self.kind = view.kind[p.row]
        self.country = view.country[p.row].astype(np.int64)
        within1, within2 = view.admin1[p.row], view.admin2[p.row]
        self.admin1 = np.where(self.kind == DIVISION, p.row, within1)
        nation = country_rows(view)[self.country]
        #: First and second division and country that each candidate lies in, -1 where none.
        self.chain = np.array((within1, within2, np.where(self.kind == COUNTRY, -1, nation)))
        # A division is named by its other names too ("University of Nebraska"), and so is a country: in one
        # table of names by labels each candidate counts for its row, its division and its country, and asks
        # what other names put on its divisions and country as places, and as what they lie in.
        places = np.array((p.row, self.admin1, within2, nation))
        size, (row, admin1, admin2, nation_at) = _numbered(places)
        label, country = size + admin1, 2 * size + self.country
        nothing = 2 * size + int(self.country.max()) + 1  # nobody votes for it: asked of what lies nowhere
        self.width = nothing + 1
        base = p.name * self.width
        self.cells = (np.array((row, label, country)) + base).ravel()
        self.asked = np.array((admin1, admin2, nation_at, country, label))
        self.asked[:3][places[1:] < 0] = nothing
        self.asked[4][self.admin1 < 0] = nothing
        self.own = self.asked + base
        self.once = 1 / p.counts[p.name]  # each name votes once, however often it is repeated
        named = p.name[p.starts]
        self.once_named = 1 / p.counts[named]
        self.others = p.name != named[:, None]
        self.together = (p.sentence[p.mention] == p.sentence[p.asked][:, None]) & self.others
        self.nothing = np.zeros(n)
        self.best = np.zeros(0, np.int64)
        self.relations: Relations | None = None
        self.settled = False

    def votes(self, likely: Array) -> Array:
        """Features of each candidate that depend on how likely the others are, in the order of `FEATURES`."""
        p = self.p
        weight = likely * self.once
        table = np.bincount(self.cells, np.concatenate((weight, weight, weight)), p.names * self.width)
        counts = table.reshape(-1, self.width).sum(axis=0)[self.asked] - table[self.own]
        named1, named2, named0, votes_country, votes_admin1 = counts
        best = self._best(likely)
        relations = self._relate(best)
        sure = likely[best]
        sentence, near_best, *by_country = (relations.told * sure[:, None]).max(axis=1)
        sentence_country = by_country[0] if by_country else self.nothing
        near_mean = (sure * self.once_named) @ relations.around
        # What the text says the place lies in outweighs what is said of the name elsewhere ("Cambridge,
        # Massachusetts, and Cambridge, England"); so does a country named in the sentence.
        doubtful: Array | float = 1.0
        if by_country:
            overruled = (sentence_country < 0.2) & (self._top(sentence_country) > 0.5)
            doubtful = np.where(overruled, 0.25, 1.0)
        stated = holds = same_name = self.nothing
        if p.containers:
            stated, holds = self._containment(likely)
            overruled = (stated < 0.2) & (self._top(stated) > 0.5)
            doubtful = np.where(overruled, 0.25, doubtful)
            same_name = _same_name(p, likely, stated) * doubtful
        shared = doubtful / max(p.names - 1, 1)
        return np.array((
            stated, holds, np.maximum(sentence, stated),
            np.minimum(np.maximum(named1, named2) * doubtful, 1.0), np.minimum(named0 * doubtful, 1.0),
            votes_country * shared, votes_admin1 * shared, near_mean * shared, near_best * doubtful,
            sentence_country, relations.opening * sure[0], same_name,
        )).T  # fmt: skip

    def _best(self, likely: Array) -> Array:
        """Give the likeliest candidate of each mention that has any, the first where several are."""
        p = self.p
        numbers = np.where(likely == self._top(likely), self.numbers, len(likely))
        best: Array = np.minimum.reduceat(numbers, p.starts)
        return best

    def _top(self, values: Array) -> Array:
        """By candidate, the highest value among the candidates of its mention."""
        p = self.p
        top: Array = np.maximum.reduceat(values, p.starts)[p.slot]
        return top

    def _relate(self, best: Array) -> Relations:
        """Relate all candidates to the likeliest; from one round to the next these seldom change."""
        self.settled = self.relations is not None and np.array_equal(best, self.best)
        if self.relations is None or not self.settled:
            unit, country = self.p.unit, self.kind[best] == COUNTRY
            km = distances(unit[best], unit)
            nearness = np.exp(km * (-1 / 300.0))
            nearness *= self.others & ~country[:, None]  # a country is no neighbour
            around = nearness * nearness  # 300 km is twice the one reach and five times the other
            told = np.zeros((2 + bool(country.any()), len(best), len(self.kind)))
            told[0] = self._holds(best, slice(None), km) & self.together
            told[1] = around * around * nearness
            if len(told) > 2:
                told[2] = (self.country == self.country[best][:, None]) & country[:, None] & self.together
            opening = self._opening(int(best[0]))
            self.best, self.relations = best, Relations(told, around.astype(np.float64), opening)
        return self.relations

    def _containment(self, likely: Array) -> tuple[Array, Array]:
        """Say how surely the text states that a candidate lies in, or holds, what stands beside it."""
        p = self.p
        stated, held = np.zeros(len(p.row)), np.zeros(len(p.row))
        for i, j in p.containers:
            (a, b), (c, d) = p.bounds[i], p.bounds[j]
            if b > a and d > c and p.name[a] != p.name[c]:
                # Either name may be told by the other: of the container's readings those count that hold any
                # place of the name, unless they are all unlikely.
                lies_in = self._holds(slice(c, d), slice(a, b)).T
                holds = float(likely[c:d][lies_in.any(axis=0)].sum())
                stated[a:b] = np.maximum(stated[a:b], lies_in @ likely[c:d] / max(holds, 0.2))
                lies = float(likely[a:b][lies_in.any(axis=1)].sum())
                held[c:d] = np.maximum(held[c:d], likely[a:b] @ lies_in / max(lies, 0.2))
        return stated, held

    def _opening(self, best: int) -> Array:
        """Whether a candidate shares division (1) or country (one half) with the first place named."""
        p, country, admin1 = self.p, self.country, self.admin1
        near = np.where((admin1 == admin1[best]) & (admin1 >= 0), 1.0, 0.5 * (country == country[best]))
        opens: Array = near * (p.name != p.name[best])
        return opens

    def _holds(self, outer: Array | slice, inner: slice, km: Array | None = None) -> Array:
        """Matrix: whether each of some candidates holds each of others; `km` is how far apart they are."""
        view, row = self.p.view, self.p.row
        rows = row[outer]
        first, second, nation = self.chain[:, inner]
        column = rows[:, None]
        found: Array = (first == column) | (second == column) | (nation == column)
        # What is outside the chain of divisions (a region, a former district) holds what is within its reach.
        loose = _IS_LOOSE[self.kind[outer]].nonzero()[0]
        if len(loose):
            wide, unit = rows[loose], self.p.unit
            away = distances(unit[outer][loose], unit[inner]) if km is None else km[loose]
            near = away <= view.radius_km[wide][:, None]
            found[loose] |= near & _IS_SETTLED[self.kind[inner]] & (row[inner] != wide[:, None])
        return found


@lru_cache(maxsize=2)
def country_rows(view: Senses) -> Array:
    """Row of each country, as `Senses.country` codes it; -1 where there is none."""
    rows = np.full(len(view.country_names) + 1, -1, np.int64)
    for code, row in view.country_row.items():
        rows[view.country_names[code]] = row
    return rows


def distances(units: Array, others: Array) -> Array:
    """Distances in kilometres of unit vectors through the Earth (the chord, 1 % short at 3,000 km)."""
    cosine = units @ others.T
    km: Array = EARTH_KM * np.sqrt(np.maximum(2.0 - 2.0 * cosine, 0.0))
    return km


def _numbered(values: Array) -> tuple[int, Array]:
    """Say how many different values there are, and which of them each is."""
    flat = values.ravel()
    order = flat.argsort()
    ordered = flat[order]
    codes = np.zeros(len(flat), np.int64)
    codes[order[1:]] = (ordered[1:] != ordered[:-1]).cumsum()
    return int(codes.max()) + 1, codes.reshape(values.shape)


def _same_name(p: Problem, likely: Array, stated: Array) -> Array:
    """Give what mentions of the name settled on where the text states a container: one sense per document."""
    told = (stated > 0.3).nonzero()[0]
    if not len(told):
        return np.zeros(len(p.row))
    sure: dict[tuple[int, int], float] = {}
    for name, row, how in zip(
        p.name[told].tolist(), p.row[told].tolist(), likely[told].tolist(), strict=True
    ):
        sure[name, row] = max(sure.get((name, row), 0.0), how)
    found = (sure.get(key, 0.0) for key in zip(p.name.tolist(), p.row.tolist(), strict=True))
    return np.fromiter(found, float, len(p.row))
