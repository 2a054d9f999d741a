"""Words that a pattern cannot match without: no text that it matches is ever passed over."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.events import counting, expressions
from geo.events.needs import Sieve, needs

#: Patterns with texts that each matches.
MATCHED = [
    (r"(?:last|this) week(?:end)?", ["this weekend", "LAST week"]),
    (r"\b(?:[01]?\d|2[0-3])h\b|noon", ["21h", "noon", "7h"]),
    (r"kill(?:ed|ing)?[\w-]*+ (?-i:[A-Z]\w+)", ["killing Amal", "killed-- Amal"]),
    (r"(?<!no )dead(?! man)", ["three dead"]),
    (r"as|by (?:road|rail)?", ["as", "by "]),
]


@pytest.mark.parametrize(("pattern", "texts"), MATCHED)
def test_what_matches_holds_what_is_needed(pattern, texts):
    for text in texts:
        assert re.search(pattern, text, re.IGNORECASE)
        assert all(any(word in text.lower() for word in words) for words in needs(pattern))


def test_a_digit_is_needed_however_it_is_written():
    assert needs(r"2[0-3]h") == needs(r"\dh") == {frozenset("0123456789")}


def test_a_sieve_leaves_what_has_its_words_in_order():
    sieve = Sieve.of((pattern, pattern) for pattern, _ in MATCHED)
    assert sieve.left("nobody was dead this week") == [MATCHED[0][0], MATCHED[3][0], MATCHED[4][0]]


WORDS = (
    "killed", "wounded", "two", "soldiers", "were", "and", "a", "farmer", "his", "son", "no", "casualties",
    "on", "Monday", "March", "3", "at", "21:40", "last", "week", "the", "in", "2023", "overnight", "dead",
)  # fmt: skip


@settings(deadline=None)  # patterns are compiled at the first
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
def test_no_pattern_that_matches_is_passed_over(text):
    times, tolls = expressions.grammar()[0], counting.grammar().told
    marked = counting.marked(text)
    assert {rule for rule, _ in times.patterns if rule.pattern.search(text)} <= set(times.left(text.lower()))
    said = {t for t, _ in tolls.patterns if t.pattern.search(text if t.none else marked)}
    assert said <= set(tolls.left(text.lower()))
