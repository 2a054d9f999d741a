"""Where: the place of each event, among all that its text names."""

import pytest
from reading import names, only, shown

from geo.articles import Article
from geo.incidents import read


def test_several_sites_are_an_incident_each(places):
    text = "Thousands marched through Warsaw, Gdańsk and Poznań on Sunday."
    assert [names(i) for i in shown(places, text)] == [["Warsaw"], ["Gdańsk"], ["Poznań"]]


def test_a_place_that_holds_another_is_no_second_site(places):
    assert names(only(places, "Shells hit a school in Nikopol, in Ukraine, on Sunday.")) == ["Nikopol"]


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("Shells hit a school in Nikopol on Sunday.", "settlement"),
        ("Shells hit a farm near Nikopol on Sunday.", "vicinity"),
        ("Protesters marched in Poland on Sunday.", "country"),
    ],
)
def test_precision(places, text, precision):
    incident = only(places, text)
    assert incident.precision == precision
    assert incident.radius_km > 0


def test_near_reaches_further_than_in(places):
    inside = only(places, "Shells hit a school in Nikopol on Sunday.").radius_km
    near = only(places, "Shells hit a farm near Nikopol on Sunday.").radius_km
    far = only(places, "Shells hit a farm 30 km north of Nikopol on Sunday.").radius_km
    assert inside < near < far


def test_a_dateline_is_a_site_only_where_nothing_else_is_named(places):
    text = "ATHENS - The foreign ministers of Greece and Egypt met on Tuesday."
    assert names(only(places, text)) == ["Athens"]
    text = "ATHENS - The foreign ministers of Greece and Egypt met in Cairo on Tuesday."
    assert names(only(places, text)) == ["Cairo"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "After talks in Geneva on Monday, the UN envoy flew to Damascus.",
            [("meeting", "Geneva"), ("visit", "Damascus")],
        ),
        (
            "A drone hit a depot in Kursk while missiles struck a plant in Bryansk on Monday.",
            [("drone_strike", "Kursk"), ("missile_strike", "Bryansk")],
        ),
        (
            "Rockets hit a market in Idlib on Monday. On Tuesday masked men stabbed a guard in the town.",
            [("shelling", "Idlib"), ("attack", "Idlib")],
        ),
    ],
)
def test_each_event_has_its_own_place(places, text, expected):
    assert [(i.type, i.places[0].place.name) for i in shown(places, text)] == expected


@pytest.mark.parametrize(
    ("text", "type_", "place", "day"),
    [
        ("Delegates who rule Gaza and Ramallah met in Istanbul on Tuesday.", "meeting", "Istanbul", 14),
        ("Israeli forces withdrew from Jenin on Tuesday after a raid.", "attack", "Janīn", 14),
        ("The president, back from Cairo, visited Khartoum on Tuesday.", "visit", "Khartoum", 14),
        ("Gunmen shot a man near Maiduguri on Tuesday; two were flown to Abuja.", "attack", "Maiduguri", 14),
        ("Militants in Gaza fired a volley of rockets at Sderot on Monday.", "shelling", "Sderot", 13),
        ("A convoy was ambushed ten kilometres from Maiduguri on Tuesday.", "attack", "Maiduguri", 14),
        ("In Bukavu on Lake Kivu, villagers blocked the road to Goma on Tuesday.", "protest", "Bukavu", 14),
        ("BEIRUT - Jets hit what the army called a workshop outside Baalbek on Tuesday.",
         "air_strike", "Baalbek", 14),
        ("Elders from both sides of the valley signed a deal in Jos on Tuesday.", "agreement", "Jos", 14),
        ("A bomb tore through a van a short drive from Maiduguri on Tuesday.", "explosion", "Maiduguri", 14),
        ("The interior minister left Niamey for Agadez on Tuesday and spent two hours with its elders.",
         "visit", "Agadez", 14),
        ("Miners in Jos walked off the job on Tuesday and blocked the road to Abuja.", "protest", "Jos", 14),
        ("A drone hit the Abuja minibus outside Jos on Tuesday.", "drone_strike", "Jos", 14),
    ],
)  # fmt: skip
def test_the_place_is_where_it_happened(places, text, type_, place, day):
    incident = only(places, text)
    assert (incident.type, incident.date, names(incident)) == (type_, f"2024-05-{day}", [place])


def test_a_road_has_two_ends_and_one_incident(places):
    incident = only(places, "Gunmen shot nine traders on the road from Ouahigouya to Djibo on Tuesday.")
    assert names(incident) == ["Ouahigouya", "Djibo"]


def test_what_happens_where_nothing_is_known_takes_no_other_place(places):
    text = "BAMAKO - Rebels stormed a camp at Qqogossi on Sunday, residents said."
    assert shown(places, text) == []


def test_a_district_that_says_so_is_no_town(places):
    text = "Two people were wounded in an explosion in the Dashkasan district of Azerbaijan on Monday."
    assert {m.place.feature for m in read(Article(text), places).mentions if "Dash" in m.text} == {"A.ADM1"}


def test_a_paragraph_is_set_where_it_opens(places):
    text = (
        "In the course of a search in Khasavyurt, officers cornered two men on Monday. "
        "The men opened fire and were shot."
    )
    assert [names(i) for i in shown(places, text)] == [["Khasavyurt"]]


def test_no_heading_or_dateline_stands_for_a_place_that_nothing_knows(places):
    text = "Garissa. Gunmen abducted two men at Qqogossi on Monday.\n\nWajir. Elders met at Eldas on Monday."
    assert [i.type for i in shown(places, text)] == ["meeting"]
    text = 'ADRÉ, Chad - "It was Monday when they threw mortars at us," said Halima, a nurse from Qqoro.'
    assert shown(places, text) == []


def test_a_truce_ordered_later_is_not_where_the_ambush_was(places):
    text = "Rebels ambushed a truck in Las Navas on Monday, two days before their leaders ordered a truce."
    assert [i.type for i in shown(places, text)] == ["attack"]


def test_a_numeral_is_no_place(places):
    incident = only(places, "Dozens were hauled in for questioning in Minsk on Monday.")
    assert names(incident) == ["Minsk"]


def test_a_town_is_nearer_than_its_island(places):
    text = "Off Palawan, a patrol boat fired on a trawler near Second Thomas Shoal on Monday."
    assert names(only(places, text))[0] == "Second Thomas Shoal"


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("Fighters of the Kokang rebels clashed with the army in Lashio on Monday.", "Lashio"),
        ("Residents of Kharkiv blocked a road on Monday in protest at power cuts.", "Kharkiv"),
        ("The president visited Skopje's old bazaar on Monday.", "Skopje"),
        ("AMMAN - The king received the president on Monday and called for a truce in Gaza.", "Amman"),
        ("Gunmen opened fire on a post at the entrance to Koutiala on Monday.", "Koutiala"),
        ("ATLANTA - Hundreds marched to the Georgia state capitol on Monday.", "Atlanta"),
        ("MOGADISHU - A bomber blew himself up at the Lido on Monday.", "Mogadishu"),
        ("Nikopol was left without power on Monday after shells hit a substation.", "Nikopol"),
    ],
)
def test_what_else_is_named_is_not_the_place(places, text, place):
    assert names(only(places, text)) == [place]


def test_what_an_accord_is_on_is_not_where_it_was_reached(places):
    text = "The ministers met in Cartagena on Monday and concluded an accord on patrols in the Pacific."
    assert {p.place.name for i in shown(places, text) for p in i.places} == {"Cartagena"}


def test_what_is_to_be_done_is_not_where_it_was_agreed(places):
    text = "Iran and Pakistan agreed on Monday to reopen the crossing at Zahedan."
    assert shown(places, text) == []


def test_the_only_place_a_sentence_names(places):
    text = "Port Sudan had its first taste of war on Wednesday when drones plunged into an air base."
    assert names(only(places, text)) == ["Port Sudan"]


def test_who_tells_of_it_sits_elsewhere(places):
    text = "Protests in Nukus turned into attacks on offices on Wednesday, prosecutors in Tashkent disclosed."
    assert all(names(i) == ["Nukus"] for i in shown(places, text))


def test_sites_joined_by_what_stands_there(places):
    text = "Jets on Wednesday bombed a seminary in Bahawalpur and a compound in Muridke."
    assert {n for i in shown(places, text) for n in names(i)} == {"Bahawalpur", "Muridke"}


@pytest.mark.parametrize(
    "text",
    [
        "Drones damaged a silo in the Danube port of Izmail on Wednesday.",
        "Izmail: drones damaged a silo in the Dnipro district on Wednesday.",
    ],
)
def test_what_only_describes_a_place_is_not_the_place(places, text):
    assert names(only(places, text)) == ["Izmayil"]
