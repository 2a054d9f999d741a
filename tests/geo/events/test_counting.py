"""Numbers in words, and the marks that words for people get."""

from hypothesis import given, settings
from hypothesis import strategies as st

from geo.events.counting import marked, to_number


@given(st.integers(0, 99))
def test_words_are_numbers(n):
    units = [
        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
        *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
    ]
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    word = units[n] if n < 20 else tens[n // 10 - 2] + (f"-{units[n % 10]}" if n % 10 else "")
    assert to_number(word) == to_number(str(n)) == n


@settings(deadline=None)  # the first compiles the grammar
@given(st.text())
def test_marks_keep_the_length(text):
    assert len(marked(text)) == len(text)


def test_only_people_are_marked():
    text = "Two soldiers and a baker left the house."
    changed = [a for a, b in zip(text, marked(text), strict=True) if a != b]
    assert changed == ["s", "b"]
