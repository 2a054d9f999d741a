"""Reading dispatches: how many documents a second end to end, beside the language model's own NER alone.

``python -m benchmarks.reading [FOLDER...]``: all in one process, in turns, best of three; CPU time of all
threads, and the clock. The texts are joined to documents of some 2,000 characters. What is kept of words from
one text to the next helps a round that comes after another; so the reading is measured, too, with all of it
forgotten before each round.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from gazetteer import Gazetteer
from geo.articles import Article
from geo.incidents import read
from geo.inference import forget
from geo.language import load_model, plain

LENGTH = 2000
ROUNDS = 3


def documents(folders: list[Path]) -> list[str]:
    """Join the texts of folders to documents of some 2,000 characters."""
    joined, current = [], ""
    for path in (p for folder in folders for p in sorted(folder.glob("*.txt"))):
        current += ("\n\n" if current else "") + path.read_text("utf-8")
        if len(current) >= LENGTH:
            joined.append(current)
            current = ""
    return joined


def seconds(job: Callable[[], object]) -> tuple[float, float]:
    """Seconds of one run of a job: of the processors, and by the clock."""
    start, clock = time.process_time(), time.perf_counter()
    job()
    return time.process_time() - start, time.perf_counter() - clock


def main(folders: list[Path]) -> None:
    """Print documents a second of each, and the ratio."""
    texts = documents(folders)
    nlp, places = load_model(), Gazetteer.load()

    def ner() -> None:
        with nlp.select_pipes(enable=["ner"]):
            for _ in nlp.pipe(texts):
                pass

    def model() -> None:
        for text in texts:
            nlp(plain(text).text)

    def whole() -> None:
        for text in texts:
            read(Article(text, published="2024-05-16"), places)

    def afresh() -> None:
        forget()
        whole()

    jobs = {
        "NER alone": ner,
        "the whole model": model,
        "places and incidents": whole,
        "... no word known before": afresh,
    }
    best = dict.fromkeys(jobs, (float("inf"), float("inf")))
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            spent = seconds(job)
            best[name] = (min(best[name][0], spent[0]), min(best[name][1], spent[1]))
    print(f"{'documents a second':<26}{'CPU':>8}{'clock':>8}{'over NER alone':>16}")
    for name, (spent, clock) in best.items():
        ratio = best["NER alone"][0] / spent
        print(f"{name:<26}{len(texts) / spent:>8.1f}{len(texts) / clock:>8.1f}{ratio:>16.2f}")


if __name__ == "__main__":
    main([Path(a) for a in sys.argv[1:]] or [Path("tests/golden/dev")])
