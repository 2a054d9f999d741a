"""How sure it is that the likeliest reading of a mention is right: gathered evidence, made a probability."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.distance import EARTH_KM
from geo.toponyms.vocabulary import weights
from geo.toponyms.weighing import AT

if TYPE_CHECKING:
    from geo.toponyms.senses import Array
    from geo.toponyms.weighing import Problem

#: Features of the best candidate that its confidence is computed from as they are.
_TELLING = (
    "own name", "without generic word", "by sound", "country", "division", "subdivision", "capital",
    "natural", "region", "as the words say", "not as the words say", "division named", "votes of country",
    "votes of division", "neighbours", "near neighbour", "where the article opens", "same name settled",
)  # fmt: skip
_TOLD = [AT[name] for name in _TELLING]
#: What confidence is computed from, in the order of the columns of `doubts`.
EVIDENCE = (
    *_TELLING, "bias", "share", "share around", "rival", "importance", "renown", "alias", "part", "site",
    "container", "only one",
)  # fmt: skip
#: Cosine of the angle within which two readings answer the question where alike, 100 km.
_NEARBY = math.cos(100.0 / EARTH_KM)


def doubts(p: Problem, likely: Array, features: Array) -> Array:
    """Gather what confidence is computed from.

    Parameters
    ----------
    p : Problem
    likely, features : ndarray
        As `geo.toponyms.weighing.settle` gives them.

    Returns
    -------
    ndarray of shape (len(p.asked), len(EVIDENCE))
        One row for each mention that has candidates.
    """
    top = np.maximum.reduceat(likely, p.starts)
    numbers = np.where(likely == top[p.slot], np.arange(len(likely)), len(likely))
    best = np.minimum.reduceat(numbers, p.starts)
    here = features.take(best, axis=0)
    # A city and the division around it are one answer to the question where; only what lies elsewhere
    # casts doubt.
    near = (p.unit * p.unit.take(best, axis=0).take(p.slot, axis=0)).sum(axis=1) > _NEARBY
    near[best] = True
    around = np.add.reduceat(np.where(near, likely, 0.0), p.starts)
    rival = np.maximum.reduceat(np.where(near, 0.0, likely), p.starts)
    queries = [p.queries[i] for i in p.asked.tolist()]
    said = [(q.alias is not None, bool(q.part), q.hint in ("street", "facility")) for q in queries]
    container = np.maximum(here[:, AT["stated container"]], here[:, AT["container in the sentence"]])
    rest = np.array((
        np.ones(len(best)), *_log_odds(np.array((top, around))), rival, here[:, AT["importance"]] - 4.0,
        p.view.renown[p.row[best]], *np.array(said, np.float64).T, container, p.sizes == 1,
    ))  # fmt: skip
    return np.concatenate((here.take(_TOLD, axis=1), rest.T), axis=1)


def confidence(evidence: Array) -> Array:
    """Say how probable (0 to 1) it is that the best candidate of each mention is right.

    Calibrated on documents the other weights were not fitted on.

    Parameters
    ----------
    evidence : ndarray of shape (mentions, len(EVIDENCE))
        As `doubts` gathers it.
    """
    said, right = _calibration()
    raw = 1 / (1 + np.exp(-(evidence @ _weights())))
    found: Array = np.interp(raw, said, right)
    return found


@cache
def _weights() -> Array:
    table = weights("confidence")
    return np.array([table.get(name, 0.0) for name in EVIDENCE])


@cache
def _calibration() -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Knots of the rising line from what the model says to the share that was right, from 0 to 1."""
    knots = sorted((float(said), share) for said, share in weights("calibration").items())
    return tuple(said for said, _ in knots), tuple(share for _, share in knots)


def _log_odds(share: Array) -> Array:
    share = np.minimum(np.maximum(share, 0.001), 0.999)
    odds: Array = np.log(share / (1 - share))
    return odds
