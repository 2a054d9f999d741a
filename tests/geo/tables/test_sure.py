"""Names that leave nothing open are settled as weighing them would."""

from geo.tables.naming import look_up
from geo.tables.sure import settle

ASKED = [("Sotk", "", "", "AM"), ("Zaylik", "", "Kalbajar", "AZ"), ("Zaylik", "", "", "AZ"), ("Tripoli",
"", "", ""),
         ("Kyiv", "", "", "UA"), ("Qwxyzabad", "", "", ""), ("Paris, Texas", "", "", "")]  # fmt: skip


def test_what_is_settled_is_what_weighing_finds(places):
    rows = settle(ASKED, places).tolist()
    weighed = look_up(set(ASKED), places)
    assert [row >= 0 for row in rows] == [True, True, False, False, True, False, False]
    assert all(row in (-1, weighed[one].row) for one, row in zip(ASKED, rows, strict=True))
