"""Files of alternate names: languages and flags are used, alike for small files and for big ones."""

import pytest

from gazetteer import Gazetteer, bulk, files, user

#: id, name, plain name, other names, lat, lon, class, code, country, admin1, population.
PLACES = [
    (
        "9000001",
        "Noviy Gorod",
        "Noviy Gorod",
        "Starigrad,Newtown on Sea,Nový Město",
        "40.1",
        "46.1",
        "P",
        "PPL",
        "AZ",
        "26",
        "900",
    ),
    ("9000002", "Frodoville", "Frodoville", "", "40.2", "46.2", "P", "PPL", "AZ", "26", "500"),
    ("9000003", "Starigrad", "Starigrad", "", "40.3", "46.3", "P", "PPL", "AZ", "26", "900"),
]  # fmt: skip
DUMP = "".join(
    "\t".join([*row[:9], "", row[9], "", "", "", row[10], "", "9", "Asia/Baku", "2024-01-01"]) + "\n"
    for row in PLACES
)  # fmt: skip
#: place, language, name, preferred, short, colloquial, historic.
NAMES = [
    ("9000001", "en", "Newtown on Sea", "1", "", "", ""),
    ("9000001", "en", "Newtown", "1", "1", "", ""),
    ("9000001", "en", "Newton", "", "", "", ""),
    ("9000001", "en", "The Big Nut", "", "", "1", ""),
    ("9000001", "de", "Starigrad", "", "", "", "1"),
    ("9000001", "cs", "Nový Město", "", "", "", ""),
    ("9000001", "fr_1793", "Mont-Neuf", "", "", "", ""),
    ("9000001", "link", "https://example.org/Newtown", "", "", "", ""),
    ("9000001", "wkdt", "Q1234567", "", "", "", ""),
    ("9000001", "post", "AZ1234", "", "", "", ""),
    ("9000002", "ru", "Фродовилль", "1", "", "", ""),
    ("587084", "de", "Windbakustadt", "", "", "", "1"),
    ("587084", "en", "Windy Baku", "", "", "1", ""),
    ("7654321", "en", "Of no place here", "", "", "", ""),
]  # fmt: skip
LINES = "".join("\t".join([str(i), *row, "", ""]) + "\n" for i, row in enumerate(NAMES, start=1))
ASKED = [
    "Newtown", "Newtown on Sea", "Newton", "Noviy Gorod", "The Big Nut", "Starigrad", "Nový Město",
    "Nove Mesto", "Mont-Neuf", "Фродовилль", "Frodoville", "Windbakustadt", "Windy Baku",
    "Of no place here", "AZ1234",
]  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A data folder of the test's own, and the files."""

    monkeypatch.setenv("DATELINE_DATA", str(tmp_path / "data"))
    (tmp_path / "XX.txt").write_text(DUMP, "utf-8")
    (tmp_path / "alternateNamesV2.txt").write_text(LINES, "utf-8")
    return tmp_path


def answers(g):
    return {
        name: [(c.place, c.match, c.score, c.why, dict(c.place.names)) for c in g.find(name, country="AZ")]
        for name in ASKED
    }


def added(folder, *names):
    return user.add([folder / name for name in names])


@pytest.fixture(params=["small", "big", "big names", "big places"])
def laid(request, folder, monkeypatch):
    sizes = {"small": 10**9, "big": 1, "big names": len(LINES) - 1, "big places": len(DUMP)}
    assert len(DUMP) < len(LINES)
    monkeypatch.setattr(bulk, "BULKY", sizes[request.param])
    if request.param == "big places":
        monkeypatch.setattr(bulk, "is_bulky", lambda path: path.stem == "XX")
        monkeypatch.setattr(user, "is_bulky", lambda path: path.stem == "XX")
    layers = added(folder, "XX.txt", "alternateNamesV2.txt")
    assert [(x.places, x.names) for x in layers] == [(3, 0), (0, 11)]
    return Gazetteer.load()


def test_a_preferred_short_name_in_english_is_the_one_shown(laid):
    place = laid.get("geonames:9000001")
    assert place.name == "Newtown"
    assert place.names["en"] == ("Newtown", "Newtown on Sea", "Newton")[-len(place.names["en"]) :]
    assert "Noviy Gorod" in place.names[""]
    assert laid.find("Noviy Gorod")[0].place.id == place.id
    assert laid.get("geonames:9000002").name == "Frodoville"
    assert laid.get("geonames:9000002").names["ru"] == ("Фродовилль",)


def test_historic_and_colloquial_names_are_found_ranked_lower_and_said_to_be_so(laid):
    found = laid.find("Starigrad", country="AZ")
    assert [c.place.id for c in found[:2]] == ["geonames:9000003", "geonames:9000001"]
    assert found[0].score > 3 * found[1].score
    assert "historic" in " ".join(found[1].why)
    assert "historic" not in " ".join(found[0].why)
    (nut,) = laid.find("The Big Nut", country="AZ")
    assert "colloquial" in " ".join(nut.why)
    assert laid.get("geonames:9000001").names["de-x-historic"] == ("Starigrad",)
    assert "historic" in " ".join(laid.find("Mont-Neuf")[0].why)


def test_names_for_places_of_the_world(laid):
    baku = laid.find("Windbakustadt")[0]
    assert (baku.place.id, baku.place.name) == ("geonames:587084", "Baku")
    assert "historic" in " ".join(baku.why)
    assert not laid.find("Of no place here")


def test_links_and_codes_are_no_names(laid):
    for name in ("https://example.org/Newtown", "Q1234567", "AZ1234"):
        assert not any(c.place.id == "geonames:9000001" for c in laid.find(name))


def test_small_and_big_files_give_the_same(folder, monkeypatch):
    added(folder, "XX.txt", "alternateNamesV2.txt")
    small = answers(Gazetteer.load())
    user.remove("XX")
    user.remove("alternateNamesV2")
    monkeypatch.setattr(bulk, "BULKY", 1)
    added(folder, "alternateNamesV2.txt", "XX.txt")
    big = answers(Gazetteer.load())
    for name in ASKED:
        for one, other in zip(small[name], big[name], strict=True):
            assert one[:4] == other[:4], name
            assert {k: sorted(v) for k, v in one[4].items()} == {k: sorted(v) for k, v in other[4].items()}


def test_ranks_and_tags():
    assert [
        files.RANKS[int(flags, 2)] for flags in ("1100", "1000", "0000", "0100", "0010", "0001", "1001")
    ] == [0, 1, 2, 3, 4, 5, 5]
    assert files.language_tag("zh-Hant", 2) == "zh-Hant"
    assert files.language_tag("unknown", 2) == ""
