"""What speaks for a span being a place, and how the name is used: cues from the words around it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from gazetteer.distance import EARTH_KM
from gazetteer.names import strip_generic
from geo.sentences import find_datelines
from geo.toponyms.senses import SUBDIVISION, Array, Senses
from geo.toponyms.spans import CALLED, Reading, Span, summarize

#: Looked through to the word before.
_NEARBY = frozenset({"neighbouring", "neighboring", "nearby", "adjacent"})
#: Words before a name that are told apart; others count by their part of speech.
_TOLD = frozenset(
    ("in", "at", "near", "from", "to", "of", "around", "outside", "between", "through", "across", "into",
     "toward", "towards", "inside", "throughout", "via", "over", "off", "on", "for", "by", "with", "a", "the",
     "and", "'s")
)  # fmt: skip
#: Where English names of people are names of small towns as well.
_ENGLISH = frozenset(("US", "GB", "CA", "AU", "NZ", "IE", "ZA", "JM"))
_PARTIES = frozenset(("d", "r", "i", "dfl", "d.", "r."))
_HEADING = frozenset((".", ":", "-", "--", "\u2013", "\u2014"))
_CLOSERS = frozenset(("-", "--", "\u2013", "\u2014", "("))


#: How near places are that bear each other company, in km, and how many readings of a name are looked at.
COMPANY_KM, COMPANY_READINGS = 120.0, 6


def company(r: Reading, spans: Sequence[Span]) -> dict[str, dict[str, int]]:
    """Count, for each name of a document, the others that may lie near it: names of one area come together.

    Countries and divisions are left out, as everything lies in some.

    Returns
    -------
    dict of str to dict
        By name, ``near``; and ``near abroad``, without what lies where English is spoken: there every surname
        is a town.
    """
    written = {span.text.lower(): span.text for span in spans}
    names = list(written)
    readings = [_company_readings(r.senses, name) for name in written.values()]
    sizes = [len(rows) for rows, _ in readings]
    if not sum(sizes):
        return {"near": {}, "near abroad": {}}
    whose = np.arange(len(names)).repeat(sizes)
    unit = r.senses.unit.take(np.concatenate([rows for rows, _ in readings]), axis=0)
    a, b = (unit @ unit.T > math.cos(COMPANY_KM / EARTH_KM)).nonzero()
    a, b = a[apart := whose[a] != whose[b]], b[apart]
    found = {}
    for label, mask in zip(
        ("near", "near abroad"), np.concatenate([masks for _, masks in readings], axis=1), strict=True
    ):
        both = mask[a] & mask[b]
        pairs = set(zip(whose[a[both]].tolist(), whose[b[both]].tolist(), strict=True))
        near = (x for x, y in pairs if names[x] not in names[y] and names[y] not in names[x])
        found[label] = {names[x]: count for x, count in Counter(near).items()}
    return found


@lru_cache(maxsize=20_000)
def _company_readings(senses: Senses, name: str) -> tuple[Array, Array]:
    """Rows of a name that may bear company, and of these a mask for each of the two ways to count."""
    hits = senses.hits(name)
    if not len(hits.rows) and (bare := strip_generic(name)):
        hits = senses.hits(bare.name)
    kept = hits.rows[(hits.rung < 2) & (senses.kind[hits.rows] >= SUBDIVISION)]
    kept = kept[np.argsort(-senses.prior[kept], kind="stable")]
    english = np.array([senses.country_names.get(c, -1) for c in _ENGLISH])
    foreign = (senses.country[kept][:, None] != english).all(axis=1)
    near = np.arange(len(kept)) < COMPANY_READINGS
    abroad = foreign & (np.cumsum(foreign) <= COMPANY_READINGS)
    looked_at = near | abroad
    return kept[looked_at], np.array((near, abroad))[:, looked_at]


class Cues:
    """The cues of one document."""

    def __init__(self, reading: Reading, spans: Sequence[Span]) -> None:
        self.r = reading
        # Countries that the document names, by how many different forms; a form does not speak for itself.
        self.countries: dict[str, set[str]] = defaultdict(set)
        for span in spans:
            for code in self._named_country(span):
                self.countries[code].add(span.text.lower())
        self.company = company(reading, spans)
        self.datelines = find_datelines(reading.text)
        self.plain_words = {w for w in reading.words if w.islower()}
        # What the model says of a string elsewhere in the document, and the words of people's names.
        self.labels: dict[str, Counter[str]] = defaultdict(Counter)
        self.surnames: set[str] = set()
        for label, start, end in reading.entities:
            self.labels[reading.phrase(start, end).lower()][label] += 1
            if label == "PERSON" and end - start > 1:
                self.surnames.update(reading.lower[i] for i in range(start, end) if reading.capital[i])

    def _named_country(self, span: Span) -> tuple[str, ...]:
        """Country a demonym, country or division names beyond doubt."""
        alias = self.r.vocabulary.alias(span.text)
        if alias is not None:
            return (alias.country,) if alias.country and alias.alone else ()
        summary = summarize(self.r, span.text)
        if (
            summary is not None
            and summary.main
            and (summary.kind in ("country", "division") or summary.capital)
        ):
            return summary.countries[:1]
        return ()

    def describe(self, span: Span) -> None:
        """Add all features to a span, and set its use."""
        r = self.r
        possessive = span.end < len(r.words) and r.lower[span.end] in ("'s", "'")
        nxt = span.end + possessive
        after = (
            r.lower[nxt]
            if nxt < len(r.words) and "\n" not in r.text[r.ends[nxt - 1] : r.starts[nxt] + 1]
            else ""
        )
        follows = bool(after) and r.capital[nxt]
        self._itself(span)
        self._before(span)
        self._after(span, after, possessive, follows)
        self._elsewhere(span)
        self._use(span, after, possessive, follows)

    def _itself(self, span: Span) -> None:
        r, add = self.r, span.features.add
        label, start, end = r.entity[span.start]
        add(f"label:{label or 'none'}")
        if label:
            exact = start >= span.start - 1 and end <= span.end + 1
            add(f"label:{label}:{'exact' if exact else 'part'}")
            if label == "PERSON" and start < span.start and r.capital[start]:
                add("ends a person's name" if end == span.end else "within a person's name")
        last = span.end - 1
        # A capital within a sentence makes a name of what the tagger takes for a noun ("Marhanets").
        named = r.pos[last] == "NOUN" and r.capital[last] and last not in r.opens
        add(f"pos:{'PROPN' if named else r.pos[last]}")
        summary = summarize(r, span.text)
        if summary is not None:
            add(f"known:{summary.kind}:{summary.size}" if summary.kind == "town" else f"known:{summary.kind}")
            add("known:main" if summary.main else "known:other")
            if not _ENGLISH.intersection(summary.countries):
                add("known:not in English countries")
            if self._country_named(span, summary.countries):
                add("known:its country is named")
        elif r.vocabulary.alias(span.text) is None:
            add("known:no")
        for near in ("near", "near abroad"):
            add(f"{near}:{min(3, self.company[near].get(span.text.lower(), 0))}")
        add(f"length:{min(3, span.end - span.start)}")
        if len(span.text) <= 3:
            add("short")
        if span.text.isupper() and len(span.text) > 3:
            add("capitals")
        low = span.text.lower()
        if span.start in r.opens:
            add("opens")
        if span.start in r.heads and span.end < len(r.words) and r.words[span.end] in _HEADING:
            add("heads a line")  # "Homs. A bus ...", "Dawei: all shops shut"
        if low in self.plain_words:
            add("also a plain word")

    def _country_named(self, span: Span, countries: Iterable[str]) -> bool:
        """Whether other words of the document name one of the countries, those of English speech aside."""
        low = span.text.lower()
        return any(c not in _ENGLISH and self.countries.get(c, set()) - {low} for c in countries)

    def _before(self, span: Span) -> None:
        r, add, i = self.r, span.features.add, span.start
        if not i or "\n" in r.text[r.ends[i - 1] : r.starts[i]] or r.pos[i - 1] == "SPACE":
            add("before:nothing")
            return
        if r.lower[i - 1] in _NEARBY and i > 1:
            i -= 1  # "in neighbouring Tmassah"
        word, glued = r.lower[i - 1], r.ends[i - 1] == r.starts[i]
        directions = r.vocabulary["modifiers.directions"]
        if word in _TOLD:
            add(f"before:{word}")
        elif word in directions:
            add("before:direction")
        elif r.capital[i - 1] and i not in r.opens:
            add("before:capital")
        elif word == ",":
            add("before:comma")
        elif word == "-" and glued:
            add("before:party" if i > 1 and r.lower[i - 2] in _PARTIES else "before:hyphen")
        else:
            add(f"before:{r.pos[i - 1]}")
        if word in r.vocabulary["persons.titles"]:
            add("before:title")
        if word == "of" and i > 1 and self._kind_word(r.lower[i - 2]):
            add("before:kind of")
        if (word == "of" and i > 1 and r.lower[i - 2] in CALLED) or word in ("village", "town", "city"):
            add("called a place")

    def _kind_word(self, word: str) -> bool:
        lists = self.r.vocabulary
        return (
            word in lists["modifiers.settlement"]
            or word in lists["modifiers.division"]
            or word == "direction"
        )

    def _after(self, span: Span, after: str, possessive: bool, follows: bool) -> None:
        r, add, end = self.r, span.features.add, span.end
        lists = r.vocabulary
        nxt = end + possessive
        if possessive:
            add("after:possessive")
        if not after:
            add("after:nothing")
        elif follows:
            add("after:capital")
            if after in lists["organisation.heads"]:
                add("after:organisation")
            for kind in ("street", "facility", "division", "natural", "settlement"):
                if after in lists[f"kinds.{kind}"]:
                    add(f"after:{kind}:capital")
        elif after in lists["persons.speech"]:
            add("after:speech")
        elif after in lists["organisation.lower"]:
            add("after:body")
        elif after in lists["persons.people"]:
            add("after:people")
        else:
            add(f"after:{r.pos[nxt]}")
            if after in CALLED and not possessive:
                add("called a place")
            for kind in ("division", "settlement", "natural", "facility"):
                if after in lists[f"kinds.{kind}"]:
                    add(f"after:{kind}")
        if end + 1 < len(r.words) and r.words[end] == "-" and r.ends[end - 1] == r.starts[end]:
            add("after:hyphen")
        if end + 1 < len(r.words) and r.words[end] in (",", "(") and r.capital[end + 1]:
            self._after_comma(span)

    def _after_comma(self, span: Span) -> None:
        r, i = self.r, span.end + 1
        for end in (i + 2, i + 1):
            if end > len(r.words) or (end == i + 2 and not r.capital[i + 1]):
                continue
            text = r.phrase(i, end)
            alias = r.vocabulary.alias(text) or r.vocabulary.alias(text + ".")
            summary = r.senses.summary(text) if text.lower() not in r.vocabulary["never.words"] else None
            if (alias and alias.kind in ("division", "country")) or (
                summary is not None and summary.kind in ("country", "division")
            ):
                span.features.add("after:, wider place")
                return

    def _elsewhere(self, span: Span) -> None:
        counts = self.labels.get(span.text.lower())
        if counts:
            total = sum(counts.values())
            for label in ("GPE", "PERSON", "ORG"):
                if counts[label] * 2 > total:
                    span.features.add(f"elsewhere:{label}")
        label, start, end = self.r.entity[span.start]
        inside_person = label == "PERSON" and end - start > 1
        if span.end - span.start == 1 and span.text.lower() in self.surnames and not inside_person:
            span.features.add("elsewhere:surname")
            if "after:speech" in span.features:
                span.features.add("elsewhere:surname:speaks")

    # -- use ----------------------------------------------------------------------------------------

    def _use(self, span: Span, after: str, possessive: bool, follows: bool) -> None:
        r, lists = self.r, self.r.vocabulary
        alias = lists.alias(span.text)
        label, start, end = r.entity[span.start]
        if alias is not None and alias.kind == "demonym":
            span.use = "demonym"
        elif span.text.isupper() and len(span.text) > 3 and self._opens_paragraph(span):
            span.use = "dateline"
        elif (
            (follows and after in lists["organisation.heads"])
            or (label == "ORG" and (start < span.start - 1 or end > span.end + possessive))
            or self._body_before(span.start)
            or (not possessive and after in lists["organisation.lower"] and self._is_power(span))
        ):
            span.use = "organisation"
        elif "elsewhere:surname" not in span.features and self._speaks_for_power(span, after, possessive):
            span.use = "metonym"
        if span.use != "literal":
            span.features.add(f"use:{span.use}")

    def _opens_paragraph(self, span: Span) -> bool:
        """Whether a name in capitals is of a dateline, or opens a line that a dash or bracket soon closes."""
        if any(h.start <= span.first and span.last <= h.end for h in self.datelines):
            return True
        r, i = self.r, span.start - 1
        while i >= 0 and "\n" not in r.words[i]:
            if not r.words[i].isupper() and r.words[i] not in (",", "/"):
                # The headline may stand in the same line, ended by its full stop.
                if r.words[i] not in (".", "?", "!") or span.start - i > 4:
                    return False
                break
            i -= 1
        return any(w in _CLOSERS for w in r.words[span.end : span.end + 8])

    def _body_before(self, start: int) -> bool:
        """Whether "X of" stands before a name and X is a body: "armed forces of Iran"."""
        r, i = self.r, start - 1
        if i > 0 and r.lower[i] == "the":
            i -= 1
        if i > 0 and r.lower[i] == "to":
            return r.lower[i - 1] in ("ambassador", "ambassadors", "envoy", "envoys")
        if i < 1 or r.lower[i] != "of":
            return False
        while i >= 0 and r.lower[i] in ("the", "of", "and", "islamic", "republic"):
            i -= 1
        return i >= 0 and (
            r.lower[i] in r.vocabulary["organisation.lower"]
            or r.lower[i] in r.vocabulary["organisation.heads"]
        )

    def _is_power(self, span: Span) -> bool:
        """Whether the name is that of a country or a capital."""
        alias, summary = self.r.vocabulary.alias(span.text), summarize(self.r, span.text)
        return (alias is not None and alias.kind == "country") or (
            summary is not None and (summary.kind == "country" or summary.capital)
        )

    def _speaks_for_power(self, span: Span, after: str, possessive: bool) -> bool:
        """Whether a capital or country stands for those who govern it."""
        r, lists = self.r, self.r.vocabulary
        if not self._is_power(span):
            return False
        if possessive and after in lists["organisation.lower"]:
            return True
        if span.start and r.lower[span.start - 1].rstrip("s") in lists["metonymy.addressed"]:
            return True  # "General tells Baku": headlines parse badly
        # The word of the name that the rest hangs on: "Republic" in "Republic of Azerbaijan".
        tokens = list(r.doc[span.start : span.end])
        head = next(
            (t for t in tokens if not span.start <= t.head.i < span.end or t.head.i == t.i), tokens[-1]
        )
        while head.dep_ in ("conj", "appos") and head.head.i != head.i and r.capital[head.head.i]:
            head = head.head
        governor = head.head
        if head.dep_ == "nsubj":
            return governor.lemma_.lower() in lists["metonymy.verbs"]
        if head.dep_ in ("dobj", "obj", "dative"):
            return governor.lemma_.lower() in lists["metonymy.addressed"]
        if head.dep_ == "pobj" and governor.lower_ in ("between", "with", "by", "against"):
            if governor.head.lower_ in lists["metonymy.relations"]:
                return True
            sentence = r.doc[span.start].sent
            return governor.lower_ == "between" and any(
                word in lists["metonymy.relations"] for word in r.lower[sentence.start : sentence.end]
            )
        return False
