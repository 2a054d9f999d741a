"""Keep a map up to date: build it again when an input changes, and reload the page that shows it.

The server listens on the loopback address only. It shows the map, unchanged, inside a frame; the page
around it asks now and then whether there is a newer one.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from gazetteer.errors import DatelineError
from geo.tables.rejects import is_rejects
from maps.inputs import written

ADDRESS = "127.0.0.1"
#: Seconds between two looks at the files.
INTERVAL_S = 0.3
#: Of each file: its path, when it changed (nanoseconds), its size (bytes).
Stamp = tuple[tuple[str, int, int], ...]
FRAME = Path(__file__).parent / "static" / "watch.html"


def stamp(paths: Iterable[Path], outputs: Iterable[Path] = ()) -> Stamp:
    """Note when files last changed; a folder stands for what is in it, but for what is written into it."""
    found = []
    own = written(outputs)
    for path in paths:
        for file in sorted(path.iterdir()) if path.is_dir() else [path]:
            if path.is_dir() and (file.resolve() in own or file.name.startswith(".") or is_rejects(file)):
                continue
            try:
                state = file.stat()
            except OSError:
                continue  # gone, or being replaced at this moment
            found.append((str(file), state.st_mtime_ns, state.st_size))
    return tuple(found)


def changes(
    paths: Sequence[Path], last: Stamp, *, outputs: Iterable[Path] = (), interval_s: float = INTERVAL_S
) -> Iterator[None]:
    """Yield once for each change since a stamp, when the files have stood still for one interval."""
    while True:
        time.sleep(interval_s)
        now = stamp(paths, outputs)
        while now != last:
            last = now
            time.sleep(interval_s)
            now = stamp(paths, outputs)
            if now == last:
                yield


def serve(page: Path, *, port: int = 0) -> ThreadingHTTPServer:
    """Serve a map on the loopback address, in the background.

    Parameters
    ----------
    page : Path
        The map; read anew for each request.
    port : int, default 0
        0 takes a free one; ``server_address`` of the result says which.
    """

    class Handler(BaseHTTPRequestHandler):
        """Answers for the frame, the map in it, and the map's state."""

        def do_GET(self) -> None:
            # Other sites' pages may send requests here; only names of this machine are answered.
            if self.headers.get("Host", "").rsplit(":", 1)[0] not in {ADDRESS, "localhost"}:
                self.send_error(403)
            elif self.path == "/":
                self._answer(frame(), "text/html; charset=utf-8")
            elif self.path.split("?")[0] == "/map":
                self._answer(page.read_bytes(), "text/html; charset=utf-8")
            elif self.path == "/state":
                self._answer(str(page.stat().st_mtime_ns).encode(), "text/plain")
            else:
                self.send_error(404)

        def _answer(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("Cache-Control", "no-store")
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing: the terminal belongs to the build."""

    server = ThreadingHTTPServer((ADDRESS, port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@cache
def frame() -> bytes:
    """Read the page around the map."""
    return FRAME.read_bytes()


def watch(
    inputs: Sequence[Path],
    page: Path,
    build: Callable[[], object],
    *,
    say: Callable[[str], None],
    port: int = 0,
    outputs: Sequence[Path] = (),
) -> None:
    """Build a map, serve it, and build it again at each change of its inputs, until interrupted.

    A later build that fails says so in one sentence; the map before it stays.

    Raises
    ------
    DatelineError
        If the first build fails.
    """
    outputs = (page, *outputs)
    before = stamp(inputs, outputs)
    build()
    server = serve(page, port=port)
    say(f"Showing {page} at http://{ADDRESS}:{server.server_address[1]}/ until you press Ctrl+C.")
    try:
        for _ in changes(inputs, before, outputs=outputs):
            try:
                build()
            except DatelineError as error:
                say(f"dateline: {error}")
    finally:
        server.shutdown()
        server.server_close()
