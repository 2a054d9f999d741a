"""Finding places in the bundled world."""

import csv
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_world import small

from gazetteer import Gazetteer, is_ambiguous
from gazetteer.finding import Terms, find, find_plain

#: Names with few and many places, of one and several spellings, codes, common words.
ASKED = [
    "Baku", "Tripoli", "San José", "San Jose", "San Juan", "Santa Cruz", "Paris", "Zaylik",
    "Kalbajar", "Кельбаджар", "BAK", "NYC", "Springfield", "Victoria", "Georgia", "March", "La Paz",
    "Al Hasakah", "Homs", "Київ", "北京",
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "asked", "ident"),
    [
        ("Baku", {}, "geonames:587084"),
        ("Moscow", {}, "geonames:524901"),
        ("Paris", {}, "geonames:2988507"),
        ("Paris, Texas", {}, "geonames:4717560"),
        ("Paris, TX", {}, "geonames:4717560"),
        ("Los Angeles, CA", {}, "geonames:5368361"),
        ("UK", {}, "geonames:2635167"),
        ("UAE", {}, "geonames:290557"),
        ("Washington", {}, "geonames:4140963"),
        ("Idlib", {}, "geonames:169389"),
        ("Idlib Governorate", {}, "geonames:169387"),
        ("Paris", {"within": "Texas"}, "geonames:4717560"),
        ("Georgia", {"country": "US"}, "geonames:4197000"),
        ("Georgia", {"country": "United States"}, "geonames:4197000"),
        ("Georgia", {"country": "GEO"}, "geonames:614540"),
        ("Tripoli", {"country": "Libya"}, "geonames:2210247"),
        ("Tripoli", {"country": "LBN"}, "geonames:266826"),
        ("Tripoli", {"country": "GR"}, "geonames:252601"),
        ("Tripoli", {"near": (34.4, 35.8)}, "geonames:266826"),
        ("Hyderabad", {"country": "PK"}, "geonames:1176734"),
        ("Zaylik", {"within": "Kalbajar"}, "geonames:584572"),
        ("Zəylik, Kəlbəcər rayonu", {}, "geonames:584572"),
        ("Zaylik, Dashkasan", {}, "geonames:584610"),
        ("Karvachar", {}, "geonames:586268"),
        ("Karvachar region", {}, "geonames:586047"),
        ("Kalbajar region", {}, "geonames:586047"),
        ("town of Kalbajar", {}, "geonames:586268"),
        ("Кельбаджар", {}, "geonames:586268"),
        ("Yukhari Shorzha", {"country": "AM"}, "local:verin-shorzha"),
        ("Yukhari Shorzha, Basarkechar region", {}, "local:verin-shorzha"),
        ("Київ", {}, "geonames:703448"),
        ("تهران", {}, "geonames:112931"),
        ("北京", {}, "geonames:1816670"),
        ("the Republic of Azerbaijan", {}, "geonames:587116"),
        ("USA", {}, "geonames:6252001"),
        ("Nile", {}, "local:nile"),
        ("Aras", {}, "local:aras"),
        ("the Volga", {}, "local:volga"),
        ("Don", {}, "local:don"),
        ("Persia", {}, "geonames:130758"),
        ("New York", {}, "geonames:5128581"),
        ("NYC", {}, "geonames:5128581"),
        ("Odessa", {}, "geonames:698740"),
        ("Odessa, Texas", {}, "geonames:5527554"),
        ("Donbas", {}, "local:donbas"),
        ("San Francisco", {}, "geonames:5391959"),
        ("Mexico City", {}, "geonames:3530597"),
        ("Kuwait City", {}, "geonames:285787"),
        ("Kursk region", {}, "geonames:538555"),
    ],
)
def test_the_place_meant_comes_first(places, name, asked, ident):
    assert places.find(name, **asked)[0].place.id == ident


@pytest.mark.parametrize(
    "name",
    ["Lake Chad", "Lake Victoria", "Gulf of Aden", "Gulf of Oman", "Gulf of Mexico", "Gulf of Guinea",
     "Mount Sinjar", "Mt Ararat", "River Niger", "Niger River", "Senegal River", "River Jordan",
     "Congo River", "Lake Van", "Lake Tana", "Lake Malawi"],
)  # fmt: skip
def test_the_generic_word_says_which_kind_is_meant(places, name):
    first, *others = places.find(name)
    assert first.place.feature[:1] in "HT"
    assert first.score > 0.8
    assert places.find_all([name] * 4)[0] == [first, *others]
    assert places.best_rows([name]).tolist() == [places.row(first.place.id)]


@given(st.sampled_from(ASKED) | st.text(max_size=8), st.integers(1, 12))
def test_the_order_of_the_index_is_the_one_of_the_weights(name, limit):
    g = Gazetteer.load(user=False)
    plain = find_plain(g, name, limit)
    if plain is not None:
        assert plain == find(g, name, Terms(limit=limit))


@pytest.mark.parametrize("name", ["Bali", "Xinjie", "Roma", "Cuba", "Mara"])
def test_of_many_that_weigh_the_same_each_can_be_read(places, name):
    assert all(c.place.id and c.score <= 1 for c in places.find(name))


@pytest.mark.parametrize(
    "name", ["Moscow", "Baku", "Paris", "London", "Tehran", "Yerevan", "Kalbajar", "Armenia"]
)
def test_a_name_that_stands_out_is_not_ambiguous(places, name):
    assert not is_ambiguous(places.find(name))


@pytest.mark.parametrize(
    "name", ["Tripoli", "Birmingham", "San José", "Zaylik", "Georgia", "Springfield", "March"]
)
def test_a_name_with_rivals_is_ambiguous(places, name):
    assert is_ambiguous(places.find(name))


def test_three_zayliks_and_no_winner(places):
    found = places.find("Zaylik, Azerbaijan")
    assert {c.place.id for c in found} == {"geonames:584572", "geonames:584610", "geonames:584611"}
    assert all(c.score <= 0.5 for c in found)
    assert [c.place.id for c in places.find("Zaylik", country="AZ")] == [c.place.id for c in found]


def test_what_is_not_known_is_not_found(places):
    for name in ("Xqzzynowhere", "", "   ", "?!", "\n", "42nd Combined Arms", "It", "Xy"):
        assert places.find(name) == []
        assert is_ambiguous(places.find(name))
    assert places.find("Baku", country="Foobarland") == []
    assert places.find("Baku", within="Foobarland") == []
    assert places.find("Baku", country="AM") == []


def test_a_container_that_does_not_hold_it_leaves_little(places):
    wrong, unknown = places.find("Zaylik, Armenia"), places.find("Zaylik, Foobarland")
    assert sum(c.score for c in wrong) <= 0.2
    assert "not known to lie in Armenia" in wrong[0].why
    assert sum(c.score for c in unknown) <= 0.5


def test_reasons_are_words(places):
    (found,) = places.find("Paris, Texas")
    assert found.match == "exact"
    assert "within Texas" in found.why
    assert places.find("parís", country="FR")[0].match == "folded"
    assert places.find("Kelbadzhar", country="AZ")[0].match in ("exact", "transliterated")


def test_common_words_never_resolve_alone(places):
    assert places.is_stop("March")
    assert places.is_stop("POLICE")
    assert not places.is_stop("Baku")
    assert max(c.score for c in places.find("March")) <= 0.4


def test_misspelt_names_only_when_asked(places):
    assert places.find("Berevan") == [] or places.find("Berevan")[0].place.id != "geonames:616052"
    found = places.find("Yeravaan City")
    assert found == [] or found[0].match != "fuzzy"
    fuzzy = places.find("Stepanakrt", fuzzy=True)
    assert "geonames:146970" in [c.place.id for c in fuzzy]
    assert {c.match for c in fuzzy} == {"fuzzy"}
    assert is_ambiguous(fuzzy)


def test_inflected_names_are_proposed_but_never_sure():
    found = small().find("Old Millas")
    assert [c.place.id for c in found] == ["geonames:8"]
    assert found[0].score <= 0.5
    assert is_ambiguous(found)


@given(
    st.one_of(
        st.text(max_size=30),
        st.sampled_from(["Paris, ", "San ", "Al ", "İ", "(", ",,", "Zaylik,Kalbajar,AZ"]),
    ),
    st.booleans(),
)
def test_any_text_gives_falling_scores_of_at_most_one(name, fuzzy):
    found = Gazetteer.load(user=False).find(name, fuzzy=fuzzy)
    scores = [c.score for c in found]
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)
    assert sum(scores) <= 1 + 1e-9
    assert all(c.why for c in found)


def test_batches_answer_as_single_questions(places):
    names = ["Baku", "Tripoli", "", "Baku", "Kəlbəcər"]
    found = places.find_all(names)
    assert [[c.place.id for c in row] for row in found] == [
        [c.place.id for c in places.find(n)] for n in names
    ]


def test_every_row_has_a_place_on_earth(places):
    assert (abs(places.lat) <= 90).all()
    assert (abs(places.lon) <= 180).all()
    assert not ((places.lat == 0) & (places.lon == 0)).any()
    assert (places.radius_km > 0).all()
    assert len(places) > 280_000


def test_chains(places):
    zaylik = places.get("geonames:584572")
    assert (zaylik.admin1, zaylik.country) == ("Kalbajar", "AZ")
    paris = places.row("geonames:4717560")
    assert places.name(places.admin1_row[paris]) == "Texas"
    assert places.name(places.admin2_row[paris]) == "Lamar County"
    with pytest.raises(KeyError):
        places.get("geonames:999999999999")


def test_countries_in_any_spelling(places):
    for name in ("AZ", "aze", "Azerbaijan", "Republic of Azerbaijan", "Азербайджан"):
        assert places.country_code(name) == "AZ"
    assert places.country_code("UK") == "GB"
    assert places.country_code("Baku") == ""


def test_near_and_reverse(places):
    near = places.nearby(40.02094, 45.93412, km=30)
    assert near[0][0].id == "geonames:584572"
    assert near[0][1] < 0.1
    assert all(a[1] <= b[1] <= 30 for a, b in pairwise(near))
    (place, km), *_ = places.reverse(40.3777, 49.892)
    assert place.country == "AZ"
    assert km < 2
    assert len(places.reverse(-89.9, 0.0, limit=3)) == 3


def test_nearness_holds_across_the_date_line():
    from gazetteer.distance import distances_km

    assert math.isclose(distances_km(0.0, 179.9, np.zeros(1), np.full(1, -179.9))[0], 22.24, abs_tol=0.01)


def test_containers_on_a_small_world():
    g = small()
    assert [c.place.id for c in g.find("Riverton, North Province")] == ["geonames:5"]
    assert [c.place.id for c in g.find("Riverton", within="South")] == ["geonames:6"]
    assert [c.place.id for c in g.find("Riverton", within=g.get("geonames:2"))] == ["geonames:7"]
    assert [c.place.id for c in g.find("Старая Мельница", country="FRE")] == ["geonames:8"]
    assert is_ambiguous(g.find("Riverton"))


def test_the_bundled_data_is_stated(places):
    assert places.version.startswith("world-")
    assert any("CC BY 4.0" in licence for licence in places.licences)


def test_stop_words_are_folded_and_unique():
    from gazetteer.letters import DATA
    from gazetteer.names import normalize

    with (DATA / "names_never_alone.csv").open(encoding="utf-8", newline="") as file:
        names = [row["name"] for row in csv.DictReader(file)]
    assert [normalize(name) for name in names] == names
    assert len(set(names)) == len(names)
