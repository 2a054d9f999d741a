"""Who says so: the speaker of the verb of saying, not a place or a time beside it."""

import pytest

from geo.articles import Article
from geo.events.attribution import is_belligerent
from geo.incidents import read


def sources(text, places):
    return [i.source for i in read(Article(text, published="2024-06-12"), places).incidents]


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("Gunmen attacked a bus near Goma on Monday, police said.", "police"),
        ("Rebels shelled Goma on Monday, Kinshasa said.", "Kinshasa"),
        (
            "A strike hit a market in Kutum, northwest of the city of El Fasher, a local activist group "
            "said on Tuesday.",
            "a local activist group",
        ),
        ("Gunmen attacked a bus near Goma on Monday, according to the governor.", "the governor"),
        (
            "A bomb went off outside a bank in Cali on Monday, injuring five officers and a vendor, the "
            "governor of Valle del Cauca said.",
            "the governor of Valle del Cauca",
        ),
        ("Gunmen attacked a bus near Goma on Monday. Two people died, doctors said.", "doctors"),
        ("Gunmen attacked a bus near Goma on Monday. Nobody has claimed it.", None),
        ("Gunmen attacked a bus near Goma on Monday as the two sides accused each other of lying.", None),
        (
            "Statement by the provincial council\n\nGunmen attacked a bus near Goma on Monday.",
            "the provincial council",
        ),
        (
            "The day in the province, as summed up by its military administration on Tuesday:\n\n"
            "Sloviansk was shelled on Monday.",
            "its military administration",
        ),
        ("The Arakan Army attacked a post in Sittwe on Sunday, the group said.", "The Arakan Army"),
    ],
)
def test_source(text, source, places):
    assert sources(text, places)[0] == source


@pytest.mark.parametrize(
    ("source", "one_side"),
    [
        ("the army", True),
        ("Azerbaijan's defence ministry", True),
        ("the regional military administration", False),
        ("a military source", False),
        ("a local chief and a member of a militia", False),
        ("doctors", False),
        (None, False),
    ],
)
def test_belligerent(source, one_side):
    assert is_belligerent(source) is one_side
