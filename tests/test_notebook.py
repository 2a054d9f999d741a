"""The notebook runs from top to bottom and shows the map inline."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[1]


def test_the_notebook_runs_and_shows_the_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = nbformat.read(ROOT / "notebooks" / "incidents.ipynb", as_version=4)
    assert all(not cell.get("outputs") for cell in notebook.cells), "commit the notebook without outputs"
    (tmp_path / "seeds").symlink_to(ROOT / "seeds")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    NotebookClient(
        notebook, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    outputs = [out for cell in notebook.cells for out in cell.get("outputs", ())]
    pages = [out["data"]["text/html"] for out in outputs if "text/html" in out.get("data", {})]
    assert any("iframe" in page for page in pages)
    assert (tmp_path / "map.html").exists()
