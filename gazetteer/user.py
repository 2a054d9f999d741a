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
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from gazetteer.build import compile_store
from gazetteer.bulk import Tell, is_bulky
from gazetteer.errors import GazetteerError, GazetteerMissingError
from gazetteer.files import check_dump, placed_within, read_file
from gazetteer.sources import GEONAMES, Record
from gazetteer.store import WORLD, Store, hash_all, open_store, place_store, write_store

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
        Whether it is kept in columns: a dump of millions of places, or a file of their names.
    names : int
        Number of names, of a file that has no places but names for them.
    """

    name: str
    file: str
    places: int
    added: str
    licence: str
    sha256: str
    bulk: bool = False
    names: int = 0


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


def add(files: Sequence[str | Path], *, licence: str = "", progress: Tell | None = None) -> list[Layer]:
    """Add files of places; all of them or, if one cannot be used, none.

    A file of a name that was added before takes its place; the same file again changes nothing.

    Parameters
    ----------
    files : sequence of path
        GeoNames dumps, CSV, GeoJSON; see `gazetteer.files.read_file`.
    licence : str, optional
        Of the data, shown wherever the gazetteer's licences are; GeoNames files have their own.
    progress : callable, optional
        Told in words what is being done, and the share of it that is done (0 to 1) where that is known.

    Returns
    -------
    list of Layer
        One for each file.

    Raises
    ------
    GazetteerError
        If a file cannot be used, naming it, the line and the column; nothing is changed then.
    """
    tell: Tell = progress or (lambda *_: None)
    paths = [Path(file) for file in files]
    stems = [path.stem for path in paths]
    for path, stem in zip(paths, stems, strict=True):
        if stems.count(stem) > 1:
            raise GazetteerError(
                f"Two files are named {stem} ({path.name}): rename one, or add one after another."
            )
    before = {layer.name: layer for layer in layers()}
    held = dict(before)
    try:
        for path in paths:
            tell(f"reading {path.name}")
            held[path.stem] = _kept_layer(path, licence, before.get(path.stem), tell)
        if held != before:
            tell("laying the layers over the world")
            _lay(list(held.values()), tell)
    except BaseException:
        unused = {_layer_file(x) for x in held.values()} - {_layer_file(x) for x in before.values()}
        for kept in unused:
            kept.unlink(missing_ok=True)
        raise
    return [held[stem] for stem in stems]


def _kept_layer(path: Path, licence: str, old: Layer | None, tell: Tell) -> Layer:
    """Read a file and keep what it holds; gives the old layer where that is of the same file."""
    if not path.is_file():
        raise GazetteerMissingError(f"There is no file {path}: give the name of one that exists.")
    bulk = is_bulky(path)
    with ThreadPoolExecutor(1) as beside:  # a long file is hashed while it is read
        digest = beside.submit(_sha256, path)
        if old is not None and old.sha256 == digest.result() and old.licence == (licence or old.licence):
            return old
        records = [] if bulk else read_file(path)
        terms = licence or (GEONAMES if bulk or any(r.source == GEONAMES for r in records) else "")
        now = datetime.now(UTC).isoformat(timespec="seconds")
        names = sum(r.lat is None and r.source == GEONAMES and bool(r.names) for r in records)
        layer = Layer(path.stem, path.name, len(records) - names, now, terms, "", bulk, names)
        if bulk:
            return _keep_bulk(path, layer, digest, tell)
        layer = replace(layer, sha256=digest.result())
    _keep(layer, records)
    return layer


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def _keep_bulk(path: Path, layer: Layer, digest: Future[str], tell: Tell) -> Layer:
    from gazetteer.bulk import keep

    folder = data_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, suffix=".tmp") as work:
        fresh = Path(work) / "kept"
        try:
            places, names = keep(path, fresh, tell)
        except (ValueError, OSError, zipfile.BadZipFile, zlib.error) as error:  # pyarrow's errors are these
            tell(f"looking for what is wrong with {path.name}")
            check_dump(path)
            raise GazetteerError(f"{path.name} cannot be read as a file of GeoNames ({error}).") from error
        layer = replace(layer, places=places, names=names, sha256=digest.result())
        fresh.replace(_layer_file(layer))
    return layer


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


def _lay(held: Sequence[Layer], tell: Tell = lambda *_: None) -> Path:
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
                _compile(base, held, digest, Path(work), folder / store, tell)
    state = {"layers": [asdict(layer) for layer in held], "store": store, "world": version}
    with _replacing(folder / "state.json") as fresh:
        fresh.write_text(json.dumps(state, ensure_ascii=False, indent=1) + "\n", "utf-8")
    needed = {store, *(_layer_file(layer).name for layer in held)}
    for path in folder.iterdir():
        unused = path.name.startswith(("store-", "layer-")) and path.name not in needed
        killed = path.suffix == ".tmp" and path.stat().st_mtime < time.time() - LEFT_OVER
        if unused or killed:
            shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    return folder / store if store else WORLD


def _compile(base: Store, held: Sequence[Layer], digest: str, work: Path, target: Path, tell: Tell) -> None:
    """Lay layers over a store and write what comes of it."""
    from gazetteer.laying import lay, names_of_known

    big = [_layer_file(layer) for layer in held if layer.bulk and not layer.names]
    names = [_layer_file(layer) for layer in held if layer.bulk and layer.names]
    records = [r for layer in held if not layer.bulk for r in _kept(layer)]
    if names:
        tell("gathering names")
        known = np.union1d(base["id_hash"], hash_all([r.id for r in records if r.lat is not None]))
        records += [record for path in names for record in names_of_known(path, known)]
    store = base
    for i, path in enumerate(big):
        (work / f"{i}").mkdir()
        store = lay(store, path, names, work / f"{i}", tell)
    records = [_over_world(base, record) for record in placed_within(records, store)]
    licences = list(
        dict.fromkeys([*base.meta["licences"], *(x.licence for x in held if x.licence not in ("", GEONAMES))])
    )
    stated = {"version": f"{base.meta['version']}+{digest[:12]}", "licences": licences}
    if records or not big:
        write_store(compile_store(records, store, **stated), target)
    else:
        place_store(work / f"{len(big) - 1}", {**store.meta, **stated}, target)


def _over_world(base: Store, record: Record) -> Record:
    """Let a place of the world keep the name it is known by, unless a better source states one in English."""
    row = base.row_of(record.id) if record.source == GEONAMES else -1
    if row < 0:
        return record
    by_geonames = base.meta["source_codes"][base["source"][row]] == GEONAMES
    if record.lat is None and by_geonames:  # a preferred name in English, from alternate names
        return replace(record, source="")
    names = (*record.names, ("", record.name)) if record.name and record.lat is not None else record.names
    return replace(record, name="", names=names, source="")
