"""Measure place reading on labelled corpora and print one table.

usage: python benchmarks/places.py CORPUS.jsonl... [--dispatches FOLDER] [--part all|even|odd]

Recognition: F1 of spans, exact and overlapping. Resolution: share of the labelled places with a coordinate
that are right (same GeoNames id, or within 161 km) when the spans are given; none is left out, unresolved is
wrong. End to end: F1 of spans found and rightly resolved. Then how honest the confidence is: the share right
among the mentions at each confidence. Weights are fitted on part of the corpora's documents: what holds of
others is what `fit_places.py` prints, cross-validated, and what documents kept back show.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpora import Sample, is_right, parsed, read_corpus, read_dispatches, trim

from gazetteer import Gazetteer
from geo.articles import Article
from geo.resolution import locate


@dataclass
class Tally:
    """Counts over the documents of one corpus."""

    documents: int = 0
    labels: int = 0
    found: int = 0
    exact: int = 0
    met: int = 0
    right_spans: int = 0
    located: int = 0
    given: int = 0
    placed: int = 0
    end_to_end: int = 0
    seconds_reading: float = 0.0
    seconds_given: float = 0.0
    certainty: list[tuple[float, bool]] = field(default_factory=list)


def measure(samples: Sequence[Sample], places: Gazetteer, cache: Path | None) -> Tally:
    """Read all samples, with and without their spans given."""
    tally = Tally()
    for sample, doc in zip(samples, parsed(samples, cache), strict=True):
        article = Article(sample.text)
        clock = time.perf_counter()
        mentions = locate(article, places, doc=doc)
        tally.seconds_reading += time.perf_counter() - clock
        known = [t for t in sample.toponyms if t.lat is not None]
        clock = time.perf_counter()
        given = locate(article, places, spans=[(t.start, t.end) for t in known])
        tally.seconds_given += time.perf_counter() - clock
        gold = {trim(sample.text, t.start, t.end) for t in sample.toponyms}
        found = {trim(sample.text, m.start, m.end): m for m in mentions}
        tally.documents += 1
        tally.labels += len(gold)
        tally.found += len(found)
        tally.exact += len(gold & set(found))
        tally.right_spans += sum(any(a < d and c < b for c, d in gold) for a, b in found)
        tally.met += sum(any(a < d and c < b for a, b in found) for c, d in gold)
        tally.located += len(known)
        tally.placed += sum(m.place is not None for m in found.values())
        for label, mention in zip(known, given, strict=True):
            right = is_right(mention.place, label)
            tally.given += right
            tally.certainty.append((mention.confidence, right))
            c, d = trim(sample.text, label.start, label.end)
            met = next((m for (a, b), m in found.items() if a < d and c < b), None)
            tally.end_to_end += met is not None and is_right(met.place, label)
    return tally


def f1(precision: float, recall: float) -> float:
    """Harmonic mean, in percent; 0 where both are."""
    return 200 * precision * recall / (precision + recall) if precision + recall else 0.0


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("corpora", nargs="*", type=Path)
    parser.add_argument("--dispatches", type=Path, action="append", default=[])
    parser.add_argument("--part", choices=("all", "even", "odd"), default="all")
    parser.add_argument("--gazetteer", type=Path)
    parser.add_argument("--cache", type=Path, help="folder to keep parses in")
    options = parser.parse_args()
    places = Gazetteer.load(options.gazetteer)
    sets = [read_corpus(p) for p in options.corpora] + [read_dispatches(p) for p in options.dispatches]
    certainty: list[tuple[float, bool]] = []
    print(f"{'corpus':<14}{'docs':>5}{'exact F1':>10}{'overlap F1':>12}{'accuracy':>10}{'end to end':>12}"
          f"{'docs/s':>8}{'resolver docs/s':>17}")  # fmt: skip
    for samples in sets:
        part = samples if options.part == "all" else samples[options.part == "odd" :: 2]
        t = measure(part, places, options.cache if options.part == "all" else None)
        certainty += t.certainty
        exact = f1(t.exact / max(1, t.found), t.exact / max(1, t.labels))
        overlap = f1(t.right_spans / max(1, t.found), t.met / max(1, t.labels))
        whole = f1(t.end_to_end / max(1, t.placed), t.end_to_end / max(1, t.located))
        print(f"{samples[0].corpus:<14}{t.documents:>5}{exact:>10.1f}{overlap:>12.1f}"
              f"{100 * t.given / max(1, t.located):>10.1f}{whole:>12.1f}"
              f"{t.documents / t.seconds_reading:>8.0f}{t.documents / t.seconds_given:>17.0f}")  # fmt: skip
    print("\nconfidence  mentions  right %   (docs/s without the language model's own time)")
    for low in range(0, 100, 10):
        here = [right for sure, right in certainty if low <= 100 * sure < low + 10 + (low == 90)]
        if here:
            print(f"{low / 100:.1f}-{low / 100 + 0.1:.1f}{len(here):>13}{100 * sum(here) / len(here):>9.1f}")


if __name__ == "__main__":
    main()
