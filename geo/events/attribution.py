"""Who says so: the source of each sentence, through quotations that run over several sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from geo.events.clauses import clause_head
from geo.events.lexicon import forms, words

if TYPE_CHECKING:
    from geo.parsed import Doc, Span, Token

_ACCORDING = re.compile(
    r"\b(?:according to|citing|in a (?:statement|report|post) (?:by|from)|reported by|as per)\s+"
    r"((?:[^,.;()“”\"]|\.(?=\S))+)",
    re.IGNORECASE,
)


#: A heading that names who speaks: "Statement by the ministry", "Overnight bulletin, southern command".
_HEADED = re.compile(
    r"(?:(?:press )?(?:statement|communiqu[eé]|report|briefing) (?:by|of|from) "
    r"|(?:[\w ]{0,30} )?(?:bulletin|briefing|summary|sitrep|communiqu[eé]), )([^,:]{4,80}?)[.:]?$",
    re.IGNORECASE,
)

#: What is put to be said: "put it in a statement", "put the toll at nine".
_PUTS = re.compile(r"\bstatement\b|\bput (?:the|its) (?:number|toll|figure|death toll|dead)\b")

#: "IDF spokesperson: during ...": who speaks, before a colon.
_LABEL = re.compile(r"([A-Z][^:\n]{2,60}): (?=[a-z\"])")

#: "..., as summed up by its military administration on Wednesday morning:"
_GATHERED = re.compile(r"\b(?:by|from)\s+([^,:]{4,80}?)(?:\s+on \w+day\b[^:]*)?:$")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says a sentence.

    Attributes
    ----------
    source : str or None
        As written: "the Azerbaijani defense ministry".
    verb : int or None
        Token index of the verb of saying.
    tokens : frozenset[int]
        Token indices of the words that only say who says so, and when: no part of what is said.
    voices : tuple[tuple[int, str or None], ...]
        All that speak in it, by the token index of the verb of saying.
    """

    source: str | None = None
    verb: int | None = None
    tokens: frozenset[int] = frozenset()
    voices: tuple[tuple[int, str | None], ...] = ()

    def of(self, head: Token) -> str | None:
        """Return who says what a word stands for: the verb of saying above it, else the whole sentence's."""
        above = {t.i for t in head.ancestors}
        told = [(v, s) for v, s in self.voices if v in above]
        if told:
            return max(told, key=lambda voice: _depth(head.doc[voice[0]]))[1]
        if self.verb is not None and _is_aside(head.doc[self.verb]):
            return None  # "... as the two sides accused each other"
        return self.source


def attribute(doc: Doc) -> dict[int, Attribution]:
    """Find who says each sentence.

    Parameters
    ----------
    doc : geo.parsed.Doc
        Of plain text: quotation marks are straight.

    Returns
    -------
    dict of int to Attribution
        By the index of the sentence's first token.
    """
    found: dict[int, Attribution] = {}
    herald: str | None = None  # "The Ministry of Defence announces:" speaks for all that follows
    pending: list[int] = []  # sentences of a quotation whose speaker is named at its end
    inside, named = False, None
    for sentence in doc.sents:
        said = _in_sentence(sentence)
        if said.source:
            before = _own_subject(sentence, said) or named
            named = named if _is_pronoun(said.source) else said.source
            said = replace(
                said,
                source=_who(said.source, before),
                voices=tuple((v, _who(s, before if s == said.source else named)) for v, s in said.voices),
            )
        herald = _herald(sentence, said) or herald
        if not said.source and herald:
            said = replace(said, source=herald)
        found[sentence.start] = said
        marks = sentence.text.count('"')
        if (inside or marks) and not said.source:
            pending.append(sentence.start)
        if said.source:
            for start in pending:
                found[start] = Attribution(said.source)
            pending = []
        inside = (inside != bool(marks % 2)) and "\n\n" not in sentence.text
        if not inside:
            pending = []
    return found


def _herald(sentence: Span, said: Attribution) -> str | None:
    """Return who speaks in all that follows a sentence: it ends in a colon, or begins with its speaker."""
    text = sentence.text.strip()
    if text.endswith(":"):
        gathered = _GATHERED.search(text) if words("source_words", "gathering") & set(text.split()) else None
        return said.source or (gathered[1] if gathered else None)
    if m := _HEADED.match(text):
        return m[1]
    label = _LABEL.match(text)
    if (
        label
        and len(label[1].split()) < 7
        and label[1].split()[-1].lower() in words("source_words", "speakers")
    ):
        return label[1]
    return None


def _own_subject(sentence: Span, said: Attribution) -> str | None:
    """Return the group that a sentence tells of and then lets speak: "the Front took the post, it said"."""
    if said.source is None or said.source.lower() not in words("source_words", "itself"):
        return None
    for token in sentence:
        acts = token.dep_ == "nsubj" and token.i not in said.tokens and token.pos_ == "PROPN"
        if acts and token.i < (said.verb or 0) and token.ent_type_ not in {"PERSON", "DATE", "GPE", "LOC"}:
            return noun_phrase(token)
    return None


def _who(source: str | None, named: str | None) -> str | None:
    """Return a speaker, a pronoun by whom it stands for."""
    return _antecedent(source, named) if source and _is_pronoun(source) else source


def _depth(token: Token) -> int:
    return sum(1 for _ in token.ancestors)


def _is_aside(saying: Token) -> bool:
    """Whether a verb of saying only tells what happened beside: "..., as they accused each other"."""
    return saying.dep_ == "advcl" and any(
        c.dep_ in {"mark", "advmod"} and c.lower_ in {"as", "while", "after", "when", "before", "hours"}
        for c in saying.lefts
    )


def _speaker(saying: Token, subject: Token) -> str:
    """Return who speaks: the subject, or what stands before the verb where the parse took a place for it.

    "... northwest of the city, a local group said": the group.
    """
    doc, first = saying.doc, saying.i
    while first > saying.sent.start and doc[first - 1].pos_ not in {"PUNCT", "SCONJ", "VERB", "SPACE"}:
        first -= 1
    before = [t for t in doc[first : saying.i] if t.pos_ in {"NOUN", "PROPN"}]
    no_speaker = subject.ent_type_ in {"DATE", "TIME", "CARDINAL", "QUANTITY"} or words(
        "source_words", "no_speakers"
    ).intersection(forms(subject))
    apart = subject.i < first and (no_speaker or subject.ent_type_ in {"GPE", "LOC", "FAC"})
    if before and (apart or (no_speaker and before[-1] != subject)):
        return re.sub(r"\s+", " ", doc[first : before[-1].i + 1].text).strip()
    said = "" if no_speaker else noun_phrase(subject)
    return "" if said.lower().split(" ")[0] in words("source_words", "nobody") else said


def _told_before(saying: Token) -> str:
    """Return who speaks right before a verb that the parse left without a subject.

    "..., the governor of the state said"; "..., the governor, A. B., wrote".
    """
    before = saying.doc[saying.sent.start : saying.i].text.rstrip()
    parts = re.split(r"\s*[,;:-]\s+", before.rstrip(","))
    named = parts[-2:-1] if before.endswith(",") else parts[-1:] if len(parts) > 1 else []
    text = named[0] if named and len(named[0].split()) < 9 else ""
    opens = text.split(" ")[0].lower() in words("source_words", "determiners") or text.istitle()
    return text if opens and saying.tag_ in {"VBD", "VBZ"} else ""


def _in_sentence(sentence: Span) -> Attribution:
    """Find the speakers named within one sentence."""
    best: tuple[str, Token] | None = None
    tokens: set[int] = set()
    voices: list[tuple[int, str | None]] = []
    for token in sentence:
        if token.pos_ not in {"VERB"} or not words("people", "reporting").intersection(forms(token)):
            continue
        if token.lemma_ == "describe" and token.dep_ in {"ccomp", "pcomp", "relcl"}:
            continue  # "hit what the army described as a workshop"
        subjects = [c for c in token.children if c.dep_ == "nsubj"]
        if not subjects:
            if text := _told_before(token):
                voices.append((token.i, text))
                best = best or (text, token)
            continue
        complement = sentence.text.rstrip().endswith(":") or any(
            c.dep_ in {"ccomp", "parataxis", "dobj", "oprd", "prep", "advcl"} for c in token.children
        )
        if not complement or (token.lemma_ == "put" and not _PUTS.search(sentence.text)):
            continue
        # Only words at the verb itself: the parser hangs much of the sentence on a final "he said".
        near = {t.i for s in subjects for t in s.subtree} | {token.i}
        if 0 < token.i - subjects[0].i <= 12:
            near |= set(range(subjects[0].left_edge.i, token.i))
        near |= {t.i for t in sentence if _beside(t, token, subjects[0]) and clause_head(t) == token}
        near |= _day_of_saying(token)
        tokens |= near
        text = _speaker(token, subjects[0])
        if not text:
            continue
        voices.append((token.i, text))
        if best is None or token.dep_ == "ROOT":
            best = (text, token)
    if m := _ACCORDING.search(sentence.text):
        start, end = sentence.start_char + m.start(), sentence.start_char + m.end()
        tokens |= {t.i for t in sentence if start <= t.idx < end}
        if best is None:
            return Attribution(
                re.sub(r"\s+(?:on|in|at)\s+(?:\w+day|a .*)$", "", m[1]).strip(), None, frozenset(tokens)
            )
    if best is None:
        return Attribution(tokens=frozenset(tokens))
    return Attribution(best[0], best[1].i, frozenset(tokens), tuple(voices))


def _day_of_saying(verb: Token) -> set[int]:
    """Return the day right after a verb of saying, wherever the parser hangs it: "said on Monday they"."""
    words_ = verb.doc[verb.i + 1 : min(verb.i + 4, verb.sent.end)]
    lead = 1 if words_ and words_[0].lower_ in {"on", "late", "early"} else 0
    day = [t.i for t in words_[lead : lead + 1] if t.lower_ in words("modality", "weekdays")]
    return set(range(verb.i + 1, day[0] + 1)) if day else set()


def _beside(token: Token, verb: Token, subject: Token) -> bool:
    """Whether a word of the speaking clause stands right after the verb, or before its subject."""
    if verb.i < token.i <= verb.i + 7:
        link = token
        while link.head != verb and link.head != link:
            link = link.head
        if link.dep_ not in {"prep", "npadvmod", "advmod"}:
            return False
        between = token.doc[verb.i + 1 : token.i + 1]
        return all(t.text not in {",", ":"} and t.pos_ not in {"SCONJ", "VERB", "AUX"} for t in between)
    first = subject.left_edge.i
    return (
        token.i < first
        and first - token.i <= 4
        and token.doc[token.i].sent.start >= token.i - 3
        and verb.i > first
    )


def noun_phrase(head: Token, *, joined: bool = True) -> str:
    """Return the words of a noun phrase without relative clauses and appositions.

    Parameters
    ----------
    head : geo.parsed.Token
    joined : bool, optional
        Whether to keep what "and" joins to it.
    """
    skip = {"relcl", "acl", "appos", "punct", "advcl", "mark", "parataxis"}
    drop: set[int] = set()
    for child in head.subtree:
        beside = child.dep_ == "appos" and child.head == head and child.left_edge.i == head.i + 1
        if (
            child != head
            and child.dep_ in skip
            and not beside  # "the group Last Generation"
            and not (child.dep_ == "punct" and child.text in {"-", "–", "'"} and child.i < head.i)
        ):
            drop |= {t.i for t in child.subtree}
        if child != head and child.dep_ == "prep" and child.lower_ != "of" and not _names(child):
            drop |= {t.i for t in child.subtree}
        if not joined and child.head == head and child.dep_ in {"conj", "cc"}:
            drop |= {t.i for t in child.subtree}
        if child.dep_ == "cc" and child.head == head and child.lower_ == "but":
            drop |= {t.i for t in child.subtree}
    kept = [t for t in head.subtree if t.i not in drop and not t.is_space]
    if not kept:
        return head.text
    # One unbroken run around the head: what is left out in the middle ends it.
    run = [head.i]
    indices = {t.i for t in kept}
    while run[0] - 1 in indices:
        run.insert(0, run[0] - 1)
    while run[-1] + 1 in indices:
        run.append(run[-1] + 1)
    span = head.doc[run[0] : run[-1] + 1].text
    return re.sub(r"\s+", " ", span).strip(" ,“”\"'")


def _names(preposition: Token) -> bool:
    """Whether "for" belongs to a name: "Observatory for Human Rights", "a spokesman for the army"."""
    if preposition.lower_ != "for":
        return False
    objects = [c for c in preposition.children if c.dep_ == "pobj"]
    spoken = words("source_words", "speakers").intersection(forms(preposition.head))
    return bool(spoken) or (preposition.head.pos_ == "PROPN" and any(o.pos_ == "PROPN" for o in objects))


def _is_pronoun(source: str) -> bool:
    head = source.lower().split()
    return bool(head) and (
        head[-1] in words("source_words", "generic") or source.lower() in words("source_words", "anaphors")
    )


def _antecedent(source: str, named: str | None) -> str | None:
    """Who "it" or "the ministry" is: the last one named, where the noun agrees."""
    if named is None:
        return None if source.lower() in words("source_words", "generic") else source
    if source.lower() in words("source_words", "itself"):
        return named
    last = source.lower().split()[-1]
    if last in words("source_words", "generic") or last in named.lower():
        return named
    return source


def is_belligerent(source: str | None) -> bool:
    """Whether a source speaks for one side of a fight: an army, its ministry, an armed group.

    Of "a chief and a member of a militia" one alone does not.
    """
    if not source:
        return False
    sides = words("people", "belligerents")

    def is_side(speaker: str) -> bool:
        text = f" {re.sub(r'[^a-z0-9-]+', ' ', speaker.lower())} "
        for civil in words("people", "bystanders"):
            text = text.replace(f" {civil} ", " ")
        return any(f" {word} " in text or f" {word}s " in text for word in sides)

    return all(is_side(part) for part in re.split(r",? and (?!the )|,? and (?=the )", source))
