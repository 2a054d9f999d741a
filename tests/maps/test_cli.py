"""The command line as its users meet it: results, sentences, exit statuses, and nothing half written."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DISPATCH = str(ROOT / "seeds" / "dispatch.txt")
TABLE = str(ROOT / "seeds" / "incidents.csv")


def dateline(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "maps.cli", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def one_sentence(result: subprocess.CompletedProcess[str]) -> str:
    assert result.returncode == 2, result
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1, result.stderr
    return lines[0]


def test_map_writes_one_page_and_says_what_is_on_it(tmp_path: Path) -> None:
    result = dateline("map", DISPATCH, TABLE, "--published", "2023-08-23", "-o", "out.html", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert "incidents on the map" in result.stderr
    assert result.stdout == ""
    assert [p.name for p in tmp_path.iterdir()] == ["out.html"]


def test_map_is_the_same_bytes_twice(tmp_path: Path) -> None:
    for name in ("a.html", "b.html"):
        dateline("map", DISPATCH, TABLE, "--published", "2023-08-23", "-o", name, cwd=tmp_path)
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def test_exports_read_back_as_the_same_incidents(tmp_path: Path) -> None:
    exports = [f"--export=out.{kind}" for kind in ("csv", "geojson", "gpkg", "parquet")]
    result = dateline("map", DISPATCH, "--published", "2023-08-23", *exports, cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    import geo
    from gazetteer import Gazetteer

    places = Gazetteer.load(user=False)
    frames = [
        geo.read_incidents(tmp_path / f"out.{k}", places) for k in ("csv", "geojson", "gpkg", "parquet")
    ]
    for frame in frames:
        assert sorted(frame["id"]) == sorted(frames[0]["id"])


def test_a_folder_can_be_mapped_into_itself_again_and_again(tmp_path: Path) -> None:
    (tmp_path / "in.csv").write_text("date,place\n2024-01-05,Kyiv\n2024-02-30,Lviv\n", "utf-8")
    arguments = ("map", ".", "-o", "map.html", "--export", "out.csv")
    for _ in range(2):
        result = dateline(*arguments, cwd=tmp_path)
        assert result.returncode == 0, result.stderr
        assert "0 articles, 1 tables" in result.stderr
    assert "2024-02-30" in (tmp_path / "rejects.csv").read_text("utf-8")


def test_review_workflow_read_correct_map(tmp_path: Path) -> None:
    dateline("read", DISPATCH, "--published", "2023-08-23", "-o", "review.csv", cwd=tmp_path)
    result = dateline("map", "review.csv", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "map.html").exists()


def test_read_json_is_one_object_an_article(tmp_path: Path) -> None:
    result = dateline("read", DISPATCH, "--published", "2023-08-23", "--format", "json", cwd=tmp_path)
    reading = json.loads(result.stdout)
    assert set(reading) == {"document", "mentions", "incidents"}
    text = Path(DISPATCH).read_text("utf-8")
    for mention in reading["mentions"]:
        assert text[mention["start"] : mention["end"]] == mention["text"]
    for incident in reading["incidents"]:
        assert text[incident["start"] : incident["end"]] == incident["text"]


def test_where_lists_three_zayliks_and_no_winner(tmp_path: Path) -> None:
    result = dateline("where", "Zaylik", "--country", "AZ", "--format", "json", cwd=tmp_path)
    candidates = json.loads(result.stdout)["candidates"]
    assert {c["id"] for c in candidates} >= {"geonames:584572", "geonames:584610", "geonames:584611"}
    assert max(c["score"] for c in candidates) < 0.5
    assert all(c["why"] for c in candidates)


def test_strict_exits_1_and_keeps_the_rejects(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,date,place\na,2023-02-30,Baku\nb,2023-02-03,Baku\n", "utf-8")
    assert dateline("map", "t.csv", cwd=tmp_path).returncode == 0
    assert dateline("map", "t.csv", "--strict", cwd=tmp_path).returncode == 1
    rejects = (tmp_path / "rejects.csv").read_text("utf-8")
    assert "2023-02-30" in rejects
    assert "2023-02-03" not in rejects


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("missing.txt", None),
        ("empty.txt", b""),
        ("blank.txt", b" \n\t\n"),
        ("binary.txt", bytes(range(256)) * 8),
        ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(1000)),
        ("nothing.csv", b""),
        ("useless.csv", b"colour,taste\nred,sweet\n"),
        ("binary.csv", b"\x00\x01\x02\x03" * 300),
        ("strange.docx", b"PK"),
    ],
)
def test_bad_input_is_one_sentence_and_nothing_is_written(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    (tmp_path / "map.html").write_text("the old map", "utf-8")
    result = dateline("map", DISPATCH, name, cwd=tmp_path)
    assert name in one_sentence(result)
    assert (tmp_path / "map.html").read_text("utf-8") == "the old map"
    assert {p.name for p in tmp_path.iterdir()} <= {name, "map.html"}


@pytest.mark.parametrize("date", ["2023-02-30", "yesterday", "23/08/2023", "2023-13-01", ""])
def test_an_impossible_date_of_publication(tmp_path: Path, date: str) -> None:
    assert "published" in one_sentence(dateline("map", DISPATCH, "--published", date, cwd=tmp_path))


def test_an_output_that_cannot_be_written(tmp_path: Path) -> None:
    assert "nowhere" in one_sentence(dateline("map", DISPATCH, "-o", "nowhere/map.html", cwd=tmp_path))
    (tmp_path / "folder.html").mkdir()
    assert "folder.html" in one_sentence(dateline("map", DISPATCH, "-o", "folder.html", cwd=tmp_path))


def test_an_input_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("id,date,place\na,2023-02-03,Baku\n", "utf-8")
    one_sentence(dateline("map", "t.csv", "--export", "t.csv", cwd=tmp_path))
    assert (tmp_path / "t.csv").read_text("utf-8").startswith("id,date,place")


def test_an_article_in_another_encoding_is_read(tmp_path: Path) -> None:
    text = "KYIV – Shelling hit the centre of Kherson on Monday, the governor said, near the “Fabrika” mall."
    (tmp_path / "a.txt").write_bytes(text.encode("cp1252"))
    result = dateline("read", "a.txt", "--published", "2023-08-23", "--format", "json", cwd=tmp_path)
    reading = json.loads(result.stdout)
    assert "Kherson" in [m["text"] for m in reading["mentions"]]


def test_patterns_in_quotes_are_expanded(tmp_path: Path) -> None:
    for name in ("a1.txt", "a2.txt", "b1.txt"):
        (tmp_path / name).write_text("Shelling hit the centre of Kherson on 3 May 2023.\n", "utf-8")
    result = dateline("read", "a*.txt", "[b]?.txt", "a1.txt", "--format", "json", cwd=tmp_path)
    read = [json.loads(line)["document"]["path"] for line in result.stdout.splitlines()]
    assert read == ["a1.txt", "a2.txt", "b1.txt"]
    assert "c*.txt" in one_sentence(dateline("read", "c*.txt", cwd=tmp_path))


def test_articles_are_written_in_the_format_of_the_ending(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Shelling hit the centre of Kherson on 3 May 2023.\n", "utf-8")
    for name, first in (
        ("x.parquet", b"PAR1"),
        ("x.gpkg", b"SQLite"),
        ("x.kml", b"<?xml"),
        ("x.csv", b"id,"),
    ):
        assert dateline("read", "a.txt", "-o", name, cwd=tmp_path).returncode == 0
        assert (tmp_path / name).read_bytes().startswith(first)


def test_gazetteer_add_info_remove(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text(
        "id,name,lat,lon,feature,country\nlocal:hut-9,Hut Nine of Testing,40.5,45.5,P.PPL,AZ\n", "utf-8"
    )
    assert dateline("gazetteer", "add", "mine.csv", cwd=tmp_path).returncode == 0
    assert "local:hut-9" in dateline("where", "Hut Nine of Testing", cwd=tmp_path).stdout
    assert "mine" in dateline("gazetteer", "info", cwd=tmp_path).stdout
    assert dateline("gazetteer", "remove", "mine", cwd=tmp_path).returncode == 0
    assert "local:hut-9" not in dateline("where", "Hut Nine of Testing", cwd=tmp_path).stdout


def test_map_says_what_a_column_means(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("aa=bb,cc\n2024-01-05,Kyiv\n", "utf-8")
    told = ("--map", "aa=bb=date", "--map", "cc=place")
    checked = dateline("check", "t.csv", *told, "--format", "json", cwd=tmp_path)
    assert json.loads(checked.stdout)["mapping"] == {"aa=bb": "date", "cc": "place"}
    assert dateline("map", "t.csv", *told, cwd=tmp_path).returncode == 0
    for wrong in ("cc", "=place", "cc=nowhere", "dd=place"):
        (tmp_path / "map.html").unlink(missing_ok=True)
        assert one_sentence(dateline("map", "t.csv", "--map", wrong, cwd=tmp_path))
        assert not (tmp_path / "map.html").exists()
