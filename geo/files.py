"""Files: those a pattern names, and writing so that nobody ever finds half of one."""

from __future__ import annotations

import glob
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: str | Path) -> Iterator[Path]:
    """Give a temporary path beside the target, moved into its place when all went well.

    Raises
    ------
    OSError
        If the folder is missing or cannot be written; the old file is untouched.
    """
    target = Path(path)
    with tempfile.TemporaryDirectory(dir=target.parent, prefix=f".{target.stem}-") as folder:
        fresh = Path(folder) / target.name
        yield fresh
        if not (target.is_dir() and fresh.is_dir()):  # a file never takes the place of a folder
            os.replace(fresh, target)  # noqa: PTH105 - Path.replace is the same call
            return
        old = target.rename(Path(folder) / "old")  # a full folder is not replaced in one step
        try:
            fresh.rename(target)
        except OSError:
            old.rename(target)
            raise


def expand(path: str | Path) -> list[Path]:
    """Give the files that a pattern (``*``, ``?``, ``[...]``, ``**``) names, sorted; if none, the path."""
    found = [] if Path(path).exists() else glob.glob(str(path), recursive=True)  # noqa: PTH207 - any path
    return sorted(map(Path, found)) or [Path(path)]


def write_text(path: str | Path, text: str) -> None:
    """Write text as UTF-8, line ends as they are."""
    with replacing(path) as fresh, fresh.open("w", encoding="utf-8", newline="") as file:
        file.write(text)
