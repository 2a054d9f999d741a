"""Which place is meant: candidates for a name, weighed, ranked and given their reasons in words.

A candidate's weight is the product of what speaks for it: how much the place matters (`build._prior`,
damped), the rung on which the name agrees, whether it is the place's own name, what was asked besides.
Its score is its share of the weight of all candidates, so the scores of one list add up to at most 1.
"""

from __future__ import annotations

from collections.abc import Sequence

from gazetteer.distance import distance_km
from gazetteer.place import Candidate
from gazetteer.store import ALTERNATE, CODE, COLLOQUIAL, ENGLISH, HISTORIC, PRIMARY, STRIPPED, Array

#: Damping of importance: a city of ten times the people is about four times as likely meant by its bare name.
DAMPING = 0.6
#: Weight of the kind of name that agrees.
KIND_WEIGHT = {PRIMARY: 1.0, ENGLISH: 0.95, ALTERNATE: 0.4, STRIPPED: 0.4, COLLOQUIAL: 0.2, HISTORIC: 0.2,
               CODE: 0.02}  # fmt: skip
#: Most that a reading on a lower rung can weigh, as a share of the best one that agrees on a higher rung.
LOWER_RUNG = 0.03
#: Best score that still leaves the reading open, and the share of the best that makes a runner-up a rival.
SURE, RIVAL = 0.5, 0.1


def by_weight(hashes: Array, rows: Array, kinds: Array, prior: Array) -> Array:
    """Order keys by hash, those of one hash by the weight their places have for a bare name, then by row.

    Parameters
    ----------
    hashes, rows, kinds : ndarrays of one length
        Of each key its hash, its place and the kind of name.
    prior : ndarray
        By row how much the place matters.
    """
    import numpy as np

    order: Array = np.argsort(hashes, kind="stable")
    ordered = hashes[order]
    same = np.flatnonzero(ordered[1:] == ordered[:-1])
    shared = np.zeros(len(order), bool)
    shared[same] = shared[same + 1] = True
    which = order[shared]
    weight = prior[rows[which]].astype(np.float64) ** DAMPING
    weight *= np.array([KIND_WEIGHT[kind] for kind in sorted(KIND_WEIGHT)])[kinds[which]]
    order[shared] = which[np.lexsort((kinds[which], rows[which], -weight, hashes[which]))]
    return order


def is_ambiguous(candidates: Sequence[Candidate]) -> bool:
    """Whether a ranked list leaves open which place is meant; true as well where it is empty.

    Readings that are one and the same spot (a city and the district around it) do not rival each other.
    Otherwise the name is ambiguous if the best and its like have no more than half of the score, or if
    the next reading has at least a tenth of what they have.

    Parameters
    ----------
    candidates : sequence of Candidate
        Best first, as `Gazetteer.find` gives them.
    """
    if not candidates:
        return True
    best = candidates[0]
    spot = [nested(best, c) for c in candidates]
    same = sum(c.score for c, is_same in zip(candidates, spot, strict=True) if is_same)
    rival = max((c.score for c, is_same in zip(candidates, spot, strict=True) if not is_same), default=0.0)
    return same <= SURE or rival >= RIVAL * same


def nested(one: Candidate, other: Candidate) -> bool:
    """Whether two readings are a place and what lies around it, bearing one name."""
    a, b = one.place, other.place
    if a.id == b.id:
        return True
    if a.country != b.country or a.feature[:1] == b.feature[:1] == "P":
        return False
    if a.feature.startswith("A.PCL") or b.feature.startswith("A.PCL"):
        return False
    return distance_km(a.lat, a.lon, b.lat, b.lon) <= max(a.radius_km, b.radius_km)
