"""Rows of cells, whatever the delimiter and the shape; the way a piece is read makes no difference."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.tables.cells import read_sheet
from geo.tables.columns import count_known

CELL = st.text(st.sampled_from('ab ,"\n#\tж1.;'), max_size=6)


def told(sheet):
    found = []
    for part in sheet.parts(range(len(sheet.header))):
        for at, line in enumerate(part.lines.tolist()):
            cells = [part.column(n)[at].as_py() for n in range(len(sheet.header))]
            found.append((line, cells, part.raw(at), part.notes.get(at)))
    return sheet.header, sheet.encoding, sheet.delimiter, sheet.headed, found


@settings(max_examples=120, deadline=None)
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=30),
    tail=st.sampled_from([b"", b"a,b\n", b'a,"b\nc,d,e\n', b"a,b,c,d", b"\n\n", b"a,b\0,c\n"]),
    ends=st.sampled_from(["\n", "\r\n"]),
    size=st.integers(1, 200),
)
def test_the_size_of_pieces_makes_no_difference(tmp_path_factory, rows, tail, ends, size):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=ends).writerows(
        [["date", "place", "title"], *[["2024", "b", "c"]] * 25, *rows]
    )
    path = tmp_path_factory.mktemp("pieces") / "x.csv"
    path.write_bytes(out.getvalue().encode() + tail)
    whole = told(read_sheet(path, known=count_known))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.tables.encodings.PIECE", size)
        assert told(read_sheet(path, known=count_known)) == whole
        patch.setattr("geo.tables.quick.SHORT", 0)
        assert told(read_sheet(path, known=count_known)) == whole


def test_a_quote_left_open_in_a_long_file_costs_one_row(table, monkeypatch):
    monkeypatch.setattr("geo.tables.records.LONGEST_CELL", 300)
    path = table('date,place\n2024,"Kyiv\n' + "2024,Lviv\n" * 100)
    (part,) = read_sheet(path, known=count_known).parts([0, 1])
    assert len(part) == 101
    assert part.raw(0) == ["2024", "Kyiv"]
    assert list(part.notes) == [0]
