"""What later sentences add: casualties, denials, and nothing of another event."""

import pytest

from geo.articles import Article
from geo.incidents import read


def incidents(text, places):
    return read(Article(text, published="2024-03-07"), places).incidents


@pytest.mark.parametrize(
    ("after", "status"),
    [
        ("Yerevan said the report did not correspond to reality.", "contested"),
        ("A spokesman for Armenia's army denied that its guns had fired on the town.", "contested"),
        ("Officials cleared the road on Wednesday.", "claimed"),
    ],
)
def test_status(after, status, places):
    text = f"Armenian forces shelled the town of Kalbajar on Monday, Azerbaijan's army said. {after}"
    assert incidents(text, places)[0].status == status


def test_denied_behind_a_semicolon(places):
    text = (
        "Rebels shelled Goma, the army said on Monday; a spokesman for the rebels dismissed the accusation."
    )
    assert incidents(text, places)[0].status == "contested"


def test_who_owns_up_is_not_who_tells(places):
    text = (
        "Four people were killed when a bomb went off in Marawi on Sunday. "
        "The Islamic State group claimed responsibility for the bombing."
    )
    (bomb,) = incidents(text, places)
    assert (bomb.status, bomb.source) == ("reported", None)
    assert bomb.actors == ("The Islamic State group",)


def test_each_event_has_its_own_dead(places):
    text = (
        "Protesters set fire to a customs post in Gao on Tuesday. The unrest came two days after suspected "
        "jihadists ambushed a convoy near Labbezanga, killing seven soldiers.\n\n"
        "Police detained 14 people in Gao."
    )
    riot, ambush, arrest = incidents(text, places)
    assert (riot.killed, ambush.killed, arrest.killed) == (None, 7, None)
    assert (riot.date, ambush.date, arrest.date) == ("2024-03-05", "2024-03-03", "2024-03-05")


def test_another_toll_is_a_range(places):
    text = (
        "Gunmen attacked a hotel in Mogadishu on Monday, killing six people, police said. "
        "Al Shabaab said 12 people had died."
    )
    (attack,) = incidents(text, places)
    assert attack.ranges == {"killed": (6, 12)}
