"""What all tests share."""

from pathlib import Path

import pytest

from gazetteer import Gazetteer

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def places() -> Gazetteer:
    """The bundled gazetteer, without what this machine's user added to it."""
    return Gazetteer.load(user=False)


@pytest.fixture(scope="session")
def seeds() -> Path:
    return ROOT / "seeds"


@pytest.fixture(autouse=True, scope="session")
def _own_data_folder(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Keep the user's own layer of the gazetteer out of the tests, and the tests out of it."""
    import os

    os.environ["DATELINE_DATA"] = str(tmp_path_factory.mktemp("data"))
