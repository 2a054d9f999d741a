"""Who took part: short names, those who did it first."""

import pytest

from geo.articles import Article
from geo.events.actors import Actor, all_actors, spelled_out
from geo.incidents import read


def actors(text, places):
    return [i.actors for i in read(Article(text, published="2024-06-12"), places).incidents]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Gunmen attacked an army convoy near Bamenda on Monday.", ("Gunmen", "an army convoy")),
        ("A patrol came under fire from rebels near Goma on Monday.", ("rebels", "A patrol")),
        ("Two men were shot dead by soldiers in Qalqilya on Monday.", ("soldiers", "Two men")),
        (
            "An ambush by separatist fighters killed four soldiers near Bamenda on Monday.",
            ("separatist fighters", "four soldiers"),
        ),
        ("Herders and farmers clashed near Jos on Monday.", ("Herders", "farmers")),
        ("A Russian missile hit Kharkiv on Monday.", ("Russian forces",)),
        ("Israeli jets bombed Tyre on Monday.", ("Israeli jets",)),
        ("A drone hit Kharkiv on Monday.", ()),
        ("The army said it had shelled Goma on Monday.", ("The army",)),
        ("The air force said it had shot down three drones over Atbara on Monday.", ("The air force",)),
        ("Police detained 14 people in Tbilisi on Monday.", ("Police", "14 people")),
        (
            "Fighters from the M23 rebel group ambushed a patrol near Goma on Monday.",
            ("Fighters from the M23 rebel group", "a patrol"),
        ),
        ("Teachers marched on the education ministry in La Paz on Monday.", ("Teachers",)),
        ("Residents of Goma woke to shelling on Monday.", ()),
        (
            "Gunmen killed a judge in Guayaquil on Monday, the mayor said, blaming the Lobos gang.",
            ("Gunmen", "the Lobos gang", "a judge"),
        ),
        (
            "A drone hit a market in El Obeid on Monday. A lawyers' group blamed the Rapid Support Forces.",
            ("the Rapid Support Forces",),
        ),
    ],
)
def test_named(text, named, places):
    assert actors(text, places)[0] == named


def test_who_blames_is_not_who_did_it(places):
    text = (
        "An air strike hit a market in Kutum, a local activist group said on Tuesday. The Emergency Lawyers "
        "group blamed the paramilitary Rapid Support Forces for Monday's strike, which it said also wounded "
        "17 others, among them four children."
    )
    (strike,) = read(Article(text, published="2024-06-12"), places).incidents
    assert strike.actors == ("the paramilitary Rapid Support Forces",)
    assert strike.source == "a local activist group"
    assert strike.wounded == 17


def test_one_is_named_once():
    told = [(Actor("The army"), Actor("a post", "target")), (Actor("the army"), Actor("rebels"))]
    assert all_actors(told) == ("The army", "rebels", "a post")


def test_counted_victims_of_a_later_telling_are_no_actors():
    told = [(Actor("gunmen"),), (Actor("The attackers"), Actor("nine villagers", "victim"))]
    assert all_actors(told) == ("gunmen",)


def test_two_sides_are_spelled_out():
    assert spelled_out(["the two sides"], [("Gao",), ("the army", "the rebels")]) == (
        "the army",
        "the rebels",
    )
    assert spelled_out(["the two sides"], []) == ("the two sides",)
