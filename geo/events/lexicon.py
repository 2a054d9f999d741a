"""The words events are read by (``geo/data/events.toml``), compiled once for matching on lemmas."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.tokens import Token

#: The longest gap that ``*`` stands for, in words.
GAP = 6


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sequence of lemmas, each a set of choices with an optional part of speech, or a gap.

    Attributes
    ----------
    type : str
        The incident type it stands for; empty for an idiom that stands for none.
    kind : str
        ``verb``, ``noun``, ``weak`` (needs a verb that makes a fact of it), ``cue`` (needs a word of
        protest beside it) or ``fragment`` (only where no verb is).
    parts : tuple[tuple[frozenset[str], str], ...]
        Lemmas and part of speech (``v``, ``n`` or empty); an empty set is a gap.
    """

    type: str
    kind: str
    parts: tuple[tuple[frozenset[str], str], ...]


@cache
def lexicon() -> dict[str, Any]:
    """Return the tables of ``events.toml`` with lists of words as frozensets."""
    table: dict[str, Any] = tomllib.loads(
        resources.files("geo").joinpath("data/events.toml").read_text("utf-8")
    )

    def freeze(value: Any) -> Any:  # noqa: ANN401 - the shape of a TOML table
        if isinstance(value, dict):
            return {k: freeze(v) for k, v in value.items()}
        return frozenset(value) if isinstance(value, list) else value

    return {k: v if k == "types" else freeze(v) for k, v in table.items()}


def words(table: str, name: str) -> frozenset[str]:
    """Return one list of words of ``events.toml``."""
    found: frozenset[str] = lexicon()[table][name]
    return found


def family(type_: str) -> str:
    """Return the family of types that a type belongs to: violence, unrest, diplomacy or military."""
    return next((name for name, types in lexicon()["families"].items() if type_ in types), "")


def _phrase(text: str, type_: str, kind: str) -> Phrase:
    parts: list[tuple[frozenset[str], str]] = []
    for word in text.split():
        lemmas, _, pos = word.partition("/")
        parts.append((frozenset() if lemmas == "*" else frozenset(lemmas.split("|")), pos))
    return Phrase(type_, kind, tuple(parts))


@cache
def phrases() -> dict[str, list[Phrase]]:
    """Return the phrases of all types, and the idioms, by the lemmas they may begin with."""
    table = lexicon()
    made = [
        _phrase(text, type_, kind)
        for type_, lists in table["types"].items()
        for key, kind in (
            ("verbs", "verb"),
            ("nouns", "noun"),
            ("weak", "weak"),
            ("cue", "cue"),
            ("fragment", "fragment"),
        )
        for text in lists.get(key, ())
    ]
    made += [_phrase(text, "", "idiom") for text in sorted(table["not_events"]["idioms"])]
    index: dict[str, list[Phrase]] = {}
    for phrase in made:
        for lemma in phrase.parts[0][0]:
            index.setdefault(lemma, []).append(phrase)
    return index


def forms(token: Token) -> tuple[str, ...]:
    """Return the lemma and the lower-case form of a token; the singular where it was read as a name."""
    if token.tag_ in {"NNP", "NNPS"} and token.lower_.endswith("s"):
        return token.lemma_.lower(), token.lower_, token.lower_[:-1]
    return token.lemma_.lower(), token.lower_


def _fits(token: Token, part: tuple[frozenset[str], str]) -> bool:
    lemmas, pos = part
    if not lemmas.intersection(forms(token)):
        return False
    if pos == "v":
        return token.pos_ in {"VERB", "AUX"}
    if pos == "n":
        return token.pos_ in {"NOUN", "PROPN", "ADJ"}
    return True


def match_at(tokens: list[Token], i: int, phrase: Phrase) -> tuple[int, ...] | None:
    """Match a phrase on a list of tokens from position `i`.

    Parameters
    ----------
    tokens : list of spacy.tokens.Token
        The words of one sentence.
    i : int
    phrase : Phrase

    Returns
    -------
    tuple of int or None
        The positions matched, gaps left out.
    """
    at, places, gap = i, [], 0
    for part in phrase.parts:
        if not part[0]:
            gap = GAP
            continue
        for j in range(at, min(at + gap + 1, len(tokens))):
            if _fits(tokens[j], part):
                places.append(j)
                at, gap = j + 1, 0
                break
            if gap and tokens[j].text in {".", ";", ":"}:
                return None
        else:
            return None
    return tuple(places)


def _numbers(token: Token) -> tuple[str, ...]:
    """Return the forms of a token, and its singular: "Drones" at the start is read as a name."""
    return (*forms(token), token.lower_.removesuffix("s"))


@cache
def _weapon_index() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for type_, names in lexicon()["weapons"].items():
        for name in names:
            parts = tuple(name.split())
            index.setdefault(parts[-1], []).append((parts, type_))
    for entries in index.values():
        entries.sort(key=lambda e: -len(e[0]))
    return index


def weapons_in(tokens: list[Token]) -> list[tuple[str, int, int]]:
    """Find the weapons named among tokens: type, first and last token index in the document."""
    found = []
    for n, token in enumerate(tokens):
        for parts, type_ in next((e for f in _numbers(token) if (e := _weapon_index().get(f))), ()):
            first = n - len(parts) + 1
            if first >= 0 and all(
                p in _numbers(t) for p, t in zip(parts, tokens[first : n + 1], strict=True)
            ):
                found.append((type_, tokens[first].i, token.i))
                break
    return found
