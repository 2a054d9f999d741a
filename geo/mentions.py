"""Place mentions: spans of text that name a place, and how the name is used.

Spans are proposed by the language model's named entities and by the gazetteer, longest name first; a
logistic model over named features (weights in ``geo/data/weights.toml``) says how likely each is to be
read as a place, first by itself, then knowing what became of the same words elsewhere in the document;
of spans that overlap the likelier one stays.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.language import plain
from geo.sentences import parse
from geo.toponyms.vocabulary import weights

if TYPE_CHECKING:
    from gazetteer import Gazetteer
    from gazetteer.place import Candidate, Place
    from geo.articles import Article
    from geo.language import Plain
    from geo.parsed import Doc
    from geo.toponyms.spans import Span

USES = ("literal", "metonym", "demonym", "organisation", "dateline")

#: A span is a mention from this probability on; below one half, as a missed place costs more than a
#: doubtful one that shows its doubt.
THRESHOLD = 0.35

#: At least this likely is a name that says what it is, where the gazetteer knows it: "the Gao region".
SAYS_SO = 0.8

#: A name joined of words: "Port of Spain", "Trinidad and Tobago".
_JOINED = re.compile(r"\s(?:of|and|upon|on|y|de|del|sur|sous|am|an der|im|ob der)\s")


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of text naming a place.

    Attributes
    ----------
    start, end : int
        Code points in the article's text, end exclusive.
    text : str
        The span itself.
    use : str
        One of `USES`.
    place : Place or None
        None where it stays unresolved.
    confidence : float
        0 to 1, calibrated: of mentions at 0.8 about 80 in 100 are right.
    candidates : tuple[Candidate, ...]
        All readings considered, best first.
    why : str
        In words, what decided.
    """

    start: int
    end: int
    text: str
    use: str = "literal"
    place: Place | None = None
    confidence: float = 0.0
    candidates: tuple[Candidate, ...] = ()
    why: str = ""


def find_mentions(
    article: Article, places: Gazetteer, doc: Doc | None = None, *, flat: Plain | None = None
) -> list[Mention]:
    """Find the spans of an article that name places; none is resolved yet.

    Parameters
    ----------
    article : Article
    places : Gazetteer
    doc : geo.parsed.Doc, optional
        ``geo.sentences.parse`` of the article's plain text, where the caller has it already.
    flat : geo.language.Plain, optional
        That plain text.

    Returns
    -------
    list of Mention
        In order, not overlapping; `Mention.confidence` is that of being a place name at all.

    Raises
    ------
    ValueError
        If `doc` is of another text.
    ModelMissingError
        If no language model is installed.
    """
    from geo.toponyms.spans import propose

    flat = flat or plain(article.text, markdown=article.markdown)
    if doc is None:
        doc = parse(flat.text)
    elif len(doc) and doc[-1].idx + len(doc[-1]) > len(flat.text):
        raise ValueError(
            "doc is not of this article: pass geo.sentences.parse(geo.language.plain(article.text).text)."
        )
    spans = propose(doc, places)
    chosen = choose(spans, judge(spans))
    found = []
    for span, p in sorted(chosen, key=lambda pair: pair[0].start):
        start, end = flat.original(span.first, span.last)
        found.append(Mention(start, end, article.text[start:end], span.use, confidence=round(p, 3)))
    return found


def judge(spans: Sequence[Span]) -> list[float]:
    """Say how likely each span is read as a place (0 to 1).

    The second look adds to the features of a span what the first made of the same words elsewhere.
    """
    first = [_logistic("mention", span.features) for span in spans]
    best: dict[str, list[float]] = {}
    for span, p in zip(spans, first, strict=True):
        best.setdefault(span.text.lower(), []).append(p)
    judged = []
    for span, p in zip(spans, first, strict=True):
        others = best[span.text.lower()]
        span.features -= {"again:likely", "again:open", "again:unlikely"}
        if len(others) > 1:
            top = max(others) if p < max(others) else sorted(others)[-2]
            span.features.add(
                "again:likely" if top > 0.8 else "again:open" if top > 0.4 else "again:unlikely"
            )
        p = _logistic("mention again", span.features)
        judged.append(max(p, SAYS_SO) if "known division" in span.features else p)
    return judged


def _logistic(model: str, features: set[str]) -> float:
    table = weights(model)
    total = table["bias"] + sum(table.get(name, 0.0) for name in features)
    return 1 / (1 + math.exp(-total))


def _is_within(span: Span, name: Span) -> bool:
    shorter = span.end - span.start < name.end - name.start
    return shorter and name.start <= span.start and span.end <= name.end


def choose(spans: Sequence[Span], probabilities: Sequence[float]) -> list[tuple[Span, float]]:
    """Keep likely spans; of two that overlap the likelier, of two alike the longer.

    The words of a known name are no names of their own: no Port, no Spain in Port of Spain.
    """
    likely = [i for i, p in enumerate(probabilities) if p >= THRESHOLD]
    joined = [spans[i] for i in likely if "scan:name" in spans[i].features and _JOINED.search(spans[i].text)]
    order = sorted(
        (i for i in likely if not any(_is_within(spans[i], name) for name in joined)),
        key=lambda i: (-probabilities[i], spans[i].start - spans[i].end, spans[i].start),
    )
    taken: set[int] = set()
    kept = []
    for i in order:
        tokens = range(spans[i].start, spans[i].end)
        if taken.isdisjoint(tokens):
            taken.update(tokens)
            kept.append((spans[i], probabilities[i]))
    return kept
