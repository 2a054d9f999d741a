"""Incidents: an article in, what happened where, when, says who, out."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.articles import Article, read_article
from geo.frame import COLUMNS, SHOWN_STATUSES, STATUSES, TYPES
from geo.incidents import as_json, find_incidents, read

THURSDAY = "2024-05-16"


def shown(places, text, published=THURSDAY):
    return [i for i in read(Article(text, published=published), places).incidents if i.on_map]


def only(places, text, **given):
    (incident,) = shown(places, text, **given)
    return incident


def names(incident, *roles):
    return [r.place.name for r in incident.places if r.place and r.role in (roles or (r.role,))]


@pytest.fixture(scope="module")
def dispatch(places, seeds):
    article = read_article(seeds / "dispatch.txt", published="2023-08-23")
    return read(article, places)


def test_the_sample_gives_three_incidents_on_the_map(dispatch):
    found = {i.type: i for i in dispatch.incidents if i.on_map}
    assert {t: i.date for t, i in found.items()} == {
        "call": "2023-08-22", "firing": "2023-08-23", "meeting": "2023-08-22",
    }  # fmt: skip
    assert len([i for i in dispatch.incidents if i.on_map]) == 3


def test_the_firing_has_both_ends_and_is_only_claimed(dispatch):
    (firing,) = [i for i in dispatch.incidents if i.type == "firing"]
    target, origin = firing.places
    assert (target.role, target.place.id) == ("target", "geonames:584572")
    assert (origin.role, origin.place.id) == ("origin", "local:verin-shorzha")
    assert (firing.status, firing.time, firing.weapon) == ("claimed", "02:10", "small arms")
    assert (firing.precision, firing.radius_km) == ("vicinity", 10.0)
    assert (firing.killed, firing.wounded) == (None, None)
    assert "defense ministry" in firing.source


def test_the_call_is_a_link_between_capitals(dispatch):
    (call,) = [i for i in dispatch.incidents if i.type == "call"]
    assert [r.role for r in call.places] == ["party", "party"]
    assert sorted(names(call)) == ["Baku", "Tehran"]
    assert call.located_by == "inferred"


def test_what_is_planned_is_not_on_the_map(dispatch):
    planned = [i for i in dispatch.incidents if i.status == "planned"]
    assert planned
    assert not any(i.on_map for i in planned)


def test_without_a_day_of_publication_no_year_is_invented(places, seeds):
    found = read(read_article(seeds / "dispatch.txt"), places)
    assert {i.type: i.date for i in found.incidents if i.on_map} == {
        "call": None, "firing": "XXXX-08-23", "meeting": None,
    }  # fmt: skip


def test_every_incident_keeps_the_sentence_it_came_from(dispatch):
    text = dispatch.article.text
    for i in dispatch.incidents:
        assert text[i.start : i.end] == i.quote
        assert i.quote == i.quote.strip() != ""
        for role in i.places:
            assert text[role.start : role.end] == role.text


def test_ids_are_stable_and_differ(places, dispatch):
    again = read(dispatch.article, places)
    assert [i.id for i in again.incidents] == [i.id for i in dispatch.incidents]
    assert len({i.id for i in again.incidents}) == len(again.incidents)


def test_json_keeps_to_the_contract(dispatch):
    found = as_json(dispatch)
    assert set(found) == {"document", "mentions", "incidents"}
    assert set(found["document"]) == {"path", "title", "published"}
    incident = found["incidents"][0]
    assert set(incident) == {
        "id", "type", "status", "date", "date_end", "time", "time_end", "on_map", "start", "end", "text",
        "actors", "weapon", "killed", "wounded", "source", "places",
    }  # fmt: skip
    assert set(incident["places"][0]) == {"role", "start", "end", "place"}
    assert set(found["mentions"][0]) == {"start", "end", "text", "use", "confidence", "place"}


def test_the_frame_has_the_columns(places, seeds):
    article = read_article(seeds / "dispatch.txt", published="2023-08-23")
    frame = find_incidents(article, places)
    assert [c for c in frame.columns if c != "geometry"] == list(COLUMNS)
    assert frame.crs.to_epsg() == 4326
    assert frame.attrs["mentions"]


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


def test_the_weekday_of_the_statement_is_not_that_of_the_event(places):
    text = "Shells hit a school in Nikopol on Sunday, the governor said on Tuesday."
    assert only(places, text).date == "2024-05-12"


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


def test_a_dateline_is_a_site_only_where_nothing_else_is_named(places):
    text = "ATHENS - The foreign ministers of Greece and Egypt met on Tuesday."
    assert names(only(places, text)) == ["Athens"]
    text = "ATHENS - The foreign ministers of Greece and Egypt met in Cairo on Tuesday."
    assert names(only(places, text)) == ["Cairo"]


def test_offsets_point_into_the_text_as_given(places):
    text = "“Shells hit a school in Niko\u00adpol\u00a0on Sunday,” the governor said.\r\n\r\nNothing else."
    incident = only(places, text)
    assert text[incident.start : incident.end] == incident.quote
    assert incident.places[0].text == "Niko\u00adpol"


@settings(max_examples=15, deadline=None)
@given(st.text(alphabet=st.sampled_from("ABC abc.\n\r\u00ad“”-–:;0123456789é "), max_size=120))
def test_any_text_is_read_without_error(places, text):
    for incident in read(Article(text, published=THURSDAY), places).incidents:
        assert incident.type in TYPES
        assert incident.status in STATUSES
        assert incident.on_map == (incident.status in SHOWN_STATUSES and incident.located)


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


def test_a_day_after_counts_from_the_rest_of_the_sentence(places):
    text = "Drills began off Karachi on Thursday, a day after a minister wrapped up a visit to Lahore."
    assert {i.type: i.date for i in shown(places, text)} == {"exercise": "2024-05-16", "visit": "2024-05-15"}


def test_a_paragraph_about_another_place_tells_another_event(places):
    text = (
        "Troops pulled out of the valley after a two-day raid, the military said on Monday.\n\n"
        "In Haifa, a man stabbed three people on Sunday, police said."
    )
    found = [i for i in read(Article(text, published="2024-05-06"), places).incidents if i.on_map]
    assert [i.places[0].text for i in found] == ["Haifa"]
    assert not any("roops" in actor for actor in found[0].actors)
    assert found[0].date_end is None


@pytest.mark.parametrize(
    ("text", "type_", "place", "day"),
    [
        ("Delegates who rule Gaza and Ramallah met in Istanbul on Tuesday.", "meeting", "Istanbul", 14),
        ("Israeli forces withdrew from Jenin on Tuesday after a raid.", "attack", "Janīn", 14),
        ("The president, back from Cairo, visited Khartoum on Tuesday.", "visit", "Khartoum", 14),
        ("Gunmen shot a man near Maiduguri on Tuesday; two were flown to Abuja.", "attack", "Maiduguri", 14),
        ("Militants in Gaza fired a volley of rockets at Sderot on Monday.", "shelling", "Sderot", 13),
        ("A convoy was ambushed ten kilometres from Maiduguri on Tuesday.", "attack", "Maiduguri", 14),
        ("Elders from both sides of the valley signed a deal in Jos on Tuesday.", "agreement", "Jos", 14),
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


def test_police_who_disperse_a_crowd_are_part_of_its_protest(places):
    text = (
        "Thousands rallied in Tbilisi on Tuesday against the bill. Police dispersed the crowd with tear gas, "
        "and the ministry said 26 people had been detained."
    )
    assert only(places, text).type == "protest"


def test_what_was_done_before_gives_no_day_to_what_follows(places):
    text = (
        "Farmers marched in Jos on Wednesday. The minister, who had spent Monday in Abuja, could not attend. "
        "Women blocked the road at Maiduguri too."
    )
    assert {i.date for i in shown(places, text) if i.type == "protest"} == {"2024-05-15"}


def test_a_district_that_says_so_is_no_town(places):
    text = "Two people were wounded in an explosion in the Dashkasan district of Azerbaijan on Monday."
    assert {m.place.feature for m in read(Article(text), places).mentions if "Dash" in m.text} == {"A.ADM1"}


def test_each_part_of_a_bulletin_begins_on_the_day_of_its_opening(places):
    text = (
        "Situation in the oblast on 15 May\n\nOn 15 May three districts were under fire.\n\n"
        "Nikopol district. At 02:10 on 16 May artillery shelled Marhanets.\n\n"
        "Izium district. In Barvinkove a van drove over a mine."
    )
    assert {i.type: i.date for i in shown(places, text)} == {
        "shelling": "2024-05-16", "explosion": "2024-05-15",
    }  # fmt: skip


def test_a_ticker_is_of_the_day_it_appears(places):
    text = "[09:10] Lviv: students march on the town hall.\n\n[10:40] Lviv: police arrested three marchers."
    assert {i.date for i in shown(places, text)} == {THURSDAY}


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


def test_a_report_of_one_side_that_the_other_denies_is_contested(places):
    text = "Kyiv dismissed as a fantasy a Russian report that mortars had shelled Shebekino on Monday."
    assert only(places, text).status == "contested"
    text = "The governor dismissed a rumour that mortars had shelled Shebekino on Monday."
    assert shown(places, text) == []
    text = "We deny the story that our envoys met the rebels in Doha on Monday."
    assert shown(places, text) == []


def test_words_in_quotes_that_were_something_else_are_no_event(places):
    text = 'Those "shots" at Mbandaka on Monday were tyres bursting in a lorry fire.'
    assert shown(places, text) == []


def test_the_day_of_what_was_over_by_then_is_not_its_own(places):
    text = "The two ministers signed the accord in Niamey on Wednesday, the guest having flown in on Monday."
    assert {i.date for i in shown(places, text) if i.type == "agreement"} == {"2024-05-15"}


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


def test_what_they_had_done_the_day_before_is_dated_so(places):
    text = "On Tuesday rebels fired mortars at Sake; the day before they had raided Goma."
    assert ("2024-05-13", "Goma") in {(i.date, names(i)[0]) for i in shown(places, text)}


def test_a_numeral_is_no_place(places):
    incident = only(places, "Dozens were hauled in for questioning in Minsk on Monday.")
    assert names(incident) == ["Minsk"]


def test_a_town_is_nearer_than_its_island(places):
    text = "Off Palawan, a patrol boat fired on a trawler near Second Thomas Shoal on Monday."
    assert names(only(places, text))[0] == "Second Thomas Shoal"


def test_a_condition_is_no_fact(places):
    text = 'Farmers marched in Jos on Monday. "If they come to arrest me," says one, "let them come."'
    assert [i.type for i in shown(places, text)] == ["protest"]


def test_arrests_at_a_march_that_police_make_are_told_apart(places):
    text = (
        "A march drew thousands in Jos on Monday. Police arrested three students there for breaking windows."
    )
    assert {i.type for i in shown(places, text)} == {"protest", "arrest"}


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
