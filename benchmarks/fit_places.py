"""Fit the weights of place reading and write them to ``geo/data/weights.toml``.

usage: python benchmarks/fit_places.py CORPUS.jsonl... [--dispatches FOLDER] [--dry-run]

Three models, each a table of named weights: whether a span is a place (logistic regression, two looks),
which place it is (conditional logit, in rounds), and how sure that is (logistic regression on documents
the others were not fitted on). Prints first what five-fold cross-validation makes of them: each fifth of
the documents in turn is read with weights fitted on the rest.
"""

from __future__ import annotations

import argparse
import tomllib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar
from unittest import mock

import numpy as np
import numpy.typing as npt
from corpora import Sample, km_between, read_corpus, read_dispatches, trim

import geo.mentions
import geo.toponyms.weighing
from gazetteer import Gazetteer
from geo.language import plain
from geo.mentions import Mention, choose, judge
from geo.sentences import parse
from geo.toponyms.certainty import EVIDENCE, doubts
from geo.toponyms.senses import senses
from geo.toponyms.spans import Span, propose
from geo.toponyms.votes import Rounds
from geo.toponyms.weighing import FEATURES, STATIC, Problem, pose, settle, share

Array = npt.NDArray[np.float64]
Tables = dict[str, dict[str, float]]
T = TypeVar("T")
WEIGHTS = Path(__file__).parent.parent / "geo" / "data" / "weights.toml"
AGAIN = ("again:likely", "again:open", "again:unlikely")
#: Parts the documents fall into for cross-validation; groups the confidence is levelled over.
FOLDS, GROUPS = 5, 12
#: A feature seen less often is left out.
SELDOM = 8
SAID, NOT_SAID = FEATURES.index("as the words say"), FEATURES.index("not as the words say")
STATED = FEATURES.index("stated container")
#: The corpora do not name their outlets: their home weighs by hand.
HOME = FEATURES.index("home of the outlet")
#: What we know of features too seldom to be learned here: "X settlement" and "village of X" name a place;
#: "Jordan said" does not where Michael Jordan is named.
BEFOREHAND = {"called a place": 2.5, "elsewhere:surname:speaks": -1.0}
#: Weight of a dispatch beside a document of the corpora, of which there are ten times as many.
DISPATCH_WEIGHT = 3.0


@dataclass
class Read:
    """A sample with its spans and how right each is: 1 exact, 0.6 by half, 0 wrong, nan where not told."""

    sample: Sample
    spans: list[Span]
    truth: list[float]
    gold: set[tuple[int, int]]
    weight: float


@dataclass
class Posed:
    """A sample with its candidates, and whether each is the place meant, or near enough."""

    sample: Sample
    problem: Problem
    right: npt.NDArray[np.bool_]
    close: npt.NDArray[np.bool_]
    weight: float


# -- whether a span is a place ----------------------------------------------------------------------


def read(samples: Sequence[Sample], places: Gazetteer) -> list[Read]:
    """Propose the spans of each sample and label them."""
    result = []
    for sample in samples:
        flat = plain(sample.text)
        gold = {trim(flat.text, *flat.here(t.start, t.end)) for t in sample.toponyms}
        spans = propose(parse(flat.text), places)
        truth = []
        for span in spans:
            a, b = trim(flat.text, span.first, span.last)
            best = max(
                ((min(b, d) - max(a, c)) / (max(b, d) - min(a, c)) for c, d in gold if c < b and a < d),
                default=0.0,
            )
            if not best and not sample.complete and _untold(span):
                truth.append(np.nan)
            else:
                truth.append(1.0 if best > 0.99 else 0.6 if best >= 0.5 else 0.0)
        result.append(Read(sample, spans, truth, gold, 1.0 if sample.complete else DISPATCH_WEIGHT))
    return result


def _untold(span: Span) -> bool:
    """Whether labels of dispatches say nothing of such a span: countries, divisions, peoples, regions."""
    return any(
        f.startswith(("scan:demonym", "scan:country", "scan:division", "scan:region")) for f in span.features
    ) or bool(
        span.features
        & {"known:country", "known:division", "known:subdivision", "known:natural", "pattern:street"}
    )


def fit_logistic(
    x: Array, y: Array, weight: Array, penalty: float = 2.0, prior: Array | float = 0.0
) -> Array:
    """Fit a logistic regression by Newton's method, drawn to `prior` in all but the first column."""
    ridge = np.full(x.shape[1], penalty)
    ridge[0] = 0.01
    b = np.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ b, -30, 30)))
        w = weight * np.maximum(p * (1 - p), 1e-5)
        step = np.linalg.solve(
            (x * w[:, None]).T @ x + np.diag(ridge), x.T @ (weight * (y - p)) - ridge * (b - prior)
        )
        b += step
        if np.abs(step).max() < 1e-5:
            break
    return b


def _span_table(data: Sequence[Read], names: Sequence[str]) -> dict[str, float]:
    column = {name: i + 1 for i, name in enumerate(names)}
    pairs = [(s, t, d.weight) for d in data for s, t in zip(d.spans, d.truth, strict=True) if not np.isnan(t)]
    x = np.zeros((len(pairs), len(names) + 1))
    x[:, 0] = 1
    for i, (span, _, _) in enumerate(pairs):
        x[i, [column[f] for f in span.features if f in column]] = 1
    prior = np.array([BEFOREHAND.get(name, 0.0) for name in ("bias", *names)])
    b = fit_logistic(x, np.array([t for _, t, _ in pairs]), np.array([w for _, _, w in pairs]), prior=prior)
    return dict(zip(("bias", *names), b.tolist(), strict=True))


def fit_spans(data: Sequence[Read]) -> Tables:
    """Fit both looks; the second on first looks by weights of the other half, lest it trust them too much."""
    for item in data:
        for span in item.spans:
            span.features.difference_update(AGAIN)
    seen = Counter(f for d in data for s in d.spans for f in s.features)
    names = sorted(f for f, count in seen.items() if count >= SELDOM)
    first = _span_table(data, names)
    halves = [_span_table(data[1 - k :: 2], names) for k in (0, 1)]
    for k, half in enumerate(halves):
        with_weights({"mention": half, "mention again": half}, partial(_judge_all, data[k::2]))
    return {"mention": first, "mention again": _span_table(data, [*names, *AGAIN])}


def _judge_all(data: Sequence[Read]) -> None:
    for item in data:
        judge(item.spans)


def with_weights(tables: Tables, work: Callable[[], T]) -> T:
    """Do something with other weights than those on file."""

    def vector(model: str) -> Array:
        return np.array([tables[model].get(name, 0.0) for name in FEATURES])

    with (
        mock.patch.object(geo.mentions, "weights", tables.__getitem__),
        mock.patch.object(geo.toponyms.weighing, "place_weights", vector),
    ):
        return work()


def recognition(data: Sequence[Read]) -> Array:
    """Count hits: exact, found right, labels met, found, labels."""
    total = np.zeros(5)
    for d in data:
        found = {trim(plain(d.sample.text).text, s.first, s.last) for s, _ in choose(d.spans, judge(d.spans))}
        met = sum(any(a < y and x < b for a, b in found) for x, y in d.gold)
        right = sum(any(a < y and x < b for x, y in d.gold) for a, b in found)
        total += (len(found & d.gold), right, met, len(found), len(d.gold))
    return total


# -- which place ------------------------------------------------------------------------------------


def posed(samples: Sequence[Sample], places: Gazetteer) -> list[Posed]:
    """Pose the problem of each sample, its labelled spans given."""
    view = senses(places)
    result = []
    for sample in samples:
        labels = [t for t in sample.toponyms if t.lat is not None]
        mentions = [Mention(t.start, t.end, sample.text[t.start : t.end], confidence=1.0) for t in labels]
        problem = pose(view, plain(sample.text), mentions)
        if problem is None:
            continue
        right, close = np.zeros(len(problem.row), bool), np.zeros(len(problem.row), bool)
        for (a, b), t in zip(problem.bounds, labels, strict=True):
            rows = problem.row[a:b].tolist()
            # Where the very place is among the candidates only it is right; else whatever is near enough.
            same = [t.geonameid is not None and places.place(r).id == f"geonames:{t.geonameid}" for r in rows]
            near = [
                km_between(float(places.lat[r]), float(places.lon[r]), t.lat or 0.0, t.lon or 0.0)
                <= t.within_km
                for r in rows
            ]
            right[a:b], close[a:b] = same if any(same) else near, np.logical_or(same, near)
        result.append(Posed(sample, problem, right, close, 1.0 if sample.complete else DISPATCH_WEIGHT))
    return result


def fit_choice(
    data: Sequence[Posed], features: Sequence[Array], start: Array | None = None, penalty: float = 1.0
) -> Array:
    """Fit a conditional logit by Adam: the right candidates of each mention against all of it."""
    kept = [
        (f[a:b], d.right[a:b], d.weight)
        for d, f in zip(data, features, strict=True)
        for a, b in d.problem.bounds
        if b - a > 1 and d.right[a:b].any() and not d.right[a:b].all()
    ]
    x, right = np.vstack([k[0] for k in kept]), np.concatenate([k[1] for k in kept])
    sizes = np.array([len(k[1]) for k in kept])
    weight = np.repeat(np.array([k[2] for k in kept]), sizes)
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    w = np.zeros(x.shape[1]) if start is None else start.copy()
    mean, square = np.zeros_like(w), np.zeros_like(w)
    for step in range(1, 601):
        score = x @ w
        power = np.exp(score - np.repeat(np.maximum.reduceat(score, starts), sizes))
        p = power / np.repeat(np.add.reduceat(power, starts), sizes)
        q = p * right
        q /= np.maximum(np.repeat(np.add.reduceat(q, starts), sizes), 1e-9)
        slope = x.T @ (weight * (q - p)) - penalty * w
        mean, square = 0.9 * mean + 0.1 * slope, 0.999 * square + 0.001 * slope * slope
        w = w + 0.05 * (mean / (1 - 0.9**step)) / (np.sqrt(square / (1 - 0.999**step)) + 1e-8)
        # Known beforehand: evidence never speaks against a place, and the word for a kind of place counts.
        w[STATIC:] = np.maximum(w[STATIC:], 0.0)
        w[HOME] = 2.5
        if len(w) > STATED:  # "Naples, Florida": seldom wrong, and against a famous namesake
            w[STATED] = max(w[STATED], 2.5)
        w[SAID], w[NOT_SAID] = max(w[SAID], 1.25), min(w[NOT_SAID], -1.25)
    return w


def fit_places(data: Sequence[Posed]) -> Tables:
    """Fit the weights of the first round and of the others, which see the votes of the one before."""
    first = fit_choice(data, [d.problem.static for d in data])
    likely = [share(d.problem, d.problem.static @ first) for d in data]
    full = None
    for _ in range(3):
        features = [
            np.hstack((d.problem.static, Rounds(d.problem).votes(p)))
            for d, p in zip(data, likely, strict=True)
        ]
        full = fit_choice(data, features, full)
        likely = [share(d.problem, f @ full) for d, f in zip(data, features, strict=True)]
    assert full is not None  # noqa: S101 - three rounds were made
    return {
        "first": dict(zip(FEATURES[:STATIC], first.tolist(), strict=True)),
        "place": dict(zip(FEATURES, full.tolist(), strict=True)),
    }


def certainties(data: Sequence[Posed]) -> tuple[Array, list[bool]]:
    """Gather what the confidence of each mention is computed from, and whether it is right."""
    found: list[Array] = []
    right: list[bool] = []
    for d in data:
        likely, features = settle(d.problem)
        found.append(doubts(d.problem, likely, features))
        right += [bool(d.close[a + int(likely[a:b].argmax())]) for a, b in d.problem.bounds if b > a]
    return np.vstack(found), right


def fit_confidence(x: Array, y: Array) -> tuple[Array, tuple[list[float], list[float]]]:
    """Fit how sure the best reading is: a logistic model, then the rising line that maps it to shares right.

    The line is isotonic regression (pool adjacent violators) over groups of equal size, one knot a pool: few
    groups and no steps, as documents, not mentions, are what it is learned from.
    """
    b = fit_logistic(x, y, np.ones(len(y)), 1.0)
    p = 1 / (1 + np.exp(-x @ b))
    pools: list[tuple[float, float, int]] = []
    for group in np.array_split(np.argsort(p, kind="stable"), GROUPS):
        pools.append((float(p[group].mean()), float(y[group].mean()), len(group)))
        while len(pools) > 1 and pools[-2][1] >= pools[-1][1]:
            pools[-2:] = [_pooled(*pools[-2:])]
    said, right = [0.0, *(pool[0] for pool in pools), 1.0], [0.0, *(pool[1] for pool in pools), 1.0]
    return b, (said, [min(r, 0.99) for r in right])


def _pooled(one: tuple[float, float, int], two: tuple[float, float, int]) -> tuple[float, float, int]:
    n = one[2] + two[2]
    return (one[0] * one[2] + two[0] * two[2]) / n, (one[1] * one[2] + two[1] * two[2]) / n, n


# -- all of it --------------------------------------------------------------------------------------


def main() -> None:
    """Cross-validate, then fit on everything and write."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", nargs="+", type=Path)
    parser.add_argument("--dispatches", type=Path)
    parser.add_argument("--gazetteer", type=Path)
    parser.add_argument("--dry-run", action="store_true", help="cross-validate only")
    options = parser.parse_args()
    places = Gazetteer.load(options.gazetteer)
    sets = [read_corpus(path) for path in options.corpora]
    if options.dispatches:
        sets.append(read_dispatches(options.dispatches))
    spans = [read(samples, places) for samples in sets]
    problems = [posed(samples, places) for samples in sets]
    out_of_fold: list[tuple[Array, list[bool]]] = []
    counts, right = np.zeros((len(sets), 5)), np.zeros(len(sets))
    for fold in range(FOLDS):
        tables = fit_spans([d for group in spans for i, d in enumerate(group) if i % FOLDS != fold])
        tables |= fit_places([d for group in problems for i, d in enumerate(group) if i % FOLDS != fold])
        for k in range(len(sets)):
            counts[k] += with_weights(tables, partial(recognition, spans[k][fold::FOLDS]))
            answer = with_weights(tables, partial(certainties, problems[k][fold::FOLDS]))
            out_of_fold.append(answer)
            right[k] += sum(answer[1])
    for k, samples in enumerate(sets):
        exact, good, met, found, labels = counts[k]
        total = sum(t.lat is not None for s in samples for t in s.toponyms)
        p, r = good / max(1, found), met / max(1, labels)
        print(
            f"{samples[0].corpus}: cross-validated F1 exact {200 * exact / (found + labels):.1f}, overlap "
            f"{200 * p * r / (p + r):.1f} (precision {100 * p:.1f}, recall {100 * r:.1f}); "
            f"accuracy with spans given {100 * right[k] / max(1, total):.1f}"
        )
    # The column that is not drawn to nought comes first.
    order = [EVIDENCE.index("bias"), *(i for i, name in enumerate(EVIDENCE) if name != "bias")]
    names = [EVIDENCE[i] for i in order]
    x = np.vstack([group[0] for group in out_of_fold])[:, order]
    y = np.array([t for group in out_of_fold for t in group[1]], float)
    fold_of = np.repeat(np.arange(len(out_of_fold)) // len(sets), [len(g[1]) for g in out_of_fold])
    p = np.zeros(len(y))
    for fold in range(FOLDS):  # the confidence, too, is shown on documents it was not fitted on
        there, here = fold_of != fold, fold_of == fold
        b, knots = fit_confidence(x[there], y[there])
        p[here] = np.interp(1 / (1 + np.exp(-x[here] @ b)), *knots)
    b, knots = fit_confidence(x, y)
    for low in np.arange(0, 1, 0.1):
        here = (p >= low) & (p < low + 0.1)
        if here.any():
            print(  # and the share of all mentions that is kept at this threshold
                f"confidence {low:.1f}-{low + 0.1:.1f}: {here.sum():5d} mentions, "
                f"{100 * y[here].mean():5.1f} % right; from {low:.1f} on {100 * (p >= low).mean():5.1f} % "
                f"kept, {100 * y[p >= low].mean():5.1f} % right"
            )
    if options.dry_run:
        return
    tables = fit_spans([d for group in spans for d in group]) | fit_places(
        [d for group in problems for d in group]
    )
    calibration = {f"{said:.4f}": share for said, share in zip(*knots, strict=True)}
    write(tables | {"confidence": dict(zip(names, b.tolist(), strict=True)), "calibration": calibration})


def write(tables: Tables) -> None:
    """Write the weights, and check that they read back."""
    lines = ["# Weights of place reading; benchmarks/fit_places.py writes them, nobody else."]
    for model, table in tables.items():
        lines += ["", f'["{model}"]', *(f'"{name}" = {value:.3f}' for name, value in table.items())]
    text = "\n".join(lines) + "\n"
    tomllib.loads(text)
    WEIGHTS.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
