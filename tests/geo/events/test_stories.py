"""Which mentions of events are one incident, and which are several."""

import pytest
from reading import names, only, shown

from geo.articles import Article
from geo.incidents import read


def test_several_tellings_are_one_incident(places):
    text = (
        "Blast at Peshawar market\n\nA bomb exploded in Peshawar on Tuesday, police said.\n\n"
        "The explosion killed four people. Nobody has claimed the attack."
    )
    blast = only(places, text)
    assert (blast.type, blast.date, blast.killed) == ("explosion", "2024-05-14", 4)


def test_another_blast_is_another_incident(places):
    text = "A bomb exploded in Peshawar on Tuesday. Another blast hit a bus in Quetta on Wednesday."
    assert [(i.date, names(i)) for i in shown(places, text)] == [
        ("2024-05-14", ["Peshawar"]), ("2024-05-15", ["Quetta"]),
    ]  # fmt: skip


def test_a_paragraph_about_another_place_tells_another_event(places):
    text = (
        "Troops pulled out of the valley after a two-day raid, the military said on Monday.\n\n"
        "In Haifa, a man stabbed three people on Sunday, police said."
    )
    found = [i for i in read(Article(text, published="2024-05-06"), places).incidents if i.on_map]
    assert [i.places[0].text for i in found] == ["Haifa"]
    assert not any("roops" in actor for actor in found[0].actors)
    assert found[0].date_end is None


def test_police_who_disperse_a_crowd_are_part_of_its_protest(places):
    text = (
        "Thousands rallied in Tbilisi on Tuesday against the bill. Police dispersed the crowd with tear gas, "
        "and the ministry said 26 people had been detained."
    )
    assert only(places, text).type == "protest"


def test_a_report_of_one_side_that_the_other_denies_is_contested(places):
    text = "Kyiv dismissed as a fantasy a Russian report that mortars had shelled Shebekino on Monday."
    assert only(places, text).status == "contested"
    text = "The governor dismissed a rumour that mortars had shelled Shebekino on Monday."
    assert shown(places, text) == []
    text = "We deny the story that our envoys met the rebels in Doha on Monday."
    assert shown(places, text) == []


def test_another_day_in_another_paragraph_is_another_strike(places):
    text = (
        "Jets hit Nabatieh on Wednesday. The militia said it had fired a volley of rockets at Safed.\n\n"
        '"We cannot rebuild Beirut," a cook said in the capital, where a strike on Monday killed five.'
    )
    assert {(d, n) for i in shown(places, text) for d, n in [(i.date, names(i)[0])]} >= {
        ("2024-05-15", "Safed"),
        ("2024-05-13", "Beirut"),
    }


def test_what_burned_and_who_was_held_is_part_of_the_riot(places):
    text = (
        "A crowd hurled bricks at officers in Leeds on Monday and smashed shop windows. "
        "Two cars were set on fire, and nine arrests were made."
    )
    assert [i.type for i in shown(places, text)] == ["riot"]


def test_arrests_at_a_march_that_police_make_are_told_apart(places):
    text = (
        "A march drew thousands in Jos on Monday. Police arrested three students there for breaking windows."
    )
    assert {i.type for i in shown(places, text)} == {"protest", "arrest"}


@pytest.mark.parametrize(
    ("text", "types"),
    [
        (
            "Two men died in a gun battle near Quetta on Monday. The fire began when troops laid an ambush.",
            ["clash"],
        ),
        (
            "The mayor of Quetta was shot dead on Monday. She was walking home when men opened fire.",
            ["attack"],
        ),
        (
            "Shells hit Nikopol on Monday. The army said it had fired on the gunners' positions in reply.",
            ["shelling"],
        ),
        ("Thousands filled the streets of Belgrade on Monday. Police detained 22 people.", ["protest"]),
        ("Militias exchanged fire in Benghazi on Monday after a commander was detained.", ["clash"]),
        (
            "Troops shelled Lashio on Tuesday, the rebels said, accusing the army of breaking the truce.",
            ["shelling"],
        ),
        (
            "Gunfire was heard in Ouagadougou on Monday. A projectile had fallen on the television building.",
            ["firing", "shelling"],
        ),
        ("A bomb hit a patrol in Jenin on Monday. Armed suspects were fired on.", ["explosion"]),
        ("Crowds ran riot in Jos on Monday. The unrest started on 1 May, when fuel prices rose.", ["riot"]),
        ("Two men were shot dead in an encounter with police near Srinagar on Monday.", ["clash"]),
    ],
)
def test_what_belongs_to_one_event(places, text, types):
    assert [i.type for i in shown(places, text)] == types
