"""Events told by who acts, whatever the verb."""

import pytest

from geo.events.triggers import find_events
from geo.language import plain
from geo.sentences import parse


def read(text):
    return [(e.type, e.told) for e in find_events(parse(plain(text).text))]


@pytest.mark.parametrize(
    ("text", "type_"),
    [
        ("Explosive-laden drones plunged into the depot on Sunday.", "drone_strike"),
        ("Bullets from the far bank holed the roof of a house on Monday.", "firing"),
        ("Gunmen walked into the hall on Tuesday, killing nine people.", "attack"),
        ("Students queued before the ministry on Monday, chanting slogans.", "protest"),
        ("The two ministers eyed one another across a table on Monday.", "meeting"),
        ("Four worshippers died on Friday when a shell burst among them.", "shelling"),
    ],
)
def test_whatever_the_verb(text, type_):
    assert type_ in [t for t, told in read(text) if told == "fact"]


@pytest.mark.parametrize(
    "text",
    [
        "The drones were displayed on a square on Monday.",
        "The rockets arrived at the port on Monday.",
        "Rockets did not plunge into the depot on Monday.",
        "Drones circled over the town on Monday.",
        "Students walked to the library on Monday.",
        "The ministers ate lunch on Monday.",
        "Villagers died of cholera on Monday.",
    ],
)
def test_what_tells_nothing(text):
    assert read(text) == []
