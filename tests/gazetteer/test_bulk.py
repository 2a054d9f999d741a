"""Dumps of millions of places: laid column by column, with the answers of the record-by-record way."""

import json
import os
import shutil
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
    monkeypatch.setenv("DATELINE_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(bulk, "BULKY", 1)
    return tmp_path / "data" / "gazetteer"


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
import os, signal, sys
from gazetteer import bulk, user
bulk.BULKY = 1
mine, last, done = os.getpid(), int(sys.argv[2]), 0
def hook(event, args):
    global done
    writes = event == "open" and isinstance(args[1], str) and set(args[1]) & set("wxa+")
    if os.getpid() == mine and (writes or event in ("os.rename", "os.mkdir", "os.remove", "shutil.rmtree")):
        done += 1
        if done == last:
            os.kill(mine, signal.SIGKILL)
sys.addaudithook(hook)
user.add([sys.argv[1]])
print(done)
"""


def killed(dump, at):
    """Add a dump in a process that kills itself at a change of a file; gives how many there were."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(dump), str(at)], capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert done.returncode == (0 if at == 0 else -signal.SIGKILL), done.stderr
    return int(done.stdout) if at == 0 else at


def test_a_kill_at_any_moment_leaves_the_old_state_or_the_new_one(dump, tmp_path, folder):
    (tmp_path / "mine.csv").write_text("name,lat,lon\nBagginsburg,40.2,46.25\n", "utf-8")
    user.add([tmp_path / "mine.csv"])
    state = (folder / "state.json").read_bytes()
    shutil.copytree(folder, tmp_path / "before")
    changes = killed(dump, 0)
    assert changes > 20
    for at in (1, 3, changes // 3, changes // 2, changes - 8, changes - 4, changes - 1):
        shutil.rmtree(folder)
        shutil.copytree(tmp_path / "before", folder)
        killed(dump, at)
        g = Gazetteer.load()
        assert g.find("Bagginsburg"), at
        old = (folder / "state.json").read_bytes() == state
        assert bool(g.find("Frodoville")) == (not old), at
        assert old or at >= changes - 8
        assert json.loads((folder / "state.json").read_text("utf-8"))["layers"], at
    # What kills left is cleared away when it is old.
    (folder / "left.tmp").mkdir()
    for path in folder.glob("*.tmp"):
        os.utime(path, (time.time() - 2 * user.LEFT_OVER,) * 2)
    user.add([dump])
    user.remove("XX")
    assert not list(folder.glob("*.tmp"))
    assert Gazetteer.load().find("Bagginsburg")


def test_a_bad_file_among_good_ones_leaves_nothing_behind(dump, tmp_path, folder):
    user.add([dump])
    before = {path.name for path in folder.iterdir()}, (folder / "state.json").read_bytes()
    (tmp_path / "mine.csv").write_text("name,lat,lon\nBagginsburg,40.2,46.25\n", "utf-8")
    (tmp_path / "YY.txt").write_text(LINES.replace("\t40.2\t", "\t40.21\t"), "utf-8")
    (tmp_path / "bad.csv").write_text("name,lat,lon\nX,1,500\n", "utf-8")
    with pytest.raises(GazetteerError, match=r"bad\.csv, line 2"):
        user.add([tmp_path / name for name in ("mine.csv", "YY.txt", "bad.csv")])
    with pytest.raises(GazetteerError, match="Two files are named XX"):
        user.add([dump, tmp_path / "XX.csv"])
    assert ({path.name for path in folder.iterdir()}, (folder / "state.json").read_bytes()) == before


def test_a_damaged_archive_and_names_of_no_place_change_nothing(tmp_path, folder):
    with zipfile.ZipFile(tmp_path / "YY.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("YY.txt", LINES * 50)
    whole = (tmp_path / "YY.zip").read_bytes()
    (tmp_path / "YY.zip").write_bytes(whole[:200] + b"?" * 40 + whole[240:])
    (tmp_path / "names.txt").write_text("1\t2\ten\tA\t\t\t\t\t\t\nx\t2\ten\tB\t\t\t\t\t\t\n", "utf-8")
    for name, words in (("YY.zip", "YY.zip"), ("names.txt", "names.txt, line 2")):
        with pytest.raises(GazetteerError, match=words) as caught:
            user.add([tmp_path / name])
        assert "\n" not in str(caught.value)
        assert not folder.exists() or list(folder.iterdir()) == []


def test_several_dumps_and_their_progress(dump, tmp_path):
    (tmp_path / "ZZ.txt").write_text(LINES.replace("900000", "910000").replace("Frodo", "Bilbo"), "utf-8")
    told = []
    user.add([dump, tmp_path / "ZZ.txt"], progress=lambda what, share=None: told.append((what, share)))
    g = Gazetteer.load()
    assert g.find("Frodoville")
    assert g.find("Bilboville")[0].place.admin1 == "New Shire"
    shares = [share for _, share in told if share is not None]
    assert shares
    assert all(0 <= share <= 1 for share in shares)


def test_spans_of_arrays_that_hold_none():
    assert blocks.holds(np.zeros(0, np.uint64), np.array([1], np.uint64)).tolist() == [False]


def test_names_of_a_bulk_are_found_in_texts_and_misspelt(dump, tmp_path):
    user.add([dump])
    for _ in range(2):
        g = Gazetteer.load()
        text = "From Frodoville am See and Novoye Selo to Mount Quxxel in March, over FRD and Baku."
        found = g.scan(["In the Shire", text])
        assert [text[a:b] for i, a, b in zip(*found, strict=True) if i == 1] == [
            "Frodoville am See", "Novoye Selo", "Mount Quxxel", "FRD", "Baku",
        ]  # fmt: skip
        assert g.find("Frodovile am See", fuzzy=True)[0].place.id == "geonames:9000003"
        assert g.find("Frodoville am Xee", fuzzy=True)[0].place.id == "geonames:9000003"
        (tmp_path / "mine.csv").write_text("name,lat,lon\nBagginsburg,40.2,46.25\n", "utf-8")
        user.add([tmp_path / "mine.csv"])  # a small layer over it changes nothing of that
