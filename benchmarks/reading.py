"""Reading dispatches: how many documents a second end to end, beside the language model's own NER alone.

``python -m benchmarks.reading [FOLDER...]``: all in one process, in turns; CPU time, best of three.
The texts are joined to documents of some 2,000 characters.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from gazetteer import Gazetteer
from geo.articles import Article
from geo.incidents import read
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


def seconds(job: Callable[[], object]) -> float:
    """CPU seconds of one run of a job."""
    start = time.process_time()
    job()
    return time.process_time() - start


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

    jobs = {"NER alone": ner, "the whole model": model, "places and incidents": whole}
    best = {name: float("inf") for name in jobs}
    for _ in range(ROUNDS):
        for name, job in jobs.items():
            best[name] = min(best[name], seconds(job))
    for name, spent in best.items():
        print(f"{name}: {len(texts) / spent:.1f} documents a second")
    print(f"places and incidents over NER alone: {best['NER alone'] / best['places and incidents']:.2f}")


if __name__ == "__main__":
    main([Path(a) for a in sys.argv[1:]] or [Path("tests/golden/dev")])
