"""Words without which a regular expression cannot match: to look for these first is far quicker.

Of a hundred patterns most wait for words that a text does not hold.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
#: Sets of which a match holds a word each.
Needs = frozenset[frozenset[str]]
#: Shorter pieces stand in too many words to tell anything; more of them take longer to find than a match.
SHORTEST, MOST = 3, 60
DIGITS = frozenset("0123456789")

_ITEM = re.compile(
    r"(?P<open>\((?:\?P<\w+>|\?(?:-i)?:)?(?!\?))|(?P<look>\(\?<?[=!])|(?P<close>\))|(?P<bar>\|)"
    r"|(?P<other>\[(?:\\.|[^\]\\])*\]|\\[a-zA-Z\d]|[.^$])|\\?(?P<char>.)",
    re.DOTALL,
)
_QUANTIFIER = re.compile(r"(?P<none>[?*]|\{0?,\d*\}|\{0\})|\+|\{\d+(?:,\d*)?\}")


def needs(pattern: str) -> Needs:
    """Return sets of lower-case words such that each match holds a word of every set.

    Parameters
    ----------
    pattern : str
        A regular expression of literals, classes, groups, choices, quantifiers (lazy and possessive ones too)
        and look-arounds.

    Examples
    --------
    >>> [sorted(words) for words in sorted(needs("(?:last|this) week(?:end)?"), key=len)]
    [['week'], ['last', 'this']]
    """
    found, end = _choices(pattern, 0)
    if end < len(pattern):
        raise ValueError(f"{pattern!r} closes a group that it did not open")
    return frozenset(words for words in found if len(words) <= MOST)


@dataclass(frozen=True, slots=True)
class Sieve(Generic[T]):
    """Patterns, of which only those are tried that a text has the words for.

    Attributes
    ----------
    patterns : tuple
        Patterns, or what holds one, each with its needs.
    every : Needs
        Those of all.
    words : frozenset of str
        All words of these.
    """

    patterns: tuple[tuple[T, Needs], ...]
    every: Needs
    words: frozenset[str]

    @classmethod
    def of(cls, patterns: Iterable[tuple[T, str]]) -> Sieve[T]:
        """Work out what each needs; the regular expression of each is given."""
        made = tuple((pattern, needs(expression)) for pattern, expression in patterns)
        every: Needs = frozenset().union(*(needed for _, needed in made))
        return cls(made, every, frozenset().union(*every))

    def left(self, text: str) -> list[T]:
        """Give the patterns that may match a text, which is in lower case, in their order."""
        held = {word for word in self.words if word in text}
        absent = {words for words in self.every if held.isdisjoint(words)}
        return [pattern for pattern, needed in self.patterns if absent.isdisjoint(needed)]


def _rarity(words: frozenset[str]) -> int:
    return min(map(len, words))


def _choices(pattern: str, i: int) -> tuple[list[frozenset[str]], int]:
    """Read choices up to the end of a group: what all of them need, and where they end."""
    choices: list[list[frozenset[str]]] = []
    while True:
        needed, i = _sequence(pattern, i)
        choices.append(needed)
        if pattern[i : i + 1] != "|":
            break
        i += 1
    if len(choices) == 1:
        return choices[0], i
    if not all(choices):
        return [], i
    # Of each choice the words that are longest, and so the rarest.
    best = [max(choice, key=_rarity) for choice in choices]
    return [frozenset().union(*best)], i


def _sequence(pattern: str, i: int) -> tuple[list[frozenset[str]], int]:
    """Read items up to a bar or the end of a group: what they need, and where they end."""
    found: list[frozenset[str]] = []
    run = ""

    def finish() -> None:
        nonlocal run
        word = max(re.findall("[a-z]+", run), key=len, default="")
        if len(word) >= SHORTEST:
            found.append(frozenset({word}))
        run = ""

    while i < len(pattern):
        item = _ITEM.match(pattern, i)
        if item is None or item["close"] or item["bar"]:
            break
        i = item.end()
        inner: list[frozenset[str]] = []
        if item["open"] or item["look"]:
            inner, i = _choices(pattern, i)
            i += 1  # the bracket that closes it
        quantifier = _QUANTIFIER.match(pattern, i)
        may_miss = bool(quantifier and quantifier["none"])
        if item["char"] and not may_miss:
            run += item["char"].lower()
        if not item["char"] or quantifier:
            finish()
        if item["open"] and not may_miss:
            found += inner
        if (item["other"] == r"\d" or (item["char"] or "").isdecimal()) and not may_miss:
            found.append(DIGITS)
        if quantifier:
            i = quantifier.end() + (pattern[quantifier.end() : quantifier.end() + 1] in {"?", "+"})
    finish()
    return found, i
