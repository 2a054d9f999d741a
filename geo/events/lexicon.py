"""The words events are read by (``geo/data/events.toml`` and ``meanings.toml``), for matching on lemmas."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from geo.parsed import Token

#: Words of which is kept what they are.
WORDS = 40_000
#: The longest gap that ``*`` stands for, in words; and where the words after it hang on those before it.
GAP, FAR_GAP = 6, 14

#: Parts of speech that end a noun phrase: the gap of an idiom does not run over them.
_ENDS_PHRASE = frozenset({"ADP", "VERB", "AUX", "SCONJ", "PUNCT"})


@dataclass(frozen=True, slots=True)
class Phrase:
    """A sequence of lemmas, each a set of choices with an optional part of speech, or a gap.

    Attributes
    ----------
    type : str
        The incident type it stands for; empty for an idiom that stands for none.
    kind : str
        ``verb``, ``noun``, ``weak`` (needs a verb that makes a fact of it), ``crowd`` (a verb that needs a
        crowd that acts), ``outlaw`` (armed men that act), ``cue`` (a crowd and a word of protest beside it)
        or ``fragment`` (only where no verb is).
    parts : tuple[tuple[frozenset[str], str], ...]
        Lemmas and part of speech (``v``, ``n`` or empty); an empty set is a gap.
    rest : tuple[frozenset[str], ...]
        The lemmas of all but the first.
    """

    type: str
    kind: str
    parts: tuple[tuple[frozenset[str], str], ...]
    rest: tuple[frozenset[str], ...]


@cache
def lexicon() -> dict[str, Any]:
    """Return the tables of ``events.toml``, ``meanings.toml`` and ``actors.toml``, lists as frozensets."""
    table: dict[str, Any] = {}
    for name in ("events", "meanings", "actors"):
        text = resources.files("geo").joinpath(f"data/{name}.toml").read_text("utf-8")
        table |= tomllib.loads(text)

    def freeze(value: Any) -> Any:  # noqa: ANN401 - the shape of a TOML table
        if isinstance(value, dict):
            return {k: freeze(v) for k, v in value.items()}
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return tuple(freeze(v) for v in value)
        return frozenset(value) if isinstance(value, list) else value

    return {k: v if k == "types" else freeze(v) for k, v in table.items()}


def words(table: str, name: str) -> frozenset[str]:
    """Return one list of words of ``events.toml``."""
    found: frozenset[str] = lexicon()[table][name]
    return found


@cache
def pattern(table: str, name: str) -> re.Pattern[str]:
    """Compile one list of regular expressions of ``events.toml``: any of them, whatever the case."""
    return re.compile("|".join(sorted(words(table, name))), re.IGNORECASE)


@cache
def family(type_: str) -> str:
    """Return the family of types that a type belongs to: violence, unrest, diplomacy or military."""
    return next((name for name, types in lexicon()["families"].items() if type_ in types), "")


def _phrase(text: str, type_: str, kind: str) -> Phrase:
    parts: list[tuple[frozenset[str], str]] = []
    for word in text.split():
        lemmas, _, pos = word.partition("/")
        choices = frozenset(
            w for c in lemmas.split("|") for w in (words("subjects", c[1:]) if c[0] == "@" else (c,))
        )
        parts.append((frozenset() if lemmas == "*" else choices, pos))
    return Phrase(type_, kind, tuple(parts), tuple(lemmas for lemmas, _ in parts[1:] if lemmas))


def _unhyphened(text: str) -> list[str]:
    """Spell out a phrase as the tokenizer cuts it: "sit-in" is three tokens, and a choice of its own."""
    variants = [""]
    for word in text.split():
        lemmas, slash, pos = word.partition("/")
        plain = [c for c in lemmas.split("|") if "-" not in c]
        choices = ["|".join(plain) + slash + pos] if plain else []
        choices += [c.replace("-", " - ") + slash + pos for c in lemmas.split("|") if "-" in c]
        variants = [f"{v} {c}" for v in variants for c in choices]
    return variants


@cache
def phrases() -> dict[str, list[Phrase]]:
    """Return the phrases of all types, and the idioms, by the lemmas they may begin with."""
    table = lexicon()
    made = [
        _phrase(variant, type_, kind)
        for type_, lists in table["types"].items()
        for key, kind in (
            ("verbs", "verb"),
            ("nouns", "noun"),
            ("weak", "weak"),
            ("crowd", "crowd"),
            ("outlaw", "outlaw"),
            ("cue", "cue"),
            ("fragment", "fragment"),
        )
        for text in lists.get(key, ())
        for variant in _unhyphened(text)
    ]
    made += [
        _phrase(v, "", "idiom") for text in sorted(table["not_events"]["idioms"]) for v in _unhyphened(text)
    ]
    index: dict[str, list[Phrase]] = {}
    for phrase in made:
        for lemma in phrase.parts[0][0]:
            index.setdefault(lemma, []).append(phrase)
    return index


@lru_cache(maxsize=WORDS)
def begun_by(known: tuple[str, ...]) -> tuple[Phrase, ...]:
    """Return the phrases that may begin with a word of these forms."""
    return tuple({id(p): p for form in known for p in phrases().get(form, ())}.values())


def forms(token: Token) -> tuple[str, ...]:
    """Return the lemma and the lower-case form of a token, and what the tagger took it for something else.

    Of a word read as a name the singular; of a verb whose lemma the model does not know ("practised",
    "retook") what its ending or the table of irregular verbs says.
    """
    if token.forms is None:
        token.forms = _forms(token.lemma_, token.lower_, token.tag_)
    return token.forms


@lru_cache(maxsize=WORDS)
def _forms(lemma: str, word: str, tag: str) -> tuple[str, ...]:
    found = [lemma.lower(), word]
    if tag in {"NNP", "NNPS"} and word.endswith("s"):
        found.append(word[:-1])
    if irregular := lexicon()["irregular"].get(word):
        found.append(irregular)
    if tag in {"VBD", "VBN", "VBG", "VBP", "VBZ"}:
        for ending in ("ed", "ing", "s"):
            stem = word.removesuffix(ending)
            if stem != word and len(stem) > 2:
                found += [stem, stem + "e"] + ([stem[:-1]] if stem[-1] == stem[-2] else [])
    return tuple(dict.fromkeys(found))


def _fits(token: Token, known: tuple[str, ...], part: tuple[frozenset[str], str]) -> bool:
    lemmas, pos = part
    if lemmas.isdisjoint(known):
        return False
    if "on" in known and any(c.ent_type_ == "DATE" for c in token.children):
        return False  # "on Wednesday" leads to no object
    if pos == "v" and "have" in lemmas and token.dep_ == "aux":
        return False  # "had rounded up"
    if token.lower_ == "according" or (token.tag_ == "VB" and "meeting" in lemmas):
        return False  # no accord; "had meant to talk": no talk
    if pos == "v":
        return token.pos_ in {"VERB", "AUX"}
    if pos == "n":
        return token.pos_ in {"NOUN", "PROPN", "ADJ"}
    return True


def _says_when(token: Token) -> bool:
    """Whether a word belongs to a time: "on Friday", "the same night"."""
    return token.ent_type_ in {"DATE", "TIME"} or any(
        c.dep_ == "pobj" and c.ent_type_ in {"DATE", "TIME"} for c in token.children if token.dep_ == "prep"
    )


def match_at(
    tokens: list[Token], known: list[tuple[str, ...]], i: int, phrase: Phrase
) -> tuple[int, ...] | None:
    """Match a phrase on a list of tokens from position `i`.

    Parameters
    ----------
    tokens : list of geo.parsed.Token
        The words of one sentence.
    known : list of tuple of str
        The `forms` of each.
    i : int
    phrase : Phrase

    Returns
    -------
    tuple of int or None
        The positions matched, gaps left out.
    """
    places: list[int] = []
    at, gap = i, 0
    for part in phrase.parts:
        if not part[0]:
            gap = FAR_GAP
            continue
        if places and not gap and phrase.kind != "idiom":
            while at < len(tokens) - 1 and _says_when(tokens[at]):
                at += 1  # "flew on Friday to Hargeisa"
        for j in range(at, min(at + gap + 1, len(tokens))):
            if _fits(tokens[j], known[j], part) and (
                j - at <= GAP
                or (tokens[j].pos_ in {"NOUN", "ADP", "PART"} and tokens[places[-1]].is_ancestor(tokens[j]))
            ):
                places.append(j)
                at, gap = j + 1, 0
                break
            if gap and tokens[j].text in {".", ";", ":"}:
                return None
            if gap and phrase.kind == "idiom" and tokens[j].pos_ in _ENDS_PHRASE and tokens[j].lower_ != "of":
                return None  # "fired on a car with an official in it": no "fired an official"
        else:
            return None
    return tuple(places)


def _numbers(token: Token) -> tuple[str, ...]:
    """Return the forms of a token, and its singular: "Drones" at the start is read as a name."""
    return _numbered(forms(token), token.lower_)


@lru_cache(maxsize=WORDS)
def _numbered(known: tuple[str, ...], word: str) -> tuple[str, ...]:
    return (*known, word.removesuffix("s"))


@cache
def _weapon_index() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    index: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    for type_, names in lexicon()["weapons"].items():
        for name in names:
            parts = tuple(name.replace("-", " - ").split())
            index.setdefault(parts[-1], []).append((parts, type_))
    for entries in index.values():
        entries.sort(key=lambda e: -len(e[0]))
    return index


@lru_cache(maxsize=WORDS)
def _weapons_ending(known: tuple[str, ...]) -> Sequence[tuple[tuple[str, ...], str]]:
    """Return the names of weapons whose last word has one of these forms, the longest first."""
    return next((entries for form in known if (entries := _weapon_index().get(form))), ())


def weapons_in(tokens: list[Token]) -> list[tuple[str, int, int]]:
    """Find the weapons named among tokens: type, first and last token index in the document."""
    found = []
    covered = -1
    for n in range(len(tokens) - 1, -1, -1):  # from the end: "anti-tank mine" is no tank
        token = tokens[n]
        if 0 <= covered <= n:
            continue
        for parts, type_ in _weapons_ending(_numbers(token)):
            first = n - len(parts) + 1
            if first >= 0 and all(
                p in _numbers(t) for p, t in zip(parts, tokens[first : n + 1], strict=True)
            ):
                found.append((type_, tokens[first].i, token.i))
                covered = first
                break
    return found[::-1]
