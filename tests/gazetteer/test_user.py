"""What users add: files of several kinds, laid over the world, removable, all or nothing."""

import json
import zipfile

import pytest

from gazetteer import Gazetteer, GazetteerError, user

DUMP = (
    "9000001\tYeni Kənd\tYeni Kend\tNovoye Selo,Նոր գյուղ"
    "\t40.1\t46.1\tP\tPPL\tAZ\t\t26\t\t\t\t0\t\t900\tAsia/Baku\t2024-01-01\n"
    "584572\tZəylik\tZaylik\tZeilikh"
    "\t40.02094\t45.93412\tP\tPPL\tAZ\t\t26\t\t\t\t77\t\t2010\tAsia/Baku\t2024-01-01\n"
)
TABLE = "name,latitude,longitude,country,names\nCamp Alpha,33.1,44.2,IQ,ar=مخيم الف\n"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A data folder of the test's own; the gazetteer is opened anew around it."""

    monkeypatch.setenv("DATELINE_DATA", str(tmp_path / "data"))
    return tmp_path / "data" / "gazetteer"


@pytest.fixture
def dump(tmp_path):
    path = tmp_path / "XX.txt"
    path.write_text(DUMP, "utf-8")
    return path


def test_a_dump_is_laid_over_the_world(dump):
    world = len(Gazetteer.load())
    (layer,) = user.add([dump])
    g = Gazetteer.load()
    assert (layer.name, layer.places) == ("XX", 2)
    assert len(g) == world + 1
    new = g.find("Novoye Selo", country="AZ")[0].place
    assert (new.id, new.admin1, new.population) == ("geonames:9000001", "Kalbajar", None)
    old = g.get("geonames:584572")
    assert (old.name, old.population) == ("Zaylik", 77)
    assert g.find("Zeilikh")[0].place.id == old.id
    assert len(g.find("Zaylik, Azerbaijan")) == 3


def test_adding_again_changes_nothing_and_removing_restores(dump, folder):
    world = Gazetteer.load().version
    (first,) = user.add([dump])
    before = sorted(path.name for path in folder.iterdir())
    assert user.add([dump]) == [first]
    assert sorted(path.name for path in folder.iterdir()) == before
    assert user.remove("XX") == first
    assert user.layers() == []
    assert Gazetteer.load().version == world
    assert [path.name for path in folder.iterdir()] == ["state.json"]
    with pytest.raises(GazetteerError, match="no added layer 'XX'"):
        user.remove("XX")


def test_zip_csv_and_geojson(dump, tmp_path):
    with zipfile.ZipFile(tmp_path / "ZZ.zip", "w") as archive:
        archive.write(dump, "ZZ.txt")
        archive.writestr("readme.txt", "not places")
    (tmp_path / "mine.csv").write_text(TABLE, "utf-8")
    square = {"type": "Polygon", "coordinates": [[[44, 33], [45, 33], [45, 34], [44, 34], [44, 33]]]}
    feature = {"type": "Feature", "properties": {"name": "Sector Blue", "country": "IQ"}, "geometry": square}
    (tmp_path / "areas.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8"
    )
    layers = user.add([tmp_path / "ZZ.zip", tmp_path / "mine.csv", tmp_path / "areas.geojson"], licence="CC0")
    assert [layer.places for layer in layers] == [2, 1, 1]
    g = Gazetteer.load()
    assert g.find("مخيم الف")[0].place.name == "Camp Alpha"
    sector = g.find("Sector Blue")[0].place
    assert sector.radius_km == pytest.approx(72, abs=2)
    assert [c.place.name for c in g.find("Camp Alpha", within="Sector Blue")] == ["Camp Alpha"]
    assert "CC0" in g.licences
    assert user.info()["layers"][1]["name"] == "mine"


def test_alternate_names_reach_places_that_are_here(tmp_path):
    path = tmp_path / "alternateNames.txt"
    path.write_text(
        "1\t587084\ten\tWindy City of the Caspian\t\t\t1\t\t\t\n2\t587084\tlink\thttps://x\t\t\t\t\t\t\n",
        "utf-8",
    )
    user.add([path])
    assert Gazetteer.load().find("Windy City of the Caspian")[0].place.id == "geonames:587084"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("a.txt", DUMP + "1\tbroken\n", "a.txt, line 3: 2 columns"),
        ("a.txt", DUMP.replace("40.1\t", "north\t"), "a.txt, line 1"),
        ("a.txt", DUMP.replace("40.1\t", "140.1\t"), "lies not on Earth"),
        ("a.csv", "name,lat,lon\nX,1,500\n", "a.csv, line 2, column lon"),
        ("a.csv", "name,lat,lon\nX,,\n", "a.csv, line 2, columns lat and lon"),
        ("a.csv", "foo,bar\n1,2\n", "no column `name`"),
        ("a.csv", "name,lat,lon\n", "holds no places"),
        ("a.geojson", "{", "no GeoJSON"),
        (
            "a.geojson",
            '{"features": [{"properties": {}, "geometry": {"type": "Point", "coordinates": [1, 2]}}]}',
            "`name`",
        ),
        ("a.zip", "not a zip", "damaged or no .zip"),
        ("a.xlsx", "x", "no kind of file known here"),
    ],
)
def test_a_bad_file_is_one_sentence_and_changes_nothing(tmp_path, dump, folder, name, content, words):
    user.add([dump])
    before = (folder / "state.json").read_bytes(), sorted(path.name for path in folder.iterdir())
    (tmp_path / name).write_text(content, "utf-8")
    with pytest.raises(GazetteerError) as caught:
        user.add([tmp_path / name])
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert ((folder / "state.json").read_bytes(), sorted(path.name for path in folder.iterdir())) == before


def test_a_missing_file_and_bytes_that_are_no_text(tmp_path):
    with pytest.raises(GazetteerError, match="There is no file"):
        user.add([tmp_path / "gone.csv"])
    (tmp_path / "latin.csv").write_bytes(b"name,lat,lon\nM\xfcnster,1,2\n")
    with pytest.raises(GazetteerError, match="line 2 is not UTF-8"):
        user.add([tmp_path / "latin.csv"])


def test_a_newer_world_gets_the_layers_anew(dump, folder):
    user.add([dump])
    state = json.loads((folder / "state.json").read_text("utf-8"))
    (folder / "state.json").write_text(json.dumps(state | {"world": "older"}), "utf-8")

    assert Gazetteer.load().get("geonames:9000001").name == "Yeni Kənd"
    assert json.loads((folder / "state.json").read_text("utf-8"))["world"] != "older"


CODES = "AZ.X9\tNew Shire\tNew Shire\t9000007\nAZ.X9.77\tHobbit County\tHobbit County\t9000008\n"
DIVISION = "{0}\t{1}\t{1}\t\t40.2\t46.2\tA\t{2}\tAZ\t\t\t\t\t\t0\t\t9\t\t\n"
DIVISIONS = DIVISION.format(9000007, "New Shire", "ADM1") + DIVISION.format(9000008, "Hobbit County", "ADM2")


def test_admin_codes_name_the_chain(tmp_path):
    (tmp_path / "XX.txt").write_text(DIVISIONS + DUMP.replace("\t26\t\t\t\t0", "\tX9\t77\t\t\t0"), "utf-8")
    (tmp_path / "admin1CodesASCII.txt").write_text(CODES.splitlines(keepends=True)[0], "utf-8")
    (tmp_path / "admin2Codes.txt").write_text(CODES.splitlines(keepends=True)[1], "utf-8")
    user.add([tmp_path / "XX.txt"])
    assert Gazetteer.load().get("geonames:9000001").admin1 == ""
    user.add([tmp_path / "admin1CodesASCII.txt", tmp_path / "admin2Codes.txt"])
    place = Gazetteer.load().get("geonames:9000001")
    assert (place.admin1, place.admin2) == ("New Shire", "Hobbit County")
    assert Gazetteer.load().get("geonames:9000008").admin1 == "New Shire"


def test_a_hierarchy_names_the_chain(tmp_path):
    (tmp_path / "XX.txt").write_text(DIVISIONS + DUMP.replace("\t26\t", "\t\t"), "utf-8")
    lines = "9000007\t9000008\tADM\n9000008\t9000001\tADM\n587116\t9000001\tADM\n7\t8\t\n"
    with zipfile.ZipFile(tmp_path / "hierarchy.zip", "w") as archive:
        archive.writestr("hierarchy.txt", lines)
    user.add([tmp_path / "XX.txt", tmp_path / "hierarchy.zip"])
    g = Gazetteer.load()
    assert g.get("geonames:9000008").admin1 == "New Shire"
    place = g.get("geonames:9000001")
    assert (place.admin1, place.admin2) == ("New Shire", "Hobbit County")
    user.remove("hierarchy")
    assert Gazetteer.load().get("geonames:9000001").admin2 == ""
