"""Grid references: MGRS, UTM, Plus codes."""

import pytest

from geo.tables.coordinates import read_pair
from geo.tables.read import check, read_incidents


@pytest.mark.parametrize(
    ("cell", "lat", "lon"),
    [
        # Zero points of the grids: the meridian of zone 31 is 3 degrees east, UTM counts from 500 km there.
        ("31N 500000 0", 0, 3), ("31 north 500000 000000", 0, 3), ("31 south 500000 10000000", 0, 3),
        ("UTM 31N E500000 N442300", 4.0016, 3), ("31NEA0000000000", 0, 3), ("31N EA 00000 00000", 0, 3),
        ("6FG22222+", 0.00125, 0.00125), ("6FG22222+22", 0.00006, 0.00006),
    ],
)  # fmt: skip
def test_grids(cell, lat, lon):
    one, two = read_pair(cell)
    assert (one.degrees, two.degrees) == pytest.approx((lat, lon), abs=2e-4)


@pytest.mark.parametrize(
    "cell", ["38TZZ12", "99TNL1234", "38TNL123", "31 500000 0", "8HF5CWC9", "T-34 1234", "CWC9+22"]
)
def test_grids_that_are_none(cell):
    assert read_pair(cell) is None


def test_a_grid_square_is_as_exact_as_it_is_wide():
    assert [read_pair(cell)[0].places for cell in ("38TNL1267", "38TNL123678", "38TNL1234567890")] == [
        2,
        3,
        5,
    ]
    assert read_pair("38TNL1267")[0].degrees == pytest.approx(read_pair("38TNL125675")[0].degrees, abs=0.001)


def test_tables_with_grids_are_recognised(table, places):
    named = table("date,what,MGRS\n2024-01-05,shelling,38TNL1234567890\n", "a.csv")
    content = table("date,what,hm\n2024-01-05,shelling,38TNL1234567890\n", "b.csv")
    parts = table("date,UTM zone,Easting,Northing\n2024-01-05,38T,512348,4567890\n2024-01-05,,1,\n", "c.csv")
    for path in (named, content):
        row = read_incidents(path, places).iloc[0]
        assert (row["lat"], row["lon"]) == pytest.approx((41.26234, 45.14738), abs=1e-4)
    report = check(parts, places)
    assert [row.outcome for row in report.rows] == ["accepted", "rejected"]
    assert report.frame()["lat"].tolist() == pytest.approx([41.26234], abs=1e-4)
