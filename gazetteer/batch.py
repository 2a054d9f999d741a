"""Many names at once: keys of all, one probe of the index, one ranking; the answers of `finding`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from gazetteer.atlas import Atlas
from gazetteer.finding import (
    KIND_WORDS,
    OTHER_CLASS,
    OTHER_SPELLING,
    PARTED,
    Asked,
    Reading,
    Terms,
    candidate,
    common_reasons,
    find,
)
from gazetteer.hits import BatchHits, Column, foremost, hits_of, numbered
from gazetteer.keys import COMMON, GENERIC, ManyKeys, many_keys
from gazetteer.names import strip_generic
from gazetteer.place import Candidate
from gazetteer.ranking import DAMPING, KIND_WEIGHT, LOWER_RUNG
from gazetteer.store import STRIPPED, Array

#: So few names are looked up one by one: a batch has its own cost.
FEW = 3
_WEIGHTS = np.array([KIND_WEIGHT[kind] for kind in sorted(KIND_WEIGHT)])


def find_all(g: Atlas, names: Column, terms: Terms) -> list[list[Candidate]]:
    """See `gazetteer.Gazetteer.find_all`."""
    different, number = numbered(names)
    if len(different) <= FEW:
        known = {name: find(g, name, terms) for name in different}
    else:
        known = _by_ladder(g, different, terms)
    answers = [*(known[name] for name in different), []]
    return [list(answers[i]) for i in number.tolist()]


def _by_ladder(g: Atlas, names: Sequence[str], terms: Terms) -> dict[str, list[Candidate]]:
    """Give the candidates of each name; what only other readings of a name can find is left to `find`."""
    keys = many_keys(g.store, names)
    found = weighed(g, names, keys)
    keep = np.ones(len(found.rows), bool)
    if terms.country:
        keep &= g.country[found.rows] == terms.country
    if terms.box is not None:
        from gazetteer.containers import inside

        keep &= inside(g, found.rows, terms.box)
    order = np.flatnonzero(keep)
    order = order[np.lexsort((found.rows[order], -found.weight[order], found.owner[order]))]
    owner = found.owner[order]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]) if len(owner) else np.zeros(0, np.int64)
    totals = np.add.reduceat(found.weight[order], starts) if len(starts) else np.zeros(0)
    counts = np.diff(np.r_[starts, len(owner)])
    answers: dict[str, list[Candidate]] = {}
    for start, count, total in zip(starts.tolist(), counts.tolist(), totals.tolist(), strict=True):
        i = int(owner[start])
        asked = Asked(names[i], (), terms, found.classes.get(i, ()), bool(keys.flags[i] & COMMON))
        why, cap = common_reasons(asked)
        cap *= 1.0 if found.any_folded[i] else OTHER_SPELLING
        answers[names[i]] = listed = []
        for j in order[start : start + min(count, terms.limit)].tolist():
            rung = "folded" if found.folded[j] else "transliterated"
            weight = float(found.weight[j])
            reading = Reading(int(found.rows[j]), weight, rung, KIND_WORDS[int(found.kinds[j])])
            listed.append(candidate(g, asked, reading, weight / total * cap, why, count))
        if not found.folded[order[start]] and PARTED.search(names[i]):
            del answers[names[i]]
    return {name: answers.get(name) or find(g, name, terms) for name in names}


@dataclass(frozen=True, slots=True)
class Weighed:
    """Readings of many names with their weights, and by name: its classes, whether one agrees as spelled."""

    owner: Array
    rows: Array
    folded: Array
    kinds: Array
    weight: Array
    classes: dict[int, tuple[str, ...]]
    any_folded: Array


def with_stripped(
    g: Atlas, names: Sequence[str], keys: ManyKeys
) -> tuple[BatchHits, dict[int, tuple[str, ...]]]:
    """Hits of names, with and without their generic words; with the classes that those words speak for."""
    hits = hits_of(g, names, keys)
    bare = np.flatnonzero(keys.flags & GENERIC)
    if not len(bare):
        return hits, {}
    stripped = [strip_generic(names[i]) for i in bare.tolist()]
    kept = [s for s in stripped if s is not None]
    shorter = [s.name for s in kept]
    more = hits_of(g, shorter, many_keys(g.store, shorter))
    kinds = np.full(len(more.rows), STRIPPED, np.uint8)
    # "Mt Ararat" for "Mount Ararat": only the generic word is spelled in another way.
    whole = hits.of(keys.flags[hits.owner] & GENERIC != 0).unique()
    number, wanted = whole.owner * len(g) + whole.rows, bare[more.owner] * len(g) + more.rows
    at = np.searchsorted(number, wanted)
    same = more.folded & (number.take(at, mode="clip") == wanted) if len(number) else np.zeros(len(at), bool)
    same[same] = ~whole.folded[at[same]]
    kinds[same] = whole.kinds[at[same]]
    both = BatchHits(
        np.concatenate([hits.owner, bare[more.owner]]),
        np.concatenate([hits.rows, more.rows]),
        np.concatenate([hits.folded, more.folded]),
        np.concatenate([hits.kinds, kinds]),
    )
    return both, {i: s.classes for i, s in zip(bare.tolist(), kept, strict=True)}


def weights(g: Atlas, count: int, hits: BatchHits, classes: dict[int, tuple[str, ...]]) -> Array:
    """Weigh readings by importance, kind of name and class, as `finding.weigh` does."""
    weight: Array = g.prior[hits.rows].astype(np.float64) ** DAMPING * _WEIGHTS[hits.kinds]
    if classes:
        letters = sorted({c for group in classes.values() for c in group})
        allowed = np.ones((count, len(letters) + 1), bool)
        for i, group in classes.items():
            allowed[i] = [c in group for c in (*letters, "")]
        number = np.full(len(g.feature_codes), len(letters))
        for i, feature in enumerate(g.feature_codes):
            if feature[:1] in letters:
                number[i] = letters.index(feature[:1])
        other = ~allowed[hits.owner, number[g.feature[hits.rows]]]
        weight[other] *= OTHER_CLASS
        # As `finding._favour_kind`: what bears no such word weighs less than all that may be meant by it.
        other &= hits.folded & (hits.kinds >= STRIPPED)
        favoured = hits.folded & ~other
        meant, most = np.zeros(count), np.zeros(count)
        np.maximum.at(meant, hits.owner[favoured], weight[favoured])
        np.maximum.at(most, hits.owner[other], weight[other])
        over = (meant > 0) & (most > OTHER_CLASS * meant)
        scale = np.ones(count)
        scale[over] = OTHER_CLASS * meant[over] / most[over]
        weight[other] *= scale[hits.owner[other]]
    return weight


def weighed(g: Atlas, names: Sequence[str], keys: ManyKeys) -> Weighed:
    """Weigh all readings of many names; what only sounds so gives way to what is spelled so."""
    hits, classes = with_stripped(g, names, keys)
    hits = hits.unique()
    weight = weights(g, len(names), hits, classes)
    high, low = np.zeros(len(names)), np.zeros(len(names))
    np.maximum.at(high, hits.owner[hits.folded], weight[hits.folded])
    np.maximum.at(low, hits.owner[~hits.folded], weight[~hits.folded])
    any_folded = high > 0
    scale = np.ones(len(names))
    both = any_folded & (low > 0)
    scale[both] = LOWER_RUNG * np.minimum(1.0, high[both] / low[both])
    weight = np.where(hits.folded, weight, weight * scale[hits.owner])
    return Weighed(hits.owner, hits.rows, hits.folded, hits.kinds, weight, classes, any_folded)


def best_rows(g: Atlas, names: Column) -> Array:
    """See `gazetteer.Gazetteer.best_rows`."""
    different, number = numbered(names)
    keys = many_keys(g.store, different)
    best = np.append(foremost(g, keys), np.int32(-1))  # the last one for what is missing
    open_ = np.flatnonzero(best[:-1] < 0)
    if len(open_):
        best[open_] = _heaviest(
            g, [different[i] for i in open_.tolist()], ManyKeys(*(k[open_] for k in keys))
        )
    return best[number]


def _heaviest(g: Atlas, names: Sequence[str], keys: ManyKeys) -> Array:
    """Row of the heaviest reading of each of different names, -1 for none."""
    hits, classes = with_stripped(g, names, keys)
    # Whatever is spelled so comes before all that only sounds so.
    weight = weights(g, len(names), hits, classes)
    weight[hits.folded] += 2 * weight.max(initial=0.0)
    best = np.full(len(names), -1, np.int32)
    if classes:  # those without their generic word came last
        order = np.argsort(hits.owner, kind="stable")
        hits, weight = hits.of(order), weight[order]
    if len(weight):
        starts = np.flatnonzero(np.r_[True, hits.owner[1:] != hits.owner[:-1]])
        heaviest = np.repeat(np.maximum.reduceat(weight, starts), np.diff(np.r_[starts, len(weight)]))
        # Of equals the lower row, as `find` has it.
        rows = np.where(weight == heaviest, hits.rows, len(g))
        best[hits.owner[starts]] = np.minimum.reduceat(rows, starts)
    return best
