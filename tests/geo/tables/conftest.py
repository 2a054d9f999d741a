"""What the tests of tables share."""

import pytest


@pytest.fixture
def table(tmp_path):
    """Write a table, and give its path."""

    def write(text, name="t.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        return path

    return write
