"""Excel workbooks."""

import pandas as pd
import pytest

from geo.errors import TableError
from geo.tables.read import check


def test_a_workbook_is_read_from_the_sheet_that_looks_like_incidents(tmp_path, places):
    path = tmp_path / "x.xlsx"
    cells = {"Date": [pd.Timestamp("2024-01-05"), pd.Timestamp("2024-02-06 14:30")],
             "Place": ["Kyiv", "Lviv"],
             "Killed": [0, None], "lat": [50.45, None], "lon": [30.52, None]}  # fmt: skip
    with pd.ExcelWriter(path) as book:
        pd.DataFrame({"Read me": ["made up"]}).to_excel(book, sheet_name="About", index=False)
        pd.DataFrame(cells).to_excel(book, sheet_name="Data", index=False)
    report = check(path, places)
    frame = report.frame()
    assert report.file == "x.xlsx (Data)"
    assert frame["date"].tolist() == ["2024-01-05", "2024-02-06"]
    assert frame["killed"].tolist() == [0, pd.NA]
    assert frame["located_by"].tolist() == ["coordinates", "gazetteer"]
    (tmp_path / "y.xlsx").write_bytes(b"PK\x03\x04none")
    with pytest.raises(TableError, match=r"y\.xlsx: it cannot be read as a workbook"):
        check(tmp_path / "y.xlsx", places)
