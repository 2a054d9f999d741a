"""Dumps of millions of places: laid column by column, with the answers of the record-by-record way."""

import os
import signal
import subprocess
import sys
import time
import zipfile

import numpy as np
import pytest

from gazetteer import Gazetteer, GazetteerError, blocks, bulk, user

#: id, name, plain name, other names, lat, lon, class, code, country, admin1, population.
ROWS = [
    ("9000001", "Yeni Kənd", "Yeni Kend", "Novoye Selo,Նոր գյուղ,Cəlil",
     "40.1", "46.1", "P", "PPL", "AZ", "26", "0"),
    ("9000002", "New Shire", "New Shire", "", "40.2", "46.2", "A", "ADM1", "AZ", "X9", "0"),
    ("9000003", "Frodoville am See", "Frodoville am See", "FRD",
     "40.2", "46.25", "P", "PPL", "AZ", "X9", "7000"),
    ("9000004", "Mount Quxxel", "Mount Quxxel", "کوه کوکسل,قوكسل تپه",
     "40.3", "46.3", "T", "MT", "AZ", "00", ""),
    ("9000005", "مدینه نو", "Madineh", "", "33.3", "46.3", "P", "PPL", "IR", "", "12"),
    ("587084", "Baku", "Baku", "Bakou", "40.37", "49.89", "P", "PPLC", "AZ", "", "1"),
]  # fmt: skip
LINES = "".join(
    "\t".join([*row[:9], "", row[9], "", "", "", row[10], "", "9", "Asia/Baku", "2024-01-01"]) + "\n"
    for row in ROWS
)
ASKED = [
    "Yeni Kend", "Новое Село", "Novoye Selo", "Նոր գյուղ", "Jalil", "Calil", "New Shire", "Frodoville",
    "Frodoville am See", "FRD", "frd", "Frodoville, New Shire", "Quxxel", "Mt Qukhkhel", "Gukhkhel",
    "کوه کوکسل", "Madina", "مدينه نو",
]  # fmt: skip


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """A data folder of the test's own, in which every dump counts as a big one."""
    from gazetteer.gazetteer import forget

    monkeypatch.setenv("DATELINE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(bulk, "BULKY", 1)
    forget()
    yield tmp_path / "data" / "gazetteer"
    forget()


@pytest.fixture
def dump(tmp_path):
    path = tmp_path / "XX.txt"
    path.write_text(LINES, "utf-8")
    return path


def answers(g):
    return {
        name: [
            (
                c.place.id,
                c.place.name,
                c.match,
                c.score,
                c.place.admin1,
                c.place.population,
                c.place.radius_km,
            )
            for c in g.find(name, country="AZ") or g.find(name, country="IR")
        ]
        for name in ASKED
    }


def test_a_bulk_has_the_answers_of_its_records(dump, monkeypatch, folder):
    (layer,) = user.add([dump])
    assert (layer.bulk, layer.places) == (True, 6)
    big = answers(Gazetteer.load())
    assert {p.suffix for p in folder.iterdir()} == {"", ".json", ".arrow"}
    user.remove("XX")
    monkeypatch.setattr(bulk, "BULKY", 10**9)
    (layer,) = user.add([dump])
    assert not layer.bulk
    assert big == answers(Gazetteer.load())
    assert big["Frodoville, New Shire"][0][0] == "geonames:9000003"


def test_a_place_that_is_here_stays_as_it_is(dump):
    before = Gazetteer.load().get("geonames:587084")
    user.add([dump])
    assert Gazetteer.load().get("geonames:587084") == before


def test_small_layers_go_over_a_bulk_and_removing_restores(dump, tmp_path, folder):
    world = Gazetteer.load().version
    (tmp_path / "mine.csv").write_text(
        "id,name,lat,lon,population\ngeonames:9000003,Bagginsburg,40.2,46.25,9\n", "utf-8"
    )
    user.add([dump, tmp_path / "mine.csv"])
    g = Gazetteer.load()
    assert g.find("Frodoville am See")[0].place.name == "Bagginsburg"
    assert g.find("Bagginsburg")[0].place.population == 9
    user.remove("mine")
    assert Gazetteer.load().find("Frodoville")[0].place.population == 7000
    user.remove("XX")
    assert Gazetteer.load().version == world
    assert [path.name for path in folder.iterdir()] == ["state.json"]


def test_a_zipped_bulk_is_the_same(dump, tmp_path):
    user.add([dump])
    plain = answers(Gazetteer.load())
    user.remove("XX")
    with zipfile.ZipFile(tmp_path / "YY.zip", "w") as archive:
        archive.write(dump, "YY.txt")
    assert user.add([tmp_path / "YY.zip"])[0].bulk
    assert answers(Gazetteer.load()) == plain


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [("40.2\t46.25", "140.2\t46.25", "XX.txt, line 3"), ("9000004\t", "nine\t", "XX.txt, line 4"),
     ("\t12\t\t9", "\t12\t9", "XX.txt, line 5: 18 columns")],
)  # fmt: skip
def test_a_bad_line_of_a_bulk_is_named_and_changes_nothing(dump, folder, old, new, words):
    dump.write_text(LINES.replace(old, new), "utf-8")
    with pytest.raises(GazetteerError, match=words):
        user.add([dump])
    assert list(folder.iterdir()) == []


KILLED = """
import sys
from gazetteer import bulk, user
bulk.BULKY = 1
def tell(what):
    print(what, flush=True)
    if what.startswith(sys.argv[2]):
        print("now", flush=True)
        sys.stdin.read()
user.add([sys.argv[1]], progress=tell)
"""


@pytest.mark.parametrize("when", ["reading", "laying", "sorting"])
def test_a_kill_at_any_step_leaves_the_old_state(dump, tmp_path, folder, when):
    (tmp_path / "mine.csv").write_text("name,lat,lon\nBagginsburg,40.2,46.25\n", "utf-8")
    user.add([tmp_path / "mine.csv"])
    state = (folder / "state.json").read_bytes()
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(dump), when], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        text=True, env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}, start_new_session=True,
    )  # fmt: skip
    while process.stdout.readline().strip() not in ("now", ""):
        pass
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    assert (folder / "state.json").read_bytes() == state
    g = Gazetteer.load()
    assert g.find("Bagginsburg")
    assert not g.find("Frodoville")
    # What the kill left is cleared away when it is old.
    for path in folder.iterdir():
        if path.suffix == ".tmp":
            os.utime(path, (time.time() - 2 * user.LEFT_OVER,) * 2)
    user.add([dump])
    assert Gazetteer.load().find("Frodoville")
    assert not [path for path in folder.iterdir() if path.suffix == ".tmp"]


def test_spans_of_arrays_that_hold_none():
    assert blocks.holds(np.zeros(0, np.uint64), np.array([1], np.uint64)).tolist() == [False]
