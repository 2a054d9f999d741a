"""The weighing of candidates: what speaks for each, and the votes of all, in rounds.

A conditional logit over named features (weights in ``geo/data/weights.toml``): how much a place matters,
whether the name is its own, what kind of place the words speak for, whether the text says what it lies
in, and what the other mentions of the document make likely; these are weighed in rounds, each mention
voting for the country, the division and the neighbourhood of the others (`geo.toponyms.votes`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from geo.toponyms.queries import ASKED, Query, ask, ask_name
from geo.toponyms.senses import DIVISION, Array, Senses
from geo.toponyms.vocabulary import weights

if TYPE_CHECKING:
    from geo.language import Plain
    from geo.mentions import Mention
    from geo.toponyms.outlets import Home

#: Rounds of votes at most; they end when the likeliest readings stay what they were.
ROUNDS = 3

#: Features of a candidate; those from number `STATIC` on depend on how likely the other candidates are.
FEATURES = (
    *ASKED, "home of the outlet",
    "stated container", "holds what is said to lie in it", "container in the sentence", "division named",
    "country named", "votes of country", "votes of division", "neighbours", "near neighbour",
    "country of the sentence", "where the article opens", "same name settled",
)  # fmt: skip
STATIC = len(ASKED) + 1
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
    asked : ndarray
        Numbers of the mentions that have candidates.
    starts, sizes : ndarray
        Of their ranges.
    slot, mention, name, row, unit : ndarray
        By candidate: the place of its mention in `asked`, its mention, the number of its name, its row in the
        gazetteer, the unit vector to it.
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
    asked: Array
    starts: Array
    sizes: Array
    slot: Array
    mention: Array
    name: Array
    row: Array
    unit: Array
    sentence: Array
    containers: list[tuple[int, int]]
    static: Array
    names: int
    counts: Array


#: A mark and the capital after it, or the end of a line; beginning with a set, it is searched for quickly.
_SENTENCE_END = re.compile(
    r"[.!?\u0589\u06d4\u061f\n](?:(?<=\n)|(?<!\n)['\")\]]*\s+(?=[\"'(\[]?[^\Wa-z\d_]))"
)
_GENERICS = r"(?: (?:settlement|village|town|city|district|region|province|county|area|suburb|port|camp)s?)?"
#: Between a place and what it lies in: "Zaylik settlement of the Kalbajar region", "Paris, Texas".
_IN = re.compile(
    rf"^{_GENERICS}(?:,|,? in|,? of| \()(?: the)?"
    r"(?: (?:[a-z]+ern|[a-z]+-?east|[a-z]+-?west|north|south|east|west|central|upper|lower))?"
    r"(?:(?: [A-Z]\w+)? (?:part|state|province|region|district|county|city|exclave) of)?(?: the)? ?$"
)
#: The same, told by what it is: "Srinagar, a hill town in Uttarakhand".
_IS_ONE_IN = re.compile(
    r"^, (?:an?|the|another)(?: [\w-]+){0,3}? (?:city|town|village|hamlet|settlement|port|resort|suburb|"
    r"capital|seat|municipality|commune|community|borough|parish|hub)(?: of [\d,.]+(?: people)?)?,?"
    r"(?: (?:far|deep|high|away|over|down|up))? (?:in|of|on)(?: the)?"
    r"(?: (?:[a-z]+ern|north|south|east|west|central|upper|lower))?"
    r"(?: (?:part|state|province|region|district|county|island) of)?(?: the)? ?$"
)
#: Around a people that says whose town it is: "Donetsk, a Russian mining town on the border".
_IS_THE = re.compile(r"^, (?:an?|the)(?: [\w-]+){0,2} $")
_TOWN_OF = re.compile(
    r"(?: [\w-]+){0,3}? (?:city|town|village|hamlet|settlement|port|resort|suburb|capital|one)\b"
)
#: Before what all of a sentence lies in: "In Honduras, ...".
_OPENING_IN = re.compile(r"(?:^|[.!?\"'”’]\s+|\n)(?:In|Across|Over in|Down in|Up in) $")
#: Between what a place lies in and the place: "Azerbaijan's Dashkasan district", "Lebanon's city of Tripoli".
_HAS = re.compile(r"^(?:'s|')(?: (?!\w+ed\b|saw\b|met\b|left\b)[a-z-]+){0,3}(?: of)? $")


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
    sizes = np.array([len(q.features) for q in queries])
    full = sizes.nonzero()[0]
    if not len(full):
        return None
    ends = sizes.cumsum()
    keys: dict[str, int] = {}
    names = np.array([keys.setdefault(q.key, len(keys)) for q in queries])
    slot = np.arange(len(full)).repeat(sizes[full])
    mention = full[slot]
    row = np.concatenate([q.hits.rows for q in queries]).astype(np.int64)
    static = np.concatenate([q.features for q in queries])
    sentence = _sentences(text, [start for start, _ in here])
    return Problem(
        view=view,
        queries=queries,
        bounds=list(zip((ends - sizes).tolist(), ends.tolist(), strict=True)),
        asked=full,
        starts=(ends - sizes)[full],
        sizes=sizes[full],
        slot=slot,
        mention=mention,
        name=names[mention],
        row=row,
        unit=view.unit.take(row, axis=0),
        sentence=sentence,
        containers=_stated_containers(text, here, mentions, sentence.tolist()),
        static=np.concatenate((static, _at_home(view, row, home)[:, None]), axis=1),
        names=len(keys),
        counts=np.bincount(names),
    )


def _sentences(text: str, starts: Sequence[int]) -> Array:
    """Give places of one sentence the same number."""
    numbers = np.zeros(len(starts), np.int64)
    number, last = 0, 0
    for i in sorted(range(len(starts)), key=starts.__getitem__):
        if starts[i] > last and _SENTENCE_END.search(text, last, starts[i]):
            number += 1
        numbers[i], last = number, starts[i]
    return numbers


def _at_home(view: Senses, row: Array, home: Home | None) -> Array:
    """Whether a candidate shares division (1) or country (one half) with the outlet's home."""
    if home is None:
        return np.zeros(len(row))
    division = np.where(view.kind[row] == DIVISION, row, view.admin1[row])
    near = (division == home.division) & (home.division >= 0)
    return np.where(near, 1.0, 0.5 * (view.country[row] == home.country))


def _stated_containers(
    text: str, here: Sequence[tuple[int, int]], mentions: Sequence[Mention], sentence: Sequence[int]
) -> list[tuple[int, int]]:
    peoples = {i for i in range(len(here)) if mentions[i].use == "demonym"}
    everything = sorted(range(len(here)), key=lambda i: here[i])
    order = [i for i in everything if i not in peoples]  # "Athens, in the American state of Georgia"
    pairs = [
        (a, b)
        for a, b in pairwise(everything)
        if b in peoples and _IS_THE.match(text[here[a][1] : here[b][0]]) and _TOWN_OF.match(text, here[b][1])
    ]
    for a, b in pairwise(order):
        start, end = here[a][1], here[b][0]
        if end - start > 60:
            continue
        gap = text[start:end]
        if _IN.match(gap) or _IS_ONE_IN.match(gap):
            pairs.append((a, b))
        elif _HAS.match(gap):
            pairs.append((b, a))
    return pairs + _led_by(text, here, order, sentence, {a for a, _ in pairs})


def _led_by(
    text: str,
    here: Sequence[tuple[int, int]],
    order: Sequence[int],
    sentence: Sequence[int],
    told: set[int],
) -> list[tuple[int, int]]:
    """Pair what a sentence names with what it opens with: "In Honduras, the minister visited Trujillo"."""
    pairs: list[tuple[int, int]] = []
    outer = -1
    for b in order:
        start, end = here[b]
        if _OPENING_IN.search(text, max(0, start - 12), start) and text[end : end + 1] == ",":
            outer = b
        elif outer >= 0 and sentence[b] == sentence[outer] and b not in told:
            pairs.append((b, outer))
    return pairs


def settle(problem: Problem) -> tuple[Array, Array]:
    """Weigh all candidates, in rounds.

    Returns
    -------
    likely : ndarray
        By candidate: its share among those of its mention.
    features : ndarray
        By candidate and feature, those of the last round.
    """
    from geo.toponyms.votes import Rounds

    first, full = place_weights("first"), place_weights("place")
    likely = share(problem, problem.static @ first[:STATIC])
    by_static = problem.static @ full[:STATIC]
    if problem.names == 1:  # a name does not vote for itself
        cast = np.zeros((len(likely), len(FEATURES) - STATIC))
        return share(problem, by_static), np.concatenate((problem.static, cast), axis=1)
    rounds = Rounds(problem)
    cast = np.zeros((len(likely), 0))
    for _ in range(ROUNDS):
        cast = rounds.votes(likely)
        likely = share(problem, by_static + cast @ full[STATIC:])
        if rounds.settled:
            break
    return likely, np.concatenate((problem.static, cast), axis=1)


@cache
def place_weights(model: str) -> Array:
    """Weights of one model (``first`` or ``place``), in the order of `FEATURES`."""
    table = weights(model)
    return np.array([table.get(name, 0.0) for name in FEATURES])


def share(problem: Problem, score: Array) -> Array:
    """Turn scores into shares that add up to 1 in each mention."""
    starts, slot = problem.starts, problem.slot
    powers = np.exp(score - np.maximum.reduceat(score, starts)[slot])
    shares: Array = powers / np.add.reduceat(powers, starts)[slot]
    return shares
