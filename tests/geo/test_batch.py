"""Many articles into one file of lines: nothing lost, nothing read twice, bad ones said."""

import json
import multiprocessing
import operator
import os
import subprocess
import sys
import threading
import time

import pytest

from geo.batch import Batch
from geo.errors import BatchError

TEXTS = {
    "a.txt": "Shells hit a market in Kharkiv on Tuesday, killing two people.",
    "b.txt": "Police fired tear gas at protesters in Nairobi on Monday.",
    "c.txt": "The ministers met in Geneva.",
}


@pytest.fixture
def folder(tmp_path):
    for name, text in TEXTS.items():
        (tmp_path / name).write_text(text, "utf-8")
    return tmp_path


def files(folder):
    return sorted(folder.glob("*.txt"))


def lines(output):
    return {json.loads(line)["document"]["path"]: line for line in output.read_text("utf-8").splitlines()}


def test_each_article_is_a_line(folder):
    batch = Batch.prepare(files(folder), folder / "out.jsonl", "2023-08-23")
    outcomes = list(batch.run())
    assert [o.written for o in outcomes] == [True] * 3
    found = json.loads(lines(folder / "out.jsonl")[str(folder / "a.txt")])
    assert found["document"]["published"] == "2023-08-23"
    assert [m["text"] for m in found["mentions"]] == ["Kharkiv"]
    assert found["incidents"][0]["killed"] == 2


def test_a_run_broken_off_goes_on(folder):
    output = folder / "out.jsonl"
    run = Batch.prepare(files(folder), output).run()
    next(run)  # one article is done
    run.close()
    with output.open("a", encoding="utf-8") as out:
        out.write('{"document": {"path"')  # and half of the next is written
    again = Batch.prepare(files(folder), output)
    assert (again.kept, len(again.left)) == (1, 2)
    list(again.run())
    assert set(lines(output)) == {str(path) for path in files(folder)}
    assert Batch.prepare(files(folder), output).left == ()


def test_what_has_changed_is_read_again(folder):
    output = folder / "out.jsonl"
    list(Batch.prepare(files(folder), output).run())
    (folder / "c.txt").write_text("The ministers met in Vienna.", "utf-8")
    batch = Batch.prepare(files(folder), output)
    assert [path.name for path in batch.left] == ["c.txt"]
    list(batch.run())
    assert len(output.read_text("utf-8").splitlines()) == 3
    assert "Vienna" in lines(output)[str(folder / "c.txt")]
    assert len(Batch.prepare(files(folder), output, "2023-08-23").left) == 3


def test_a_bad_article_costs_no_other(folder):
    (folder / "d.txt").write_bytes(b"")
    outcomes = list(Batch.prepare(files(folder), folder / "out.jsonl").run())
    bad = [o for o in outcomes if not o.written]
    assert len(outcomes) == 4
    assert [o.note for o in bad] == [
        f"{folder / 'd.txt'}: the file is empty; give a file with an article in it."
    ]


def test_two_processes_write_what_one_does(folder):
    one, two = folder / "one.jsonl", folder / "two.jsonl"
    list(Batch.prepare(files(folder), one).run(jobs=1))
    list(Batch.prepare(files(folder), two).run(jobs=2))
    assert lines(one) == lines(two)


def test_a_file_of_something_else_is_left_alone(folder):
    output = folder / "out.jsonl"
    output.write_text("id,place\n1,Kharkiv\n", "utf-8")
    with pytest.raises(BatchError, match="line 1"):
        Batch.prepare(files(folder), output)
    assert output.read_text("utf-8") == "id,place\n1,Kharkiv\n"


def test_an_article_in_another_language_says_what_is_not_read(folder):
    (folder / "d.txt").write_text("Президент встретился в Москве с послом, и они говорили о мире.", "utf-8")
    list(Batch.prepare([folder / "d.txt"], folder / "out.jsonl").run())
    (line,) = lines(folder / "out.jsonl").values()
    assert "Russian" in json.loads(line)["document"]["note"]


def test_workers_end_without_a_word_when_the_first_process_is_killed(folder):
    for n in range(400):
        (folder / f"more{n}.txt").write_text(TEXTS["a.txt"] * 20, "utf-8")
    output = folder / "out.jsonl"
    code = (
        "import sys; from pathlib import Path; from geo.batch import Batch\n"
        "if __name__ == '__main__':\n"
        "    files = sorted(Path(sys.argv[1]).glob('*.txt'))\n"
        "    list(Batch.prepare(files, Path(sys.argv[2])).run(jobs=2))\n"
    )
    script = folder / "run.py"
    script.write_text(code, "utf-8")
    run = subprocess.Popen(
        [sys.executable, str(script), str(folder), str(output)],
        stderr=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )
    while run.poll() is None and not (output.exists() and output.stat().st_size):
        time.sleep(0.02)
    run.kill()
    # The workers have the same standard error: it ends when the last of them does.
    _, said = run.communicate(timeout=60)
    assert said.decode() == ""
    assert len(lines(output)) < 400


def test_a_process_that_is_lost_loses_one_article(folder):
    for n in range(30):
        (folder / f"more{n}.txt").write_text(TEXTS["a.txt"] * 20, "utf-8")
    run = Batch.prepare(files(folder), folder / "out.jsonl").run(jobs=2)
    outcomes = [next(run) for _ in range(3)]
    multiprocessing.active_children()[0].kill()
    outcomes += list(run)
    assert len(outcomes) == 33
    lost = [o for o in outcomes if not o.written]
    assert len(lost) <= 1
    assert all("left out, as the process that read it was ended" in str(o.note) for o in lost)
    assert len(lines(folder / "out.jsonl")) == 33 - len(lost)


def test_a_process_that_is_lost_before_its_first_answer_loses_one_article(folder):
    for n in range(30):
        (folder / f"more{n}.txt").write_text(TEXTS["a.txt"], "utf-8")
    run = Batch.prepare(files(folder), folder / "out.jsonl").run(jobs=2)
    killer = threading.Timer(0.3, lambda: multiprocessing.active_children()[0].kill())  # still loading
    killer.start()
    outcomes = list(run)
    killer.join()
    assert len(outcomes) == 33
    assert sum(not o.written for o in outcomes) <= 1


def test_processes_that_all_end_end_the_run(folder, monkeypatch):
    for n in range(10):
        (folder / f"more{n}.txt").write_text(TEXTS["a.txt"], "utf-8")
    monkeypatch.setattr("geo.batch._work", operator.truth)
    with pytest.raises(BatchError, match="try it by itself"):
        list(Batch.prepare(files(folder), folder / "out.jsonl").run(jobs=2))
