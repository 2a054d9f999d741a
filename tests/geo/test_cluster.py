"""Reading on a cluster, on a real scheduler with worker processes: the same rows, whatever dies or is bad."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import geopandas
import pytest

import geo
from gazetteer import Gazetteer
from gazetteer.build import compile_store
from gazetteer.sources import Record
from gazetteer.store import write_store
from geo import cluster, incidents
from geo.errors import ClusterError, TableError
from geo.frame import COLUMNS
from maps import cli

pytest.importorskip("dask_geopandas")
distributed = pytest.importorskip("distributed")

ROOT = Path(__file__).parents[2]
TOWNS = ("Baku", "Yerevan", "Tbilisi", "Lachin", "Goris", "Kapan")


@pytest.fixture(scope="module")
def scheduler(tmp_path_factory: pytest.TempPathFactory) -> Iterator[distributed.LocalCluster]:
    import dask

    # One death condemns a task: what is read alone afterwards has to mend it.
    options = {"distributed.scheduler.allowed-failures": 0, "distributed.comm.timeouts.connect": "10s"}
    with (
        dask.config.set(options),
        distributed.LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            local_directory=str(tmp_path_factory.mktemp("dask")),
            memory_limit=0,
        ) as local,
    ):
        yield local


@pytest.fixture
def client(scheduler: distributed.LocalCluster) -> Iterator[distributed.Client]:
    with distributed.Client(scheduler, set_as_default=False) as connected:
        connected.wait_for_workers(2, timeout=60)
        yield connected


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Articles and tables that tell one thing several times, in a folder named by relative paths."""
    articles, tables = tmp_path / "articles", tmp_path / "tables"
    articles.mkdir()
    tables.mkdir()
    for name in ("01", "02", "03"):
        shutil.copy(ROOT / "tests" / "golden" / "dev" / f"{name}.txt", articles)
    for number in range(40):  # so many that some share a task
        rows = [
            f"{number}-{at},2020-10-{number % 3 + 1:02},shelling,{town},Shells hit {town} {at},{number}"
            for at, town in enumerate(TOWNS)
        ]
        (tables / f"{number:02}.csv").write_text(
            "\n".join(["id,date,type,place,title,source", *rows]), "utf-8"
        )
    monkeypatch.chdir(tmp_path)
    return tmp_path


def as_bytes(frame: geopandas.GeoDataFrame, folder: Path) -> bytes:
    """Sort the rows of a frame and write them down."""
    path = folder / "frame.parquet"
    geo.write_incidents(frame.sort_values(list(COLUMNS), ignore_index=True), path)
    return path.read_bytes()


def here(paths: list[Path], places: Gazetteer, published: str | None = None) -> geopandas.GeoDataFrame:
    """Read articles in this process."""
    read = [incidents.read(geo.read_article(path, published=published), places) for path in paths]
    return geo.combine(*(reading.frame() for reading in read))


def test_tables_give_the_rows_of_one_process(
    corpus: Path, client: distributed.Client, places: Gazetteer
) -> None:
    alone = geo.read_incidents("tables/*.csv", places)
    spread = geo.read_incidents("tables/*.csv", places, client=client)
    assert 0 < len(alone) < 240  # some were told in several tables
    assert as_bytes(spread, corpus) == as_bytes(alone, corpus)
    assert list(spread.attrs["report"]) == list(alone.attrs["report"])
    assert spread.attrs["near_duplicates"] == alone.attrs["near_duplicates"]
    assert "unread" not in spread.attrs


@pytest.mark.usefixtures("corpus")
def test_articles_give_the_readings_of_one_process(client: distributed.Client, places: Gazetteer) -> None:
    paths = sorted(Path("articles").glob("*.txt"))
    parts = sorted(cluster.read_each(paths, places, client, published="2023-08-23"), key=lambda p: p.at)
    assert [part.path for part in parts] == paths
    alone = [incidents.read(geo.read_article(path, published="2023-08-23"), places) for path in paths]
    assert [part.result for part in parts] == alone


def test_a_worker_killed_in_mid_run_costs_no_row_and_a_gazetteer_goes_where_it_is_not(
    corpus: Path, client: distributed.Client, tmp_path: Path
) -> None:
    records = [
        Record(f"geonames:{n}", name, 40.0 + n / 10, 45.0, (), "P.PPL", "AZ")
        for n, name in enumerate(TOWNS, 1)
    ]
    write_store(compile_store(records, version="of this test", licences=[]), tmp_path / "gazetteer")
    places = Gazetteer.load(tmp_path / "gazetteer")
    paths = [*sorted(Path("articles").glob("*.txt")), *sorted(Path("tables").glob("*.csv"))]
    alive = client.run(os.getpid)
    parts = []
    for part in cluster.read_each(paths, places, client):
        if not parts:
            os.kill(next(iter(alive.values())), signal.SIGKILL)
        parts.append(part)
    assert [part.error for part in parts if part.result is None] == []
    assert sorted(part.at for part in parts) == list(range(len(paths)))
    spread = geo.combine(*(part.result.frame() for part in parts if part.result is not None))
    tables = [geo.read_incidents(path, places) for path in paths if path.suffix == ".csv"]
    alone = geo.combine(here([p for p in paths if p.suffix == ".txt"], places), *tables)
    assert as_bytes(spread, corpus) == as_bytes(alone, corpus)


class Deadly(distributed.WorkerPlugin):
    """Makes one file fatal to the process that reads it, as one is that needs more memory than there is."""

    def setup(self, worker: object) -> None:  # noqa: ARG002 - what Dask calls
        from geo.tables import read

        check = read.check

        def fatal(path: str, *args: object, **options: object) -> object:
            if str(path).endswith("deadly.csv"):
                os._exit(1)
            return check(path, *args, **options)

        read.check = fatal


def test_bad_files_are_told_of_and_the_rest_is_read(
    corpus: Path, client: distributed.Client, places: Gazetteer
) -> None:
    Path("tables/binary.csv").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(99))
    Path("tables/deadly.csv").write_text("id,date,place\n1,2020-01-01,Baku\n", "utf-8")
    good = sorted(Path("tables").glob("[0-9]*.csv"))
    import cloudpickle

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    client.register_plugin(Deadly(), name="deadly")
    try:
        with pytest.warns(UserWarning, match=r"\.csv: ") as told:
            spread = geo.read_incidents("tables/*.csv", places, client=client)
    finally:
        client.unregister_worker_plugin("deadly")
        client.restart()
        cloudpickle.unregister_pickle_by_value(sys.modules[__name__])
    assert as_bytes(spread, corpus) == as_bytes(geo.read_incidents(good, places), corpus)
    assert set(spread.attrs["unread"]) == {"tables/binary.csv", "tables/deadly.csv"}
    assert "every worker that read it died" in spread.attrs["unread"]["tables/deadly.csv"]
    assert sorted(str(warning.message) for warning in told) == sorted(spread.attrs["unread"].values())
    for path, sentence in spread.attrs["unread"].items():
        assert Path(path).name in sentence
        assert "\n" not in sentence


@pytest.mark.usefixtures("corpus")
def test_where_no_file_can_be_read_the_first_reason_is_raised(
    client: distributed.Client, places: Gazetteer
) -> None:
    for name in ("empty.csv", "void.csv"):
        Path(name).write_text("", "utf-8")
    with pytest.raises(TableError, match=r"^empty\.csv: "):
        geo.read_incidents(["empty.csv", "void.csv"], places, client=client)


@pytest.mark.usefixtures("corpus")
def test_workers_with_another_dateline_are_refused(
    client: distributed.Client, places: Gazetteer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "fingerprint", lambda: "another")
    with pytest.raises(ClusterError, match="another dateline"):
        list(cluster.read_each(["tables/00.csv"], places, client))


def test_no_scheduler_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "PATIENCE_S", (0.5, 1))
    for address in ("tcp://127.0.0.1:9", "nonsense://x", ""):
        with pytest.raises(ClusterError, match="no Dask scheduler answers") as stop:
            cluster.connect(address)
        assert "\n" not in str(stop.value)


def dateline(*arguments: str) -> int:
    with pytest.raises(SystemExit) as stop:
        cli.main(list(arguments))
    return int(stop.value.code or 0)


@pytest.mark.usefixtures("corpus")
def test_the_command_line_writes_on_a_cluster_what_it_writes_alone(
    scheduler: distributed.LocalCluster, capsys: pytest.CaptureFixture[str]
) -> None:
    spread = ("--scheduler", scheduler.scheduler_address)
    published = ("--published", "2023-08-23")
    for name, options in (("alone", ()), ("spread", spread)):
        assert dateline("map", "articles", "tables/0?.csv", *published, "-o", f"{name}.html", *options) == 0
    assert Path("spread.html").read_bytes() == Path("alone.html").read_bytes()
    assert capsys.readouterr().out == ""


def test_the_command_line_writes_folders_of_geoparquet(
    corpus: Path, scheduler: distributed.LocalCluster, places: Gazetteer, capsys: pytest.CaptureFixture[str]
) -> None:
    import dask
    import dask_geopandas

    (corpus / "articles" / "poisoned.txt").write_bytes(bytes(range(256)) * 9)
    spread = ("--scheduler", scheduler.scheduler_address)
    assert dateline("read", "articles/*.txt", *spread, "-o", "parts") == 1
    told = capsys.readouterr().err.splitlines()
    assert "poisoned.txt" in told[0]
    assert told[1].startswith("1 of 4 files could not be read")
    assert dateline("map", "articles/*.txt", *spread, "-o", "incidents.parquet", "--strict") == 1
    for name, options in (("alone.jsonl", ()), ("spread.jsonl", spread)):
        assert dateline("read", "articles/*.txt", "-o", name, *options) == 1
    lines = [sorted(Path(name).read_text("utf-8").splitlines()) for name in ("alone.jsonl", "spread.jsonl")]
    assert len(lines[0]) == 3
    assert lines[0] == lines[1]
    alone = here(sorted(Path("articles").glob("0*.txt")), places)
    for folder in ("parts", "incidents.parquet"):
        assert Path(folder).is_dir()
        assert as_bytes(geopandas.read_parquet(folder), corpus) == as_bytes(alone, corpus)
        with dask.config.set(scheduler="synchronous"):
            assert as_bytes(dask_geopandas.read_parquet(folder).compute(), corpus) == as_bytes(alone, corpus)
