"""Measure place reading on labelled corpora and print one table.

usage: PYTHONPATH=. python benchmarks/places.py CORPUS.jsonl... [--dispatches FOLDER] [--part all|even|odd]

Recognition: F1 of spans, exact and overlapping. Resolution: share of the labelled places with a coordinate
that are right (same GeoNames id, or within 161 km) when the spans are given; none is left out, unresolved is
wrong; beside it the same without the names that the voting paper leaves out. End to end: F1 of spans found
and rightly resolved. Under each corpus the best that peers have published on it. Then how honest the
confidence is: the share right among the mentions at each confidence, and what is kept at each threshold and
how much of that is right. Weights are fitted on part of the corpora's documents: what holds of
others is what `fit_places.py` prints, cross-validated, and what documents kept back show.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from corpora import BIG_NAMES, Sample, is_right, read_corpus, read_dispatches, trim

from gazetteer import Gazetteer
from geo.articles import Article
from geo.language import plain
from geo.mentions import Mention
from geo.resolution import locate, resolve
from geo.sentences import parse

#: By the start of a corpus's name, the best figures of peers on the whole of it: recognition, overlap
#: (Stanford NER or spaCy md); accuracy, spans given (the voting ensemble, adaptive learning, Irchel); the
#: ensemble's accuracy without the big names; end to end (the best of ten on the EUPEG platform).
PEERS = {
    "lgl": (77.3, 79.5, 83.0, 51.4),
    "tr": (86.7, 71.7, 86.3, 62.3),
    "gwn": (81.7, 67.4, 81.4, 56.4),
    "geovirus": (92.9, 83.4, 94.6, 67.4),
}


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
    small: int = 0
    small_given: int = 0
    placed: int = 0
    end_to_end: int = 0
    seconds_reading: float = 0.0
    seconds_given: float = 0.0
    certainty: list[tuple[float, bool]] = field(default_factory=list)


def measure(samples: Sequence[Sample], places: Gazetteer) -> Tally:
    """Read all samples, with and without their spans given."""
    tally = Tally()
    for sample in samples:
        article, doc = Article(sample.text), parse(plain(sample.text).text)
        clock = time.perf_counter()
        mentions = locate(article, places, doc=doc)
        tally.seconds_reading += time.perf_counter() - clock
        known = [t for t in sample.toponyms if t.lat is not None]
        given = locate(article, places, spans=[(t.start, t.end) for t in known])
        spans, flat = [Mention(m.start, m.end, m.text, confidence=1.0) for m in given], plain(sample.text)
        clock = time.perf_counter()
        resolve(article, spans, places, floor=0.0, flat=flat)
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
            if sample.text[label.start : label.end].lower() not in BIG_NAMES:
                tally.small += 1
                tally.small_given += right
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
    options = parser.parse_args()
    places = Gazetteer.load(options.gazetteer)
    sets = [read_corpus(p) for p in options.corpora] + [read_dispatches(p) for p in options.dispatches]
    certainty: list[tuple[float, bool]] = []
    head = ("docs", "exact F1", "overlap F1", "accuracy", "without big names", "end to end", "docs/s",
            "resolver docs/s")  # fmt: skip
    print(f"{'corpus':<14}" + "".join(f"{h:>{len(h) + 2}}" for h in head))
    for samples in sets:
        part = samples if options.part == "all" else samples[options.part == "odd" :: 2]
        t = measure(part, places)
        certainty += t.certainty
        figures = (
            t.documents,
            f1(t.exact / max(1, t.found), t.exact / max(1, t.labels)),
            f1(t.right_spans / max(1, t.found), t.met / max(1, t.labels)),
            100 * t.given / max(1, t.located),
            100 * t.small_given / max(1, t.small),
            f1(t.end_to_end / max(1, t.placed), t.end_to_end / max(1, t.located)),
            round(t.documents / t.seconds_reading),
            round(t.documents / t.seconds_given),
        )
        print(f"{samples[0].corpus:<14}" + _row(head, figures))
        peers = next((p for name, p in PEERS.items() if samples[0].corpus.lower().startswith(name)), None)
        if peers:
            print(f"{'  best peers':<14}" + _row(head, (None, None, *peers, None, None)))
    print("\n(docs/s without the language model's own time)\n")
    print("confidence  mentions  right %   kept from here on %   right from here on %")
    for low in range(0, 100, 10):
        here = [right for sure, right in certainty if low <= 100 * sure < low + 10 + (low == 90)]
        rest = [right for sure, right in certainty if 100 * sure >= low]
        if here:
            shares = sum(here) / len(here), len(rest) / len(certainty), sum(rest) / len(rest)
            right, kept, good = (100 * share for share in shares)
            band = f"{low / 100:.1f}-{low / 100 + 0.1:.1f}"
            print(f"{band}{len(here):>13}{right:>9.1f}{kept:>22.1f}{good:>23.1f}")


def _row(head: Sequence[str], figures: Sequence[float | None]) -> str:
    """Set figures under their headings."""
    cells = ("" if f is None else f"{f:.1f}" if isinstance(f, float) else str(f) for f in figures)
    return "".join(f"{cell:>{len(h) + 2}}" for h, cell in zip(head, cells, strict=True))


if __name__ == "__main__":
    main()
