"""Many articles, read into a file of JSON lines by several processes; a run that was broken off goes on.

Each line is an article as ``dateline read --format json`` prints it, with a digest of what was read. It is
written when the article is done, so that a run that is killed loses the articles in work and no others;
what a file holds already, unchanged, is not read again.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gazetteer import Gazetteer
from gazetteer.errors import DatelineError
from geo.errors import BatchError
from geo.files import replacing

if TYPE_CHECKING:
    from distributed import Client

    from geo.incidents import Reading

#: An article's path, its line if it could be read, and what there is to say of it.
Line = tuple[str, str | None, str | None]
#: An article's path and the day it is said to be of.
Task = tuple[str, str | None]
#: Articles that a process is given at once: one to read and the next, so that it need not wait.
AHEAD = 2
#: Processes that may end one after another without any answer in between; more would end so, too.
FRUITLESS = 3
#: Fewer articles than this are read without starting other processes.
WORTH = 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one article: whether its line was written, and what there is to say of it."""

    path: str
    written: bool
    note: str | None


@dataclass(frozen=True, slots=True)
class Batch:
    """A run over many articles.

    Attributes
    ----------
    output : Path
    left : tuple of Path
        Articles that are still to be read.
    kept : int
        Articles that the output holds already.
    published : str or None
        ISO 8601 date of all of them.
    """

    output: Path
    left: tuple[Path, ...]
    kept: int
    published: str | None = None

    @classmethod
    def prepare(cls, files: Sequence[Path], output: Path, published: str | None = None) -> Batch:
        """See what is left to read.

        Lines of articles that have changed are taken out of the output, and so is half a line at its end.

        Parameters
        ----------
        files : sequence of Path
            As `geo.read_article` reads them.
        output : Path
            Added to if it exists.
        published : str, optional
            ISO 8601 date of all of them.

        Raises
        ------
        BatchError
            If the output holds anything but such lines; it is left as it is.
        """
        wanted = {str(path): _digest(path, published) for path in files}
        kept = _keep(output, wanted)
        return cls(output, tuple(path for path in files if str(path) not in kept), len(kept), published)

    def run(self, jobs: int | None = None) -> Iterator[Outcome]:
        """Read what is left and add it to the output, giving each article when it is done.

        Parameters
        ----------
        jobs : int, optional
            Processes; as many as there are processors, unless few articles are left.

        Yields
        ------
        Outcome
            In the order in which they are done. An article that cannot be read costs no other.
        """
        if not self.left:
            return
        jobs = jobs or (os.cpu_count() or 1 if len(self.left) >= WORTH else 1)
        yield from self._write(_lines(self.left, self.published, jobs))

    def run_on(self, client: Client, places: Gazetteer) -> Iterator[Outcome]:
        """Read what is left on the workers of a cluster, see `geo.cluster.read_each`; else as `run`."""
        from geo.cluster import read_each
        from geo.incidents import Reading

        parts = read_each(self.left, places, client, published=self.published)
        yield from self._write(
            (str(part.path), *_line(part.result, part.path, self.published))
            if isinstance(part.result, Reading)
            else (str(part.path), None, part.error)
            for part in parts
        )

    def _write(self, lines: Iterable[Line]) -> Iterator[Outcome]:
        with self.output.open("a", encoding="utf-8", newline="") as out:
            for path, line, note in lines:
                if line is not None:
                    out.write(line + "\n")
                    out.flush()
                yield Outcome(path, line is not None, note)


def _lines(files: Sequence[Path], published: str | None, jobs: int) -> Iterator[Line]:
    """Read articles: path, its line or None, and what there is to say, as each is done."""
    tasks = [(str(path), published) for path in files]
    if jobs == 1:
        _start()
        yield from map(_read, tasks)
    else:
        yield from _shared_out(tasks, jobs)


def _shared_out(tasks: Sequence[Task], jobs: int) -> Iterator[Line]:
    """Read articles in other processes, each at the end of a pipe; one that is lost loses one article."""
    # Started afresh, as a process that runs threads must not be forked.
    context = multiprocessing.get_context("spawn")
    left = deque(tasks)
    given: dict[Connection, deque[Task]] = {}
    fruitless = 0
    try:
        while left or any(given.values()):
            while left and len(given) < jobs:
                here, there = context.Pipe()
                context.Process(target=_work, args=(there,), daemon=True).start()
                there.close()
                given[here] = deque()
            for depth in range(1, AHEAD + 1):
                for pipe, own in given.items():
                    if left and len(own) < depth:
                        own.append(left.popleft())
                        with suppress(OSError):  # said when it is to answer
                            pipe.send(own[-1])
            ready = wait([pipe for pipe, own in given.items() if own])
            for pipe, own in [(p, own) for p, own in given.items() if p in ready]:
                try:
                    line: Line = pipe.recv()
                except (EOFError, OSError):
                    path, _ = own.popleft()
                    fruitless += 1
                    if fruitless == FRUITLESS:
                        raise BatchError(
                            f"{path}: the process to read it ended, as did those before; try it by itself."
                        ) from None
                    lost = f"{path}: left out, as the process that read it was ended; try it by itself."
                    line = (path, None, lost)
                    left.extendleft(reversed(own))
                    del given[pipe]
                else:
                    own.popleft()
                    fruitless = 0
                yield line
    finally:
        for pipe in given:
            pipe.close()


def _work(pipe: Connection) -> None:
    """Read the articles that come through a pipe until its other end is gone."""
    # A keyboard interrupt reaches every process; the first one sees to the others.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _start()
    with suppress(EOFError, OSError):
        while True:
            pipe.send(_read(pipe.recv()))


_PLACES: list[Gazetteer] = []


def _start() -> None:
    """Load what every article needs, once for each process."""
    from geo.language import load_model

    _PLACES[:] = [Gazetteer.load()]
    load_model()


def _read(task: Task) -> Line:
    from geo.articles import read_article
    from geo.incidents import read
    from geo.language import load_model

    path, published = task
    try:
        article = read_article(path, published=published)
        # The words of an article go with it: over many articles a vocabulary grows without end.
        with load_model().memory_zone():
            return path, *_line(read(article, _PLACES[0]), Path(path), published)
    except DatelineError as error:
        return path, None, str(error)
    except Exception as error:  # noqa: BLE001 - a fault in one article must not cost ten thousand others
        return (
            path,
            None,
            f"{path}: left out for a fault of dateline's own ({type(error).__name__}: {error}).",
        )


def _line(reading: Reading, path: Path, published: str | None) -> tuple[str, str | None]:
    """Line of an article, and what there is to say of it."""
    from geo.incidents import as_json
    from geo.toponyms.tongues import reading_note

    found, note = as_json(reading), reading_note(reading.article.text)
    found["document"] |= {"digest": _digest(path, published)} | ({"note": note} if note else {})
    return json.dumps(found, ensure_ascii=False, allow_nan=False), note and f"{path}: {note}"


def _digest(path: Path, published: str | None) -> str:
    """Sum of what a reading is made from: the file and the day it is said to be of."""
    try:
        data = path.read_bytes()
    except OSError:
        data = b""  # said when it is read
    return hashlib.sha256(f"{published or ''}\n".encode() + data).hexdigest()


def _keep(output: Path, wanted: dict[str, str]) -> set[str]:
    """Take out of a file the lines that no longer hold, and say of which articles the others are."""
    if not output.exists():
        return set()
    kept: dict[str, int] = {}
    size = 0
    with output.open(encoding="utf-8", newline="") as old:
        for size, line in enumerate(old, 1):
            path, digest = _document(line, output, size)
            if digest is not None and wanted.get(path, digest) == digest:
                kept.setdefault(path, size)
    if len(kept) < size:
        numbers = set(kept.values())
        with (
            replacing(output) as fresh,
            output.open(encoding="utf-8", newline="") as old,
            fresh.open("w", encoding="utf-8", newline="") as new,
        ):
            new.writelines(line for number, line in enumerate(old, 1) if number in numbers)
    return kept.keys() & wanted.keys()


def _document(line: str, output: Path, number: int) -> tuple[str, str | None]:
    """Path and digest of the article on a line; none for half a line, which a killed run leaves."""
    if not line.endswith("\n"):
        return "", None
    try:
        document: dict[str, Any] = json.loads(line)["document"]
        return str(document["path"]), str(document["digest"])
    except (ValueError, KeyError, TypeError):
        raise BatchError(
            f"{output}: line {number} is not of an article that dateline read; give another name to write to."
        ) from None
