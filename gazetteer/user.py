"""The user's own layer: files added to the gazetteer, kept apart from it, removable, never half done.

Each added file is a layer of its own in the user's data folder. The layers laid over the bundled world
make one store, the one that is opened; it is written beside the old one and then named in ``state.json``,
which is replaced in one step. A kill at any moment leaves the old state.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gazetteer.build import compile_store
from gazetteer.bulk import is_bulky
from gazetteer.errors import GazetteerError
from gazetteer.files import check_dump, read_file
from gazetteer.gazetteer import forget
from gazetteer.sources import GEONAMES, Record
from gazetteer.store import WORLD, Store, open_store, write_store

#: Seconds after which an unfinished file is what a killed run left.
LEFT_OVER = 3600.0


@dataclass(frozen=True, slots=True)
class Layer:
    """What was added from one file.

    Attributes
    ----------
    name : str
        The file's name without its suffix; what `remove` takes.
    file : str
        The file's name.
    places : int
    added : str
        ISO 8601 date and time, UTC.
    licence : str
    sha256 : str
        Of the file.
    bulk : bool
        Whether it is kept in columns: a dump of millions of places.
    """

    name: str
    file: str
    places: int
    added: str
    licence: str
    sha256: str
    bulk: bool = False


def data_folder() -> Path:
    """Where the user's layers lie: ``$DATELINE_DATA``, else the platform's folder for user data."""
    import platformdirs

    return Path(os.environ.get("DATELINE_DATA") or platformdirs.user_data_path("dateline")) / "gazetteer"


def current_store() -> Path:
    """Folder of the store to open: the bundled world, or it with the user's layers over it.

    Where the bundled world is newer than the one the layers were laid over, they are laid over it anew.
    """
    state = _state()
    if not state["layers"]:
        return WORLD
    folder = data_folder() / str(state["store"])
    if state["world"] == open_store(WORLD).meta["version"] and (folder / "meta.json").is_file():
        return folder
    return _lay([Layer(**layer) for layer in state["layers"]])


def layers() -> list[Layer]:
    """All layers, in the order they were added."""
    return [Layer(**layer) for layer in _state()["layers"]]


def info() -> dict[str, Any]:
    """Count what there is: places, names, licences and the user's layers."""
    store = open_store(current_store())
    return {
        "version": store.meta["version"], "places": store.meta["places"], "names": store.meta["names"],
        "licences": store.meta["licences"], "layers": [asdict(layer) for layer in layers()],
    }  # fmt: skip


def add(
    files: Sequence[str | Path], *, licence: str = "", progress: Callable[[str], None] | None = None
) -> list[Layer]:
    """Add files of places; all of them or, if one cannot be used, none.

    A file of a name that was added before takes its place; the same file again changes nothing.

    Parameters
    ----------
    files : sequence of path
        GeoNames dumps, CSV, GeoJSON; see `gazetteer.files.read_file`.
    licence : str, optional
        Of the data, shown wherever the gazetteer's licences are; GeoNames files have their own.
    progress : callable, optional
        Told in words what is being done.

    Returns
    -------
    list of Layer
        One for each file.

    Raises
    ------
    GazetteerError
        If a file cannot be used, naming it, the line and the column; nothing is changed then.
    """
    tell = progress or (lambda _: None)
    held = {layer.name: layer for layer in layers()}
    added: list[Layer] = []
    changed = False
    for path in map(Path, files):
        tell(f"reading {path.name}")
        bulk = path.is_file() and is_bulky(path)
        records = [] if bulk else read_file(path)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        old = held.get(path.stem)
        if old is not None and old.sha256 == digest and old.licence == (licence or old.licence):
            added.append(old)
            continue
        terms = licence or (GEONAMES if bulk or any(r.source == GEONAMES for r in records) else "")
        now = datetime.now(UTC).isoformat(timespec="seconds")
        layer = Layer(path.stem, path.name, len(records), now, terms, digest, bulk)
        if bulk:
            layer = replace(layer, places=_keep_bulk(path, layer, tell))
        else:
            _keep(layer, records)
        held[path.stem] = layer
        added.append(layer)
        changed = True
    if changed:
        tell("laying the layers over the world")
        _lay(list(held.values()), tell)
    return added


def remove(name: str) -> Layer:
    """Take a layer off the gazetteer.

    Raises
    ------
    GazetteerError
        If there is no layer of that name.
    """
    held = layers()
    gone = next((layer for layer in held if name in (layer.name, layer.file)), None)
    if gone is None:
        names = ", ".join(layer.name for layer in held) or "none"
        raise GazetteerError(f"There is no added layer {name!r}: the layers are {names}.")
    _lay([layer for layer in held if layer is not gone])
    return gone


def _state() -> dict[str, Any]:
    path = data_folder() / "state.json"
    try:
        state: dict[str, Any] = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {"layers": [], "store": "", "world": ""}
    except (ValueError, OSError) as error:
        raise GazetteerError(f"{path} is damaged ({error}): delete it and add your files again.") from error
    return state


def _layer_file(layer: Layer) -> Path:
    return data_folder() / f"layer-{layer.sha256[:16]}.{'arrow' if layer.bulk else 'jsonl.gz'}"


def _keep_bulk(path: Path, layer: Layer, tell: Callable[[str], None]) -> int:
    from gazetteer.bulk import keep

    with _replacing(_layer_file(layer)) as fresh:
        try:
            return keep(path, fresh, tell)
        except (ValueError, OSError) as error:  # pyarrow's errors are these
            tell(f"looking for what is wrong with {path.name}")
            check_dump(path)
            raise GazetteerError(f"{path.name} cannot be read as a GeoNames dump ({error}).") from error


@contextmanager
def _replacing(target: Path) -> Iterator[Path]:
    """Write a file beside its place, and move it there when it is whole."""
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=target.parent, suffix=".tmp")
    os.close(handle)
    try:
        yield Path(name)
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


def _keep(layer: Layer, records: Sequence[Record]) -> None:
    names = [field.name for field in fields(Record)]
    with (
        _replacing(_layer_file(layer)) as fresh,
        gzip.open(fresh, "wt", encoding="utf-8", compresslevel=3) as file,
    ):
        for record in records:
            file.write(json.dumps([getattr(record, name) for name in names], ensure_ascii=False) + "\n")


def _kept(layer: Layer) -> list[Record]:
    names = [field.name for field in fields(Record)]
    records = []
    with gzip.open(_layer_file(layer), "rt", encoding="utf-8") as file:
        for line in file:
            values = dict(zip(names, json.loads(line), strict=True))
            values["names"] = tuple((lang, name) for lang, name in values["names"])
            values["keys"] = tuple(values["keys"])
            records.append(Record(**values))
    return records


def _lay(held: Sequence[Layer], tell: Callable[[str], None] = lambda _: None) -> Path:
    """Lay the layers over the world, make that the current state, and clear away what it no longer needs."""
    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    base = open_store(WORLD)
    version = base.meta["version"]
    store = ""
    if held:
        digest = hashlib.sha256(
            "".join([version, *(f"{x.sha256}{x.licence}" for x in held)]).encode()
        ).hexdigest()
        store = f"store-{digest[:16]}"
        if not (folder / store / "meta.json").is_file():
            with tempfile.TemporaryDirectory(dir=folder, suffix=".tmp") as work:
                write_store(_compiled(base, held, digest, Path(work), tell), folder / store)
    state = {"layers": [asdict(layer) for layer in held], "store": store, "world": version}
    with _replacing(folder / "state.json") as fresh:
        fresh.write_text(json.dumps(state, ensure_ascii=False, indent=1) + "\n", "utf-8")
    forget()
    needed = {store, *(_layer_file(layer).name for layer in held)}
    for path in folder.iterdir():
        unused = path.name.startswith(("store-", "layer-")) and path.name not in needed
        killed = path.suffix == ".tmp" and path.stat().st_mtime < time.time() - LEFT_OVER
        if unused or killed:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return folder / store if store else WORLD


def _compiled(
    base: Store, held: Sequence[Layer], digest: str, work: Path, tell: Callable[[str], None]
) -> Store:
    from gazetteer.bulk import lay

    records: list[Record] = []
    for layer in held:
        for record in _kept(layer) if not layer.bulk else ():
            if record.source == GEONAMES and record.name and base.row_of(record.id) >= 0:
                # A dump knows no English names: a place that is here keeps the name it is known by.
                record = replace(record, name="", names=(*record.names, ("", record.name)), source="")
            records.append(record)
    store = base
    for layer in held:
        if layer.bulk:
            store = lay(store, _layer_file(layer), work, tell)
    licences = list(
        dict.fromkeys([*base.meta["licences"], *(x.licence for x in held if x.licence not in ("", GEONAMES))])
    )
    stated = {"version": f"{base.meta['version']}+{digest[:12]}", "licences": licences}
    if records or store is base:
        return compile_store(records, store, **stated)
    return Store(store.arrays, {**store.meta, **stated})
