"""What is read as an incident, of what type and status, said by whom."""

import pytest
from reading import THURSDAY, names, only, shown

from geo.articles import Article
from geo.incidents import read


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Russian forces shelled Nikopol on Sunday, the governor said.", "reported"),
        ("Russian forces shelled Nikopol on Sunday, the Ukrainian army said.", "claimed"),
        (
            "Russian forces shelled Nikopol on Sunday, the Ukrainian army said. Moscow denied it.",
            "contested",
        ),
    ],
)
def test_status(places, text, status):
    assert only(places, text).status == status


def test_what_is_only_denied_is_kept_off_the_map(places):
    text = "The army denied that its forces had shelled Nikopol on Sunday."
    (incident,) = read(Article(text, published=THURSDAY), places).incidents
    assert (incident.status, incident.on_map) == ("denied", False)


@pytest.mark.parametrize(
    "text",
    [
        "Relations between Paris and Berlin have cooled since a summit in 2019.",
        "Ankara and Baku want a summit of leaders before autumn.",
        "The mayor of Odesa called for an end to the attacks.",
        "The 1995 massacre in Srebrenica was commemorated in Sarajevo on Thursday.",
        "The army said it would launch an offensive on Jenin next week.",
        "If the talks in Doha fail, fighting could resume in Gaza.",
    ],
)
def test_no_incident(places, text):
    assert shown(places, text) == []


def test_the_source_is_named(places):
    text = "Gunmen ambushed a convoy near Gao on Wednesday, two witnesses said."
    assert only(places, text).source == "two witnesses"


@pytest.mark.parametrize(
    ("text", "type_", "where"),
    [
        ("From Maiduguri we hear that gunmen burned the market on Monday.", "attack", "Maiduguri"),
        ("Mortars aimed at the barracks of Gao on Monday missed and landed in a field.", "shelling", "Gao"),
        ("A frigate opened up with its main gun on houses in Hodeidah on Monday.", "shelling", "Al Ḩudaydah"),
        ("Nikopol was blanketed with Grad rockets on Monday.", "shelling", "Nikopol"),
        ("In Hargeisa an editor has been held since Monday over an article.", "arrest", "Hargeysa"),
        ("Jets flew six sorties over Idlib on Monday.", "air_strike", "Idlib"),
        ("Gunmen opened up on a taxi outside Quetta on Monday.", "firing", "Quetta"),
        ("A lorry sped through a procession at Karachi on Monday.", "attack", "Karachi"),
        ("The king was in Baghdad on Monday, a day before his visit to Erbil.", "visit", "Baghdad"),
        ("Hundreds linked hands on the bridge at Poznań on Monday.", "protest", "Poznań"),
        ("Masked men whisked two nurses off at gunpoint in Kaduna on Monday.", "attack", "Kaduna"),
        ("The mayor could announce on Monday that a truce was in place in Kapan.", "ceasefire", "Kapan"),
    ],
)  # fmt: skip
def test_constructions_of_agency_briefs(places, text, type_, where):
    incident = only(places, text)
    assert (incident.type, incident.date) == (type_, "2024-05-13")
    assert names(incident)[0] == where


def test_headline_style_has_passives_without_was(places):
    text = "Pathein: monk picked up at a checkpoint today.\nLashio: bomb at the post office last night."
    assert {(i.type, i.date, *names(i)) for i in shown(places, text)} == {
        ("arrest", "2024-05-16", "Pathein"),
        ("explosion", "2024-05-15", "Lashio"),
    }


def test_words_in_quotes_that_were_something_else_are_no_event(places):
    text = 'Those "shots" at Mbandaka on Monday were tyres bursting in a lorry fire.'
    assert shown(places, text) == []


def test_a_condition_is_no_fact(places):
    text = 'Farmers marched in Jos on Monday. "If they come to arrest me," says one, "let them come."'
    assert [i.type for i in shown(places, text)] == ["protest"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (  # counted from what was told before, not from the day of speaking
            "Both sides agreed to a truce in Geneva on Wednesday. Hours later troops shelled the outskirts "
            "of Lashio, a rebel group said on Thursday.",
            {("ceasefire", "2024-05-15"), ("shelling", "2024-05-15")},
        ),
        (
            "Gunmen attacked a market in Gedaref on Monday, killing eight traders and looting shops.",
            {("attack", "2024-05-13")},
        ),
        ("Two rounds landed in Nikopol on Monday, but nobody was hurt.", {("shelling", "2024-05-13")}),
        ("Talks in Manama in January brought no result.", set()),
    ],
)
def test_plain_briefs(places, text, expected):
    assert {(i.type, i.date) for i in shown(places, text)} == expected


def test_what_sums_up_a_list_is_none_of_it(places):
    text = (
        "Russian forces attacked 27 settlements of the Kherson region over the past day, officials said.\n\n"
        "Beryslav: a drone hit an ambulance on Wednesday evening."
    )
    assert [i.type for i in shown(places, text)] == ["drone_strike"]


def test_what_happened_in_another_week_is_history_beside_what_is_new(places):
    text = (
        "Police arrested three men in Sopore on Wednesday. Nine people died on {} in an attack near Kulgam."
    )
    assert [i.type for i in shown(places, text.format("May 3"))] == ["arrest"]
    assert [i.type for i in shown(places, text.format("May 14"))] == ["arrest", "attack"]


def test_talks_end_in_what_is_signed(places):
    text = "Envoys held talks in Batken from Tuesday to Wednesday and signed a protocol on the border."
    signed = next(i for i in shown(places, text) if i.type == "agreement")
    assert (signed.date, signed.date_end) == ("2024-05-15", None)


def test_houses_looted_in_an_attack_are_part_of_it(places):
    text = "Gunmen attacked the town of Wad Madani on Wednesday, killing nine. Houses were looted."
    assert only(places, text).type == "attack"


def test_an_exercise_goes_on(places):
    text = (
        "Troops began a live-fire drill near Ganja on Wednesday. About 900 men are taking part in the drill."
    )
    assert only(places, text).date == "2024-05-15"


def test_a_general_denial_contests_nothing(places):
    text = (
        "A drone exploded in Shebekino on Wednesday, the governor said. Both sides deny aiming at civilians."
    )
    assert only(places, text).status == "reported"
