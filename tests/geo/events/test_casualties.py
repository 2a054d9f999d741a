"""Casualties: numbers killed and wounded; not known is never zero."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.events.casualties import Casualties, find_casualties, find_tolls


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
        ("Nobody was hurt.", (0, 0), (0, 0)),
        ("There were no injuries.", None, (0, 0)),
        ("No one was killed, but six people were hurt.", (0, 0), (6, 6)),
        ("Eight soldiers and thirteen traders perished.", (21, 21), None),
        ("It killed a farmer and his son and injured five officers and a vendor.", (2, 2), (6, 6)),
        ("A driver was killed and his son was wounded when a mine exploded.", (1, 1), (1, 1)),
        ("Two children were among seven people killed.", (7, 7), None),
        ("The number of wounded ranges from 8 to 15.", None, (8, 15)),
        ("They shot dead seven guests, a councillor said.", (7, 7), None),
        ("They killed, by the mayor's count, 21 of her neighbours.", (21, 21), None),
        ("A doctor said seven bodies were brought to his ward.", (7, 7), None),
        ("Eleven people, seven of them officers, were treated for bruises.", None, (11, 11)),
        ("A woman, 67, died under the rubble; her husband is in intensive care.", (1, 1), (1, 1)),
        ("A woman of 45 was hurt.", None, (1, 1)),
        ("Three people, aged 34, 45 and 61, were injured.", None, (3, 3)),
        ("A 14-year-old boy was killed.", (1, 1), None),
        ("It left one Afghan dead and seven people wounded.", (1, 1), (7, 7)),
        ("Gunmen riddled a car, killing both officers inside.", (2, 2), None),
        ("All seven people on board were killed.", (7, 7), None),
        ("It slammed into a lorry, killing the driver, 44, and injuring his passenger.", (1, 1), (1, 1)),
        ("Amal Nasser, 9, was killed on her way home.", (1, 1), None),
        ("They shot him dead in front of his children.", (1, 1), None),
        ("Two men were shot dead and a third wounded.", (2, 2), (1, 1)),
        ("Two people died; a third died in hospital.", (3, 3), None),
        ("It killed nine people, including three children.", (9, 9), None),
        ("Five soldiers were killed and twenty attackers died.", (25, 25), None),
        ("The opposition counted 24 dead; the government spoke of nine.", (9, 24), None),
        ("It neutralised about 20 attackers.", (20, 20), None),
        ("It neutralised three drones.", None, None),
        ("Police detained 14 people.", None, None),
        ("It killed more than 20 civilians and wounded more than 30.", (20, 20), (30, 30)),
        ("The war has killed 40,000 people since 2014.", None, None),
        ("Last year 30 people were killed in a similar attack.", None, None),
        ("It was the deadliest attack since 2019, killing 14 people.", (14, 14), None),
        ("Four people were killed in a town that gunmen held in 2017.", (4, 4), None),
        ("There was no immediate word on casualties.", None, None),
        ("Dozens were hurt.", None, None),
        ("The house was damaged.", None, None),
    ],
)
def test_numbers(text, killed, wounded):
    assert find_casualties(text) == Casualties(killed, wounded)


@settings(deadline=None)  # the first compiles the grammar
@given(st.integers(1, 5000), st.integers(1, 5000))
def test_any_two_numbers(killed, wounded):
    found = find_casualties(f"The attack killed {killed:,} people and wounded {wounded:,} others.")
    assert found == Casualties((killed, killed), (wounded, wounded))


def test_what_is_known_is_kept():
    assert Casualties((3, 3)).filled(Casualties((5, 5), (2, 2))) == Casualties((3, 3), (2, 2))


def test_another_source_keeps_both_ends():
    assert Casualties((6, 6)).filled(Casualties((12, 12)), rivals=True) == Casualties((6, 12))


def test_further_ones_are_added():
    also = find_casualties("Three of the attackers were also killed.")
    assert Casualties((4, 4)).filled(also) == Casualties((7, 7))


@settings(deadline=None)  # the first compiles the grammar
@given(st.text())
def test_any_text_is_read(text):
    assert all(t.low <= t.high for t in find_tolls(text))
