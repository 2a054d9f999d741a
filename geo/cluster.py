"""Reading on many machines: each file goes to a worker of a Dask scheduler, what it tells comes back.

A worker reads a file with the code that one process runs (`geo.incidents.read`, `geo.tables.read.check`) and
the same gazetteer, mapped from its own disk or sent there once. All that is read is merged where it was asked
for, by `geo.merging.combine`, since any two rows may be one incident: the result is that of one process.
"""

from __future__ import annotations

import logging
import tempfile
import threading
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from hashlib import blake2b
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gazetteer
from gazetteer import Gazetteer
from gazetteer.errors import DatelineError, GazetteerError
from gazetteer.store import write_store
from geo import incidents
from geo.articles import SUFFIXES, read_article
from geo.errors import ClusterError, TableError
from geo.language import OFFICIAL, load_model
from geo.merging import combine
from geo.tables import read as tables

if TYPE_CHECKING:
    import geopandas
    from distributed import Client, Worker

    from geo.incidents import Reading
    from geo.tables.reports import TableReport

    Result = Reading | TableReport

#: A file and its position among those given.
_File = tuple[int, Path]
#: Seconds to wait for a scheduler to answer, and for its first worker.
PATIENCE_S = 10, 60
#: Bytes of the gazetteer sent in one go.
PIECE = 16 << 20
#: Bytes of files that make a task: a second's work or so, where they are articles.
BATCH = 64 << 10
#: One file at a time in one process: spaCy's pipelines are not made for threads.
_ONE = threading.Lock()


@dataclass(frozen=True, slots=True)
class Part:
    """What became of one file.

    Attributes
    ----------
    at : int
        Its position among the files given, from 0.
    path : Path
        As it was given.
    result : Reading, TableReport or None
        What an article or a table tells; None where it could not be read.
    error : str
        Why not, in one sentence.
    blamed : bool
        Whether the workers that read it died.
    """

    at: int
    path: Path
    result: Result | None
    error: str = ""
    blamed: bool = False


@dataclass(frozen=True, slots=True)
class _Order:
    """What every worker is told: by which gazetteer and which code to read, and how."""

    gazetteer: str
    code: str
    published: str | None
    fields: Mapping[str, str]
    articles: bool


@dataclass(frozen=True, slots=True)
class _Lacking:
    """The answer of a worker that has not got the gazetteer."""

    worker: str


def connect(address: str) -> Client:
    """Connect to a Dask scheduler.

    Parameters
    ----------
    address : str
        Such as ``tcp://host:8786``.

    Raises
    ------
    ClusterError
        If Dask is not installed, or no scheduler answers there.
    """
    try:
        from distributed import Client
    except ImportError:
        raise ClusterError("Dask is not installed here: run `pip install 'dateline[cluster]'`.") from None
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("distributed")]:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what it reports, we say in a sentence
    try:
        return Client(address, timeout=PATIENCE_S[0], set_as_default=False)
    except (OSError, ValueError, RuntimeError, ImportError) as error:
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ClusterError(
            f"{address}: no Dask scheduler answers there ({reason}); start one with `dask scheduler`."
        ) from None


def read_each(
    paths: Iterable[str | Path],
    places: Gazetteer,
    client: Client,
    *,
    published: str | None = None,
    map: Mapping[str, str] | None = None,  # noqa: A002 - the word the command line uses
    articles: bool = True,
) -> Iterator[Part]:
    """Read articles and tables on the workers of a cluster.

    A worker that dies costs the time of what it was at. A file that cannot be read, or whose reading kills
    every worker it is given to, is told of in its `Part`; the rest goes on.

    Parameters
    ----------
    paths : iterable of path
        Files that the workers see under the same path.
    places : gazetteer.Gazetteer
    client : distributed.Client
    published : str, optional
        ISO 8601 date of the articles.
    map : mapping of str to str, optional
        Column to field of the tables, over what is recognised.
    articles : bool, default True
        False to read files such as ``.txt`` as tables too.

    Yields
    ------
    Part
        One for each file, as they get done.

    Raises
    ------
    ClusterError
        If there are no workers, they run another dateline, or the scheduler goes away.
    """
    files = [Path(path) for path in paths]
    order = _Order(places.version, fingerprint(), published, dict(map or {}), articles)
    try:
        client.wait_for_workers(1, timeout=PATIENCE_S[1])
    except TimeoutError:
        raise ClusterError(
            f"The scheduler {_address(client)} has no workers: start some with `dask worker`."
        ) from None
    there = client.run(_has, order.gazetteer, on_error="return")
    _send(client, places, [address for address, has in there.items() if has is False])
    blamed = []
    for part in _gather(client, places, order, list(_batches(files, len(there)))):
        if part.blamed:
            blamed.append(part)
        else:
            yield part
    # Dask blames a worker's death on all that it had been given: who is to blame shows when each is alone.
    for part in sorted(blamed, key=lambda part: part.at):
        yield from _gather(client, places, order, [[(part.at, part.path)]])


def read_incidents(
    paths: Iterable[str | Path],
    places: Gazetteer,
    client: Client,
    *,
    map: Mapping[str, str] | None = None,  # noqa: A002 - the word the command line uses
) -> geopandas.GeoDataFrame:
    """Read incidents from files on the workers of a cluster, as `geo.read_incidents` with ``client`` does.

    Returns
    -------
    geopandas.GeoDataFrame
        As `geo.combine` returns it; ``attrs["unread"]`` says by file why it could not be read.

    Raises
    ------
    ClusterError
        See `read_each`.
    TableError
        If none of the files could be read.
    """
    parts = sorted(read_each(paths, places, client, map=map, articles=False), key=lambda part: part.at)
    unread = {str(part.path): part.error for part in parts if part.result is None}
    if parts and len(unread) == len(parts):
        raise TableError(next(iter(unread.values())))
    for sentence in unread.values():
        warnings.warn(sentence, stacklevel=3)
    frame = combine(*(part.result.frame() for part in parts if part.result is not None))
    if unread:
        frame.attrs["unread"] = unread
    return frame


def _batches(files: Sequence[Path], workers: int) -> Iterator[list[_File]]:
    """Put small files together: a task has its price, and enough tasks keep all workers busy to the end."""
    most = max(1, len(files) // (8 * workers))
    batch: list[_File] = []
    weight = 0
    for at, path in enumerate(files):
        size = path.stat().st_size if path.is_file() else 0
        if batch and (len(batch) == most or weight + size > BATCH):
            yield batch
            batch, weight = [], 0
        batch.append((at, path))
        weight += size
    if batch:
        yield batch


def _gather(
    client: Client, places: Gazetteer, order: _Order, batches: Sequence[Sequence[_File]]
) -> Iterator[Part]:
    """Read batches of files, and tell which of them the workers died of."""
    from distributed import KilledWorker, as_completed

    def submit(some: Sequence[Sequence[_File]]) -> list[Any]:
        named = [[(str(path.absolute()), str(path)) for _, path in batch] for batch in some]
        futures = client.map(_read_all, named, order=order, pure=False)
        asked.update((future.key, batch) for future, batch in zip(futures, some, strict=True))
        return futures

    asked: dict[Any, Sequence[_File]] = {}
    done = as_completed(submit(batches), loop=client.loop, with_results=True, raise_errors=False)
    for future, result in done:
        batch = asked.pop(future.key)
        error = result[1] if future.status == "error" else None
        if isinstance(error, KilledWorker):
            died = "every worker that read it died; it may need more memory than they have."
            yield from (Part(at, path, None, f"{path}: {died}", blamed=True) for at, path in batch)
        elif isinstance(error, DatelineError):
            raise error
        elif future.cancelled():
            raise ClusterError(f"The scheduler {_address(client)} went away: start it and run this again.")
        elif error is not None:
            raise ClusterError(f"The workers cannot run dateline ({error}): install it on all machines.")
        elif isinstance(result, _Lacking):  # it joined after the start
            _send(client, places, [result.worker])
            done.update(submit([batch]))
        else:
            for (at, path), found in zip(batch, result, strict=True):
                yield Part(at, path, None, found) if isinstance(found, str) else Part(at, path, found)


def _address(client: Client) -> str:
    return getattr(client.scheduler, "address", "")


# -- on a worker ----------------------------------------------------------------------------------------


def _read_all(files: Sequence[tuple[str, str]], order: _Order) -> list[Result | str] | _Lacking:
    """Read files, each given by its path here and its name there; a sentence for one that cannot be read."""
    from distributed import get_worker

    worker = get_worker()
    if fingerprint() != order.code:
        raise ClusterError(
            f"The worker {worker.address} runs another dateline, or has another language model, than is "
            "here: install the same on all machines."
        )
    places = _find(order.gazetteer, worker)
    if places is None:
        return _Lacking(worker.address)
    return [_read(Path(path), name, places, order, worker.address) for path, name in files]


def _read(path: Path, name: str, places: Gazetteer, order: _Order, worker: str) -> Result | str:
    """Read a file as one process does."""
    if not path.exists():
        return f"{name}: the worker {worker} does not see {path}; put it where all machines do."
    try:
        with _ONE:
            if order.articles and path.suffix.lower() in SUFFIXES:
                article = read_article(path, published=order.published)
                # The words of an article go with it: over many articles a vocabulary grows without end.
                with load_model().memory_zone():
                    return incidents.read(replace(article, path=name), places)
            return tables.check(path, places, map=order.fields)
    except DatelineError as error:
        return str(error).replace(str(path), name)
    except Exception as error:  # noqa: BLE001 - one bad file is not to cost the others
        return f"{name}: a fault of dateline's own ({type(error).__name__}: {error}); please report it."


def _find(version: str, worker: Worker) -> Gazetteer | None:
    """Open the gazetteer of a version: the world, the user's own on this machine, or what was sent here."""
    for load in (
        lambda: Gazetteer.load(user=False),
        Gazetteer.load,
        lambda: Gazetteer.load(_folder(worker, version)),
    ):
        with suppress(GazetteerError):
            if (found := load()).version == version:  # type: ignore[no-untyped-call]
                return found
    return None


def _folder(worker: Worker, version: str) -> Path:
    """Where a worker keeps a gazetteer sent to it; Dask clears it away with the worker."""
    name = blake2b(version.encode(), digest_size=8).hexdigest()
    return Path(worker.local_directory) / f"gazetteer-{name}"


def _has(version: str, dask_worker: Worker) -> bool:
    return _find(version, dask_worker) is not None


def _keep(version: str, name: str, piece: bytes, *, first: bool, dask_worker: Worker) -> str:
    """Keep a piece of a gazetteer; say what kept it from that."""
    folder = _folder(dask_worker, version)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / name).open("wb" if first else "ab") as file:
            file.write(piece)
    except OSError as error:
        return error.strerror or str(error)
    return ""


def _send(client: Client, places: Gazetteer, workers: Sequence[str]) -> None:
    """Send the gazetteer to workers, in pieces; one that has gone meanwhile is passed over."""
    if not workers:
        return
    with tempfile.TemporaryDirectory(prefix="dateline-") as folder:
        write_store(places.store, Path(folder) / "gazetteer")
        for name, piece, first in _pieces(Path(folder) / "gazetteer"):
            # To reach for a worker that has gone takes Dask half a minute.
            workers = [worker for worker in workers if worker in client.nthreads()]
            if not workers:
                return
            told = client.run(
                _keep, places.version, name, piece, first=first, workers=workers, on_error="return"
            )
            for worker, fault in told.items():
                if isinstance(fault, str) and fault:
                    raise ClusterError(f"The worker {worker} cannot keep the gazetteer ({fault}).")
            workers = [worker for worker in workers if told.get(worker) == ""]


def _pieces(store: Path) -> Iterator[tuple[str, bytes, bool]]:
    """Cut a gazetteer in pieces: file, bytes, whether they begin it."""
    # The description goes last: without it nobody takes the rest for a gazetteer.
    for path in sorted(store.iterdir(), key=lambda path: path.name == "meta.json"):
        with path.open("rb") as file:
            yield path.name, file.read(PIECE), True
            while piece := file.read(PIECE):
                yield path.name, piece, False


@cache
def fingerprint() -> str:
    """Say which code and which language model read here: two machines that agree read alike."""
    digest = blake2b(digest_size=16)
    for package in (Path(gazetteer.__file__).parent, Path(__file__).parent):
        for path in sorted(package.rglob("*")):
            inside = path.relative_to(package)
            if path.is_file() and not {"world", "__pycache__"} & set(inside.parts):
                digest.update(inside.as_posix().encode() + b"\0" + path.read_bytes())
    for name in ("spacy", *OFFICIAL):
        with suppress(metadata.PackageNotFoundError):
            digest.update(f"{name}=={metadata.version(name)}".encode())
    return digest.hexdigest()
