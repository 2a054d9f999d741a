"""Casualties: numbers killed and wounded; not known is never zero."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.events.casualties import Casualties, find_casualties, to_number


@pytest.mark.parametrize(
    ("text", "killed", "wounded"),
    [
        ("Two workers were injured when the roof fell in.", None, (2, 2)),
        ("At least 14 people were killed and 40 hurt.", (14, 14), (40, 40)),
        ("The blast killed three farmers and wounded a boy.", (3, 3), (1, 1)),
        ("A soldier was killed and two others wounded.", (1, 1), (2, 2)),
        ("3 dead, 12 injured", (3, 3), (12, 12)),
        ("Between three and five people were killed.", (3, 5), None),
        ("Killing a woman and two children, it fell on a house.", (3, 3), None),
        ("It left five people dead and a dozen wounded.", (5, 5), (12, 12)),
        ("The death toll rose to 23.", (23, 23), None),
        ("The army lost nine men.", (9, 9), None),
        ("A man of 62 died.", (1, 1), None),
        ("There were no casualties.", (0, 0), (0, 0)),
        ("Nobody was hurt.", None, (0, 0)),
        ("There was no immediate word on casualties.", None, None),
        ("Dozens were hurt.", None, None),
        ("The house was damaged.", None, None),
    ],
)
def test_numbers(text, killed, wounded):
    assert find_casualties(text) == Casualties(killed, wounded)


@given(st.integers(0, 99))
def test_words_are_numbers(n):
    units = [
        *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
        *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
    ]
    tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
    word = units[n] if n < 20 else tens[n // 10 - 2] + (f"-{units[n % 10]}" if n % 10 else "")
    assert to_number(word) == to_number(str(n)) == n


@given(st.integers(1, 5000), st.integers(1, 5000))
def test_any_two_numbers(killed, wounded):
    found = find_casualties(f"The attack killed {killed:,} people and wounded {wounded:,} others.")
    assert found == Casualties((killed, killed), (wounded, wounded))


def test_what_is_known_is_kept():
    assert Casualties((3, 3)).filled(Casualties((5, 5), (2, 2))) == Casualties((3, 3), (2, 2))
