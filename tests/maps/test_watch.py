"""Keeping a map: rebuilt when an input changes, served to this machine only, reloaded by the open page."""

import http.client
import threading
import time
from pathlib import Path

import pytest

from gazetteer.errors import DatelineError
from maps import watch


@pytest.fixture
def page(tmp_path: Path) -> Path:
    path = tmp_path / "map.html"
    path.write_text("<p>first</p>", "utf-8")
    return path


@pytest.fixture
def server(page: Path):
    server = watch.serve(page)
    yield server
    server.shutdown()
    server.server_close()


def get(server, path: str, host: str = "127.0.0.1") -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(*server.server_address[:2], timeout=10)
    connection.request("GET", path, headers={"Host": host})
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_it_listens_to_this_machine_only(server) -> None:
    assert server.server_address[0] == "127.0.0.1"
    assert get(server, "/map", host="evil.example")[0] == 403


def test_it_serves_the_frame_the_map_and_nothing_else(server, page: Path) -> None:
    assert b"iframe" in get(server, "/")[1]
    assert get(server, "/map?1")[1] == page.read_bytes()
    assert get(server, "/../../etc/passwd")[0] == 404


def test_the_state_changes_with_the_map(server, page: Path) -> None:
    before = get(server, "/state")[1]
    page.unlink()
    page.write_text("<p>second</p>", "utf-8")
    assert get(server, "/state")[1] != before
    assert get(server, "/map")[1] == b"<p>second</p>"


def test_a_change_builds_again_and_a_failed_build_is_told(tmp_path: Path, page: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    (source / "a.csv").write_text("one", "utf-8")
    built: list[str] = []
    said: list[str] = []

    def build() -> None:
        built.append((source / "a.csv").read_text("utf-8"))
        if built[-1] == "spoiled":
            raise DatelineError("a.csv: row 2 cannot be read.")

    def soon(what) -> bool:
        return any(what() or time.sleep(0.05) for _ in range(200))

    watching = threading.Thread(
        target=watch.watch, args=([source], page, build), kwargs={"say": said.append}, daemon=True
    )
    watching.start()
    assert soon(lambda: built == ["one"])
    (source / "a.csv").write_text("spoiled", "utf-8")
    assert soon(lambda: any("row 2 cannot be read" in s for s in said))
    (source / "b.csv").write_text("a second file counts too", "utf-8")
    (source / "a.csv").write_text("mended again", "utf-8")
    assert soon(lambda: built[-1] == "mended again")


def test_what_is_written_into_a_watched_folder_is_no_change(tmp_path: Path) -> None:
    page, table = tmp_path / "map.html", tmp_path / "in.csv"
    table.write_text("one", "utf-8")
    before = watch.stamp([tmp_path], [page])
    page.write_text("<p>first</p>", "utf-8")
    (tmp_path / ".map-x").mkdir()
    assert watch.stamp([tmp_path], [page]) == before
    table.write_text("two!", "utf-8")
    assert watch.stamp([tmp_path], [page]) != before


def test_a_browser_on_the_page_sees_the_new_map(server, page: Path, browser) -> None:
    tab = browser.new_page()
    tab.goto(f"http://127.0.0.1:{server.server_address[1]}/")
    inner = tab.frame_locator("#map")
    inner.get_by_text("first").wait_for()
    tab.wait_for_timeout(700)
    page.write_text("<p>second</p>", "utf-8")
    inner.get_by_text("second").wait_for(timeout=10_000)
    tab.close()
