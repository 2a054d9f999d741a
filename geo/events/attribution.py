"""Who says so: the source of each sentence, through quotations that run over several sentences."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from geo.events.lexicon import forms, words
from geo.events.modality import clause_head

if TYPE_CHECKING:
    from geo.parsed import Doc, Span, Token

_ACCORDING = re.compile(
    r"\b(?:according to|citing|in a (?:statement|report|post) (?:by|from)|reported by|as per)\s+"
    r"((?:[^,.;()“”\"]|\.(?=\S))+)",
    re.IGNORECASE,
)


_HEADED = re.compile(
    r"(?:Press )?(?:[Ss]tatement|[Cc]ommuniqu[eé]|[Rr]eport|[Bb]riefing) (?:by|of|from) (.{4,80}?)[.:]?$"
)


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
    """

    source: str | None = None
    verb: int | None = None
    tokens: frozenset[int] = frozenset()


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
        if said.source and _is_pronoun(said.source):
            said = Attribution(_antecedent(said.source, named), said.verb, said.tokens)
        elif said.source:
            named = said.source
        if said.source and sentence.text.rstrip().endswith(":"):
            herald = said.source
        elif m := _HEADED.match(sentence.text.strip()):
            herald = m[1]
        if not said.source and herald:
            said = Attribution(herald, None, said.tokens)
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


def _in_sentence(sentence: Span) -> Attribution:
    """Find the speaker named within one sentence."""
    best: tuple[str, Token] | None = None
    tokens: set[int] = set()
    for token in sentence:
        if token.pos_ not in {"VERB"} or not words("people", "reporting").intersection(forms(token)):
            continue
        if token.lemma_ == "describe" and token.dep_ in {"ccomp", "pcomp", "relcl"}:
            continue  # "hit what the army described as a workshop"
        subjects = [c for c in token.children if c.dep_ == "nsubj"]
        if not subjects:
            continue
        complement = sentence.text.rstrip().endswith(":") or any(
            c.dep_ in {"ccomp", "parataxis", "dobj", "oprd", "prep", "advcl"} for c in token.children
        )
        if not complement or (token.lemma_ == "put" and "statement" not in sentence.text):
            continue
        # Only words at the verb itself: the parser hangs much of the sentence on a final "he said".
        near = {t.i for s in subjects for t in s.subtree} | {token.i}
        if 0 < token.i - subjects[0].i <= 12:
            near |= set(range(subjects[0].left_edge.i, token.i))
        near |= {t.i for t in sentence if _beside(t, token, subjects[0]) and clause_head(t) == token}
        tokens |= near
        text = noun_phrase(subjects[0])
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
    return Attribution(best[0], best[1].i, frozenset(tokens))


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


def noun_phrase(head: Token) -> str:
    """Return the words of a noun phrase without relative clauses and appositions.

    Parameters
    ----------
    head : geo.parsed.Token
    """
    skip = {"relcl", "acl", "appos", "punct", "advcl", "mark", "parataxis"}
    drop: set[int] = set()
    for child in head.subtree:
        if (
            child != head
            and child.dep_ in skip
            and not (child.dep_ == "punct" and child.text in {"-", "–", "'"} and child.i < head.i)
        ):
            drop |= {t.i for t in child.subtree}
        if child != head and child.dep_ == "prep" and child.lower_ not in {"of", "for"}:
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


def _is_pronoun(source: str) -> bool:
    head = source.lower().split()
    return bool(head) and (
        head[-1] in words("source_words", "generic")
        or source.lower()
        in {
            "the ministry",
            "the army",
            "the statement",
            "the military",
            "the group",
            "the agency",
            "the spokesman",
        }
    )


def _antecedent(source: str, named: str | None) -> str | None:
    """Who "it" or "the ministry" is: the last one named, where the noun agrees."""
    if named is None:
        return None if source.lower() in words("source_words", "generic") else source
    last = source.lower().split()[-1]
    if last in words("source_words", "generic") or last in named.lower():
        return named
    return source


def is_belligerent(source: str | None) -> bool:
    """Whether a source speaks for one side of a fight: an army, its ministry, an armed group."""
    if not source:
        return False
    text = f" {re.sub(r'[^a-z0-9-]+', ' ', source.lower())} "
    return any(f" {word} " in text or f" {word}s " in text for word in words("people", "belligerents"))
