"""Place mentions: spans of text that name a place, and how the name is used.

Spans are proposed by the language model's named entities and by the gazetteer, longest name first; a
logistic model over named features (weights in ``geo/data/weights.toml``) says how likely each is to be
read as a place; of spans that overlap the likelier one stays.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from geo.language import load_model, plain
from geo.vocabulary import Vocabulary, vocabulary, weights

if TYPE_CHECKING:
    from spacy.tokens import Doc, Token

    from gazetteer import Gazetteer
    from gazetteer.place import Candidate, Place
    from geo.articles import Article
    from geo.senses import Senses

USES = ("literal", "metonym", "demonym", "organisation", "dateline")

#: A span is a mention from this probability on; below one half, as a missed place costs more than a
#: doubtful one that shows its doubt.
THRESHOLD = 0.35
#: Longest name looked up, in tokens.
LONGEST = 7

_JOINS = frozenset(
    "of the de la le del della du da do dos das el al and upon on sur am an der den und y e i".split()
)
_MARKS = frozenset(("-", "'", ".", "/", "'s", "&"))
_PLACE_LABELS = frozenset(("GPE", "LOC", "FAC", "NORP"))
_DASHES = frozenset(("-", "--", "\u2013", "\u2014", "("))


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


def find_mentions(article: Article, places: Gazetteer, doc: Doc | None = None) -> list[Mention]:
    """Find the spans of an article that name places; none is resolved yet.

    Parameters
    ----------
    article : Article
    places : Gazetteer
    doc : spacy.tokens.Doc, optional
        ``geo.language.parse(article.text)``, where the caller has it already.

    Returns
    -------
    list of Mention
        In order, not overlapping; `Mention.confidence` is that of being a place name at all.
    """
    flat = plain(article.text)
    if doc is None:
        doc = load_model()(flat.text)
    spans = list(Reader(doc, places).spans())
    chosen = choose(spans, [score(span) for span in spans])
    found = []
    for span, p in sorted(chosen, key=lambda pair: pair[0].start):
        start, end = flat.original(doc[span.start].idx, doc[span.end - 1].idx + len(doc[span.end - 1]))
        end += span.more
        found.append(Mention(start, end, article.text[start:end], span.use, confidence=round(p, 3)))
    return found


@dataclass(slots=True)
class Span:
    """A proposed span: tokens `start` to `end` (exclusive), with the features that speak for or against."""

    start: int
    end: int
    more: int = 0  # characters after the last token that belong to the name: the stop of "Ala."
    use: str = "literal"
    features: set[str] = field(default_factory=set)


def score(span: Span) -> float:
    """Probability (0 to 1) that a span is read as a place."""
    table = weights("mention")
    total = table["bias"] + sum(table.get(name, 0.0) for name in span.features)
    return 1 / (1 + math.exp(-total))


def choose(spans: list[Span], probabilities: list[float]) -> list[tuple[Span, float]]:
    """Keep likely spans; of two that overlap the likelier, of two alike the longer."""
    order = sorted(
        (i for i, p in enumerate(probabilities) if p >= THRESHOLD),
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


class Reader:
    """One document being read: proposes spans and describes each by features."""

    def __init__(self, doc: Doc, places: Gazetteer) -> None:
        from geo.senses import senses

        self.doc = doc
        self.words: Vocabulary = vocabulary()
        self.senses: Senses = senses(places)
        self.lower = [t.lower_ for t in doc]
        self.entity: list[tuple[str, int, int]] = [("", 0, 0)] * len(doc)
        for ent in doc.ents:
            for i in range(ent.start, ent.end):
                self.entity[i] = (ent.label_, ent.start, ent.end)
        self.plain_words = {t.text for t in doc if t.is_lower}
        # What the model says of a string elsewhere in the document, and names of people by their last word.
        self.labels: dict[str, Counter[str]] = defaultdict(Counter)
        self.surnames: set[str] = set()
        for ent in doc.ents:
            self.labels[ent.text.lower()][ent.label_] += 1
            if ent.label_ == "PERSON" and len(ent) > 1:
                self.surnames.update(t.lower_ for t in ent if t.text[0].isupper())
        self.sentence_starts = self._sentence_starts()

    # -- proposals ----------------------------------------------------------------------------------

    def spans(self) -> Iterator[Span]:
        """Yield every span worth a look, with its features."""
        proposed: dict[tuple[int, int], set[str]] = defaultdict(set)
        more: dict[tuple[int, int], int] = {}
        for start, end, extra, why in self._from_gazetteer():
            proposed[start, end].add(why)
            more[start, end] = extra
        for start, end, why in self._from_model():
            proposed[start, end].add(why)
        for start, end, why in self._from_patterns():
            proposed[start, end].add(why)
        for (start, end), why in sorted(proposed.items()):
            span = Span(start, end, more.get((start, end), 0))
            span.features |= why
            self._describe(span)
            yield span

    def text(self, start: int, end: int) -> str:
        """Text of tokens `start` to `end`."""
        last = self.doc[end - 1]
        return str(self.doc.text[self.doc[start].idx : last.idx + len(last)])

    def _from_gazetteer(self) -> Iterator[tuple[int, int, int, str]]:
        doc, i = self.doc, 0
        while i < len(doc):
            if not self._capital(doc[i]):
                i += 1
                continue
            for end in self._ends(i):
                text = self.text(i, end)
                extra = 0
                alias = self.words.alias(text)
                after = doc[end - 1].idx + len(doc[end - 1])
                if alias is None and doc.text[after : after + 1] == "." and self.words.alias(text + "."):
                    alias, extra = self.words.alias(text + "."), int(end == len(doc) or doc[end].text == ".")
                if alias is not None:
                    yield i, end, extra, f"scan:{alias.kind}" + ("" if alias.alone else ":weak")
                    break
                if self._looked_up(text, i, end):
                    yield i, end, 0, "scan:name"
                    break
            else:
                i += 1
                continue
            i = end

    def _looked_up(self, text: str, start: int, end: int) -> bool:
        if end - start == 1:
            low = text.lower()
            label = self.entity[start][0]
            if len(text) < 3 or (low in self.words["never.words"] and label not in ("GPE", "LOC")):
                return False
        return self.senses.summary(text) is not None

    def _ends(self, start: int) -> Iterator[int]:
        """Ends of the runs of capitalised words from `start` on, longest first."""
        ends, i = [start + 1], start + 1
        while i < min(len(self.doc), start + LONGEST):
            token = self.doc[i]
            if self._capital(token) or (token.text.isdigit() and i > start):
                ends.append(i + 1)
            elif self.lower[i] not in _JOINS and token.text not in _MARKS:
                break
            elif self.doc[i - 1].whitespace_ and token.text in (".", "-"):
                break
            i += 1
        return reversed(ends)

    @staticmethod
    def _capital(token: Token) -> bool:
        return bool(token.text[0].isupper()) or (len(token.text) > 1 and token.text[:2] in ("d'", "D'"))

    def _from_model(self) -> Iterator[tuple[int, int, str]]:
        for ent in self.doc.ents:
            if ent.label_ not in _PLACE_LABELS:
                continue
            start, end = ent.start, ent.end
            while start < end and (
                self.lower[start] in self.words["modifiers.directions"] or not self._capital(self.doc[start])
            ):
                start += 1
            while end > start and (
                self.lower[end - 1] in ("'s", "'", ".") or not self.doc[end - 1].text[0].isalnum()
            ):
                end -= 1
            if start == end:  # nothing but direction words: "the North"
                start, end = ent.start, ent.end
            if "\n" not in self.text(start, end):
                yield start, end, f"model:{ent.label_}"

    def _from_patterns(self) -> Iterator[tuple[int, int, str]]:
        """Streets, facilities, natural features, and divisions by their generic word: "Kalbajar region"."""
        kinds = [
            (k, self.words[f"kinds.{k}"]) for k in ("street", "facility", "natural", "division", "settlement")
        ]
        for i in range(1, len(self.doc)):
            low = self.lower[i]
            for kind, heads in kinds:
                if low not in heads or (not self._capital(self.doc[i]) and kind not in ("division",)):
                    continue
                start = i
                while start and (
                    self._capital(self.doc[start - 1])
                    or (start < i and self.lower[start - 1] in ("of", "and", "'s"))
                ):
                    start -= 1
                    if i - start > 4:
                        break
                while start < i and not self._capital(self.doc[start]):
                    start += 1
                while (
                    start < i
                    and self.lower[start] in self.words["modifiers.directions"]
                    and kind == "division"
                ):
                    start += 1
                if start < i and not (
                    start in self.sentence_starts
                    and i - start == 1
                    and self.lower[start] in self.words["never.words"]
                ):
                    yield start, i + 1, f"pattern:{kind}"
            if (
                low in ("interstate", "highway", "route", "hwy")
                and i + 1 < len(self.doc)
                and self.doc[i + 1].text[0].isdigit()
            ):
                yield i, i + 2, "pattern:street"

    def _sentence_starts(self) -> set[int]:
        starts = {0}
        for i, token in enumerate(self.doc[:-1]):
            if token.is_sent_start:
                starts.add(i)
            if token.is_space and "\n" in token.text or token.text in ('"', ":") or token.text in _DASHES:
                starts.add(i + 1)
        return starts

    # -- features -----------------------------------------------------------------------------------

    def _describe(self, span: Span) -> None:
        doc, lists, add = self.doc, self.words, span.features.add
        start, end = span.start, span.end
        text = self.text(start, end)
        low = text.lower()
        before = self.lower[start - 1] if start else ""
        possessive = end < len(doc) and self.lower[end] in ("'s", "'")
        nxt = end + possessive
        after = self.lower[nxt] if nxt < len(doc) else ""
        after_capital = nxt < len(doc) and doc[nxt].text[0].isupper()
        label, ent_start, ent_end = self.entity[start]
        add(f"label:{label or 'none'}")
        if label:
            exact = ent_start >= start - 1 and ent_end <= end + 1
            add(f"label:{label}:{'exact' if exact else 'part'}")
        add(f"pos:{doc[end - 1].pos_}")
        summary = self.senses.summary(text)
        alias = lists.alias(text)
        if alias is None and summary is None:
            add("known:no")
        elif summary is not None:
            add(f"known:{summary.kind}:{summary.size}" if summary.kind == "town" else f"known:{summary.kind}")
            add("known:main" if summary.main else "known:other")
        add(f"length:{min(3, end - start)}")
        if len(text) <= 3:
            add("short")
        if text.isupper() and len(text) > 3:
            add("capitals")
        if before in (
            "in",
            "at",
            "near",
            "from",
            "to",
            "of",
            "around",
            "outside",
            "between",
            "through",
            "across",
            "into",
            "toward",
            "towards",
            "inside",
            "throughout",
            "via",
            "over",
            "off",
            "on",
            "for",
            "by",
            "with",
        ):
            add(f"before:{before}")
        elif start and doc[start - 1].text[0].isupper() and start not in self.sentence_starts:
            add("before:capital" if before not in lists["modifiers.directions"] else "before:direction")
        elif before in lists["modifiers.directions"]:
            add("before:direction")
        elif before == ",":
            add("before:comma")
        elif before == "-" and not doc[start - 1].whitespace_:
            add("before:hyphen")
        if before in lists["persons.titles"]:
            add("before:title")
        if start in self.sentence_starts:
            add("sentence start")
            if low in self.plain_words:
                add("sentence start, also a plain word")
        if low in self.plain_words:
            add("also a plain word")
        if possessive:
            add("after:possessive")
        elif after in lists["persons.speech"]:
            add("after:speech")
        if after_capital and not (doc[end].is_punct and not possessive):
            add("after:capital")
            if after in lists["organisation.heads"]:
                add("after:organisation")
            for kind in ("street", "facility", "division", "natural", "settlement"):
                if after in lists[f"kinds.{kind}"]:
                    add(f"after:{kind}:capital")
        elif after in lists["organisation.lower"]:
            add("after:body")
        else:
            for kind in ("division", "settlement", "natural", "facility"):
                if after in lists[f"kinds.{kind}"]:
                    add(f"after:{kind}")
        if end < len(doc) and doc[end].text == "-" and not doc[end - 1].whitespace_:
            add("after:hyphen")
        if end + 1 < len(doc) and doc[end].text == "," and self._capital(doc[end + 1]):
            third = self.text(end + 1, end + 2)
            wider = self.senses.summary(third) if third.lower() not in lists["never.words"] else None
            alias_after = lists.alias(third) or lists.alias(third + ".")
            if (wider and wider.kind in ("country", "division")) or (
                alias_after and alias_after.kind != "demonym"
            ):
                add("after:, wider place")
        self._elsewhere(span, low)
        self._use(span, text, after, possessive, after_capital)

    def _elsewhere(self, span: Span, low: str) -> None:
        """What the rest of the document says of the same words."""
        counts = self.labels.get(low)
        if counts:
            total = sum(counts.values())
            for label in ("GPE", "PERSON", "ORG"):
                if counts[label] * 2 > total:
                    span.features.add(f"elsewhere:{label}")
        label, ent_start, ent_end = self.entity[span.start]
        inside_person = label == "PERSON" and ent_end - ent_start > 1
        if span.end - span.start == 1 and low in self.surnames and not inside_person:
            span.features.add("elsewhere:surname")

    def _use(self, span: Span, text: str, after: str, possessive: bool, after_capital: bool) -> None:
        doc, lists, low = self.doc, self.words, self.lower
        start, end = span.start, span.end
        alias = lists.alias(text)
        if alias is not None and alias.kind == "demonym":
            span.use = "demonym"
            return
        if text.isupper() and len(text) > 3 and self._opens_paragraph(start, end):
            span.use = "dateline"
            span.features.add("dateline")
            return
        label, ent_start, ent_end = self.entity[start]
        in_org = label == "ORG" and (ent_start < start - 1 or ent_end > end + possessive)
        head = after_capital and after in lists["organisation.heads"]
        of = start > 1 and (low[start - 1] == "of" or (low[start - 1] == "the" and low[start - 2] == "of"))
        if in_org or head or (of and self._body_before(start)):
            span.use = "organisation"
            span.features.add("organisation")
        elif self._speaks_for_power(start, end, text, after, possessive):
            span.use = "metonym"
            span.features.add("metonym")

    def _opens_paragraph(self, start: int, end: int) -> bool:
        """An all-capital name that opens a line and is closed by a dash or a bracket within a few words."""
        i = start - 1
        while i >= 0 and not self.doc[i].is_space:
            if not self.doc[i].text.isupper() and self.doc[i].text not in (",", "/"):
                return i > 0 and self.doc[i].is_punct and start - i == 1 and self.doc[i].text == "."
            i -= 1
        return any(t.text in _DASHES for t in self.doc[end : end + 8])

    def _body_before(self, start: int) -> bool:
        """Whether "X of" before a name is a body: "armed forces of Iran", "ambassadors of Iran"."""
        i = start - 2
        while i >= 0 and self.lower[i] in ("the", "of", "and", "islamic", "republic"):
            i -= 1
        return i >= 0 and self.lower[i] in self.words["organisation.lower"] | self.words["organisation.heads"]

    def _speaks_for_power(self, start: int, end: int, text: str, after: str, possessive: bool) -> bool:
        """Whether a capital or country stands for those who govern it."""
        summary = self.senses.summary(text)
        if summary is None or not (summary.kind == "country" or summary.capital):
            return False
        if possessive and after in self.words["organisation.lower"]:
            return True
        head = self.doc[end - 1]
        while head.dep_ in ("conj", "appos") and head.head.i != head.i and head.head.text[0].isupper():
            head = head.head
        verb = head.head
        if head.dep_ == "nsubj" and verb.lemma_.lower() in self.words["metonymy.verbs"]:
            return True
        if head.dep_ in ("dobj", "obj", "dative") and verb.lemma_.lower() in self.words["metonymy.addressed"]:
            return True
        if head.dep_ == "pobj" and verb.lower_ in ("between", "with", "by", "against"):
            return verb.head.lower_ in self.words["metonymy.relations"] or (
                verb.lower_ == "between"
                and any(low in self.words["metonymy.relations"] for low in self._sentence(start))
            )
        return False

    def _sentence(self, i: int) -> list[str]:
        sentence = self.doc[i].sent
        return self.lower[sentence.start : sentence.end]


def word_count(text: str) -> int:
    """Count of words in a name."""
    return len(re.findall(r"\w+", text))
