"""The direction of imports, and how little importing costs."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ALLOWED = {
    "gazetteer": {"gazetteer"},
    "geo": {"gazetteer", "geo"},
    "maps": {"gazetteer", "geo", "maps"},
}


def imported(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add((node.module or "").split(".")[0])
    return names


@pytest.mark.parametrize("package", ALLOWED)
def test_a_package_imports_only_to_its_left(package: str) -> None:
    files = sorted((ROOT / package).rglob("*.py"))
    assert files
    for path in files:
        assert imported(path) & set(ALLOWED) <= ALLOWED[package], path


@pytest.mark.parametrize("package", ALLOWED)
def test_importing_does_no_work(package: str) -> None:
    """No import loads the language model, or reaches for the network."""
    code = (
        "import sys, socket\n"
        "def refuse(*a, **k): raise AssertionError('network')\n"
        "socket.socket.connect = refuse\n"
        f"import {package}\n"
        "assert 'spacy' not in sys.modules\n"
        f"assert all(hasattr({package}, name) for name in {package}.__all__)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)


def test_every_module_opens_by_saying_what_it_does() -> None:
    for package in ALLOWED:
        for path in (ROOT / package).rglob("*.py"):
            assert ast.get_docstring(ast.parse(path.read_text("utf-8"))), path
