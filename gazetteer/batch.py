"""Many names at once: keys folded in one text, one probe of the index, one ranking; the answers of `find`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.finding import (
    OTHER_CLASS,
    OTHER_SPELLING,
    Question,
    agreement,
    candidate,
    common_word,
    container,
    find,
    inside,
    parts_of,
)
from gazetteer.names import is_abjad, normalize_all, skeletons, sound_keys, strip_generic
from gazetteer.place import Candidate, Place
from gazetteer.ranking import DAMPING, KIND_WEIGHT, LOWER_RUNG
from gazetteer.store import ALTERNATE, CODE, STRIPPED, Array, hash_all

if TYPE_CHECKING:
    from gazetteer.gazetteer import Gazetteer

#: So few names are looked up one by one: a batch has its own cost.
FEW = 3
#: Latin names of so few letters are known as they are written only; see `Gazetteer.hits`.
SHORT = 3


@dataclass(frozen=True, slots=True)
class BatchHits:
    """Rows that many names may mean: whose they are, the rung and the kind of name; by owner, then row."""

    owner: Array
    rows: Array
    folded: Array
    kinds: Array

    def unique(self) -> BatchHits:
        """Keep the best agreement of each owner and row, as `ranking.unique_hits` does for one name."""
        order = np.lexsort((self.kinds, ~self.folded, self.rows, self.owner))
        owner, rows = self.owner[order], self.rows[order]
        first = np.ones(len(rows), bool)
        first[1:] = (rows[1:] != rows[:-1]) | (owner[1:] != owner[:-1])
        return BatchHits(owner[first], rows[first], self.folded[order][first], self.kinds[order][first])


def spans(g: Gazetteer, names: Sequence[str]) -> tuple[Array, Array]:
    """Start and end of each name in the index of keys; one that is not known is read in further ways."""
    column = g.store["key_hash"]

    def probe(which: list[int], keys: list[str]) -> list[int]:
        wanted = hash_all(keys)
        left[which] = np.searchsorted(column, wanted, "left")
        right[which] = np.searchsorted(column, wanted, "right")
        return [i for i in which if left[i] == right[i] and len(names[i]) > 2]

    left, right = np.zeros(len(names), np.int64), np.zeros(len(names), np.int64)
    missed = probe(list(range(len(names))), sound_keys(names))
    missed = probe(missed, sound_keys([names[i] for i in missed], turkic=True))
    slavic = [i for i in missed if "j" in names[i].lower()]
    probe(slavic, sound_keys([names[i].lower().replace("j", "y") for i in slavic]))
    return left, right


def expand(starts: Array, ends: Array) -> tuple[Array, Array]:
    """Positions of many spans one after another, and the span that each is of."""
    counts = ends - starts
    owner = np.repeat(np.arange(len(counts)), counts)
    firsts = np.cumsum(counts) - counts
    return np.arange(len(owner)) - np.repeat(firsts - starts, counts), owner


def hits_all(g: Gazetteer, names: Sequence[str]) -> BatchHits:
    """Give what `Gazetteer.hits` gives for each name."""
    starts, ends = spans(g, names)
    at, owner = expand(starts, ends)
    rows, folds, kinds = (np.asarray(g.store[f"key_{part}"])[at] for part in ("row", "fold", "kind"))
    folded = folds == hash_all(normalize_all(names)).astype(np.uint32)[owner]
    bare = [i for i in np.flatnonzero(starts == ends).tolist() if is_abjad(names[i])]
    if bare:
        bones = skeletons([names[i] for i in bare])
        whose = np.array([i for i, bone in zip(bare, bones, strict=True) if bone], np.int64)
        wanted = hash_all([bone for bone in bones if bone])
        column = g.store["bone_hash"]
        at, which = expand(np.searchsorted(column, wanted, "left"), np.searchsorted(column, wanted, "right"))
        owner = np.concatenate([owner, whose[which]])
        rows = np.concatenate([rows, np.asarray(g.store["bone_row"])[at]])
        folded = np.concatenate([folded, np.zeros(len(at), bool)])
        kinds = np.concatenate([kinds, np.full(len(at), ALTERNATE, np.uint8)])
    short = np.fromiter((len(n) <= SHORT and n.isascii() for n in names), bool, len(names))[owner]
    upper = np.fromiter((n.isupper() for n in names), bool, len(names))[owner]
    keep = (folded | ~short) & ((kinds != CODE) | (folded & upper))
    return BatchHits(owner[keep], rows[keep], folded[keep], kinds[keep]).unique()


def find_all(
    g: Gazetteer,
    names: Sequence[str],
    *,
    country: str | None = None,
    within: str | Place | None = None,
    limit: int = 10,
) -> list[list[Candidate]]:
    """See `Gazetteer.find_all`."""
    distinct = list(dict.fromkeys(names))
    if len(distinct) <= FEW:
        known = {n: find(g, n, country=country, within=within, limit=limit) for n in distinct}
    else:
        known = _by_ladder(g, distinct, country, within, limit)
    return [list(known[name]) for name in names]


def _by_ladder(
    g: Gazetteer, names: Sequence[str], country: str | None, within: str | Place | None, limit: int
) -> dict[str, list[Candidate]]:
    """Give the candidates of each name; what only other readings of a name can find is left to `find`."""
    code = g.country_code(country) if country else ""
    box = container(g, within) if within is not None else None
    if (country and not code) or (within is not None and box is None):
        return {name: [] for name in names}
    found = weighed(g, names)
    keep = np.ones(len(found.rows), bool)
    if code:
        keep &= g.country[found.rows] == code
    if box is not None:
        keep &= inside(g, found.rows, box)
    order = np.flatnonzero(keep)
    order = order[np.lexsort((found.rows[order], -found.weight[order], found.owner[order]))]
    owner = found.owner[order]
    starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]]) if len(owner) else np.zeros(0, np.int64)
    totals = np.add.reduceat(found.weight[order], starts) if len(starts) else np.zeros(0)
    counts = np.diff(np.r_[starts, len(owner)])
    places: dict[int, Place] = {}
    answers: dict[str, list[Candidate]] = {}
    for start, count, total in zip(starts.tolist(), counts.tolist(), totals.tolist(), strict=True):
        name = names[owner[start]]
        asked = Question(name, (), code, box, None, limit)
        why, cap = common_word(g, asked)
        cap *= 1.0 if found.any_folded[owner[start]] else OTHER_SPELLING
        answers[name] = listed = []
        for i in order[start : start + min(count, limit)].tolist():
            row = int(found.rows[i])
            place = places.get(row)
            if place is None:
                place = places[row] = g.place(row)
            match = "folded" if found.folded[i] else "transliterated"
            score = float(found.weight[i]) / total * cap
            agrees = agreement(int(found.kinds[i]))
            listed.append(
                candidate(asked, place, score, match, agrees, why, found.classes[owner[start]], count)
            )
    for name in names:
        best = answers.get(name)
        if not best or (best[0].match == "transliterated" and len(parts_of(name)) > 1):
            answers[name] = find(g, name, country=country, within=within, limit=limit)
    return answers


@dataclass(frozen=True, slots=True)
class Weighed:
    """Readings of many names with their weights, and by name: its classes, whether one agrees as spelled."""

    owner: Array
    rows: Array
    folded: Array
    kinds: Array
    weight: Array
    classes: list[tuple[str, ...]]
    any_folded: Array


def weighed(g: Gazetteer, names: Sequence[str]) -> Weighed:
    """Weigh all readings of many names: by importance, kind of name, rung and class, as `finding` does."""
    stripped = [strip_generic(n, fold) for n, fold in zip(names, normalize_all(names), strict=True)]
    bare = [i for i, s in enumerate(stripped) if s is not None]
    hits = hits_all(g, names)
    if bare:
        more = hits_all(g, [s.name for s in stripped if s is not None])
        hits = BatchHits(
            np.concatenate([hits.owner, np.array(bare)[more.owner]]),
            np.concatenate([hits.rows, more.rows]),
            np.concatenate([hits.folded, more.folded]),
            np.concatenate([hits.kinds, np.full(len(more.rows), STRIPPED, np.uint8)]),
        ).unique()
    classes = [() if s is None else s.classes for s in stripped]
    weight = np.asarray(g.prior[hits.rows], np.float64) ** DAMPING
    weight *= np.array([KIND_WEIGHT[kind] for kind in sorted(KIND_WEIGHT)])[hits.kinds]
    letters = sorted({c for group in classes for c in group})
    allowed = np.ones((len(names), len(letters) + 1), bool)
    for i in bare:
        allowed[i] = [c in classes[i] for c in (*letters, "")]
    number = np.full(len(g.feature_codes), len(letters))
    for i, feature in enumerate(g.feature_codes):
        if feature[:1] in letters:
            number[i] = letters.index(feature[:1])
    weight = np.where(allowed[hits.owner, number[g.feature[hits.rows]]], weight, weight * OTHER_CLASS)
    high, low = np.zeros(len(names)), np.zeros(len(names))
    np.maximum.at(high, hits.owner[hits.folded], weight[hits.folded])
    np.maximum.at(low, hits.owner[~hits.folded], weight[~hits.folded])
    # What only sounds so gives way to what is spelled so.
    any_folded = high > 0
    scale = np.ones(len(names))
    both = any_folded & (low > 0)
    scale[both] = LOWER_RUNG * np.minimum(1.0, high[both] / low[both])
    weight = np.where(hits.folded, weight, weight * scale[hits.owner])
    return Weighed(hits.owner, hits.rows, hits.folded, hits.kinds, weight, classes, any_folded)


def best_rows(g: Gazetteer, names: Sequence[str]) -> Array:
    """See `Gazetteer.best_rows`."""
    codes: dict[str, int] = {}
    which = np.fromiter((codes.setdefault(name, len(codes)) for name in names), np.int64, len(names))
    found = weighed(g, list(codes))
    best = np.full(len(codes), -1, np.int32)
    order = np.lexsort((-found.rows, found.weight, found.owner))  # the last of each owner is the best
    best[found.owner[order]] = found.rows[order]
    return best[which]
