"""README's code runs, and names only commands and options that exist."""

import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.main import get_command

from maps.cli import app

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")


@pytest.fixture
def sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(ROOT / "seeds", tmp_path / "seeds")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_python_blocks_run(sample: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert len(blocks) >= 2
    scope: dict[str, object] = {}
    for block in blocks:
        exec(block, scope)  # noqa: S102
    assert (sample / "map.html").stat().st_size > 100_000


def test_console_blocks_name_real_commands(sample: Path) -> None:
    lines = re.findall(r"^\$ (dateline .*)$", README, re.MULTILINE)
    assert lines
    for line in lines:
        with pytest.raises(SystemExit) as stop:
            app(args=shlex.split(line)[1:])
        assert stop.value.code == 0, line
    assert (sample / "map.html").exists()


def test_every_command_is_in_the_readme() -> None:
    for name in get_command(app).commands:  # type: ignore[attr-defined]
        assert f"dateline {name}" in README


def test_pictures_and_files_named_are_there() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
