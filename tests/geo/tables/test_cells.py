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
    part=st.sampled_from([0, 200, 1 << 20]),
)
def test_the_size_of_pieces_and_parts_makes_no_difference(tmp_path_factory, rows, tail, ends, size, part):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator=ends).writerows(
        [["date", "place", "title"], *[["2024", "b", "c"]] * 25, *rows]
    )
    path = tmp_path_factory.mktemp("pieces") / "x.csv"
    path.write_bytes(out.getvalue().encode() + tail)
    whole = told(read_sheet(path, known=count_known))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("geo.tables.encodings.PIECE", size)
        patch.setattr("geo.tables.cells.BYTES", part)
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


@pytest.mark.parametrize("short", [0, 100_000], ids=["quick", "careful"])
def test_a_quote_left_open_does_not_swallow_the_rows_up_to_the_next_quote(table, monkeypatch, short):
    monkeypatch.setattr("geo.tables.quick.SHORT", short)
    path = table(
        'date,place,title,id\n2024,Kyiv,"open,1\n2024,Lviv,b,2\n2024,Odesa,c,3\n2024,Sumy,"d, e",4\n'
        '2024,Kharkiv,"two\nlines, of, text, here",5\n2024,Dnipro,f,6\n'
    )
    (part,) = read_sheet(path, known=count_known).parts(range(4))
    places = part.column(1).to_pylist()
    assert places == ["Kyiv", "Lviv", "Odesa", "Sumy", "Kharkiv", "Dnipro"]
    assert list(part.notes) == [0]
    assert part.column(2)[4].as_py() == "two\nlines, of, text, here"


@pytest.mark.parametrize("delimiter", [*",;\t|^~¦§"])
def test_any_delimiter(table, delimiter):
    rows = [
        ["date", "place", "title"],
        ["2024-01-05", "Kyiv", "one, two; three"],
        ["2024-01-06", "Lviv", "x"],
    ]
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(rows)
    sheet = read_sheet(table(out.getvalue()), known=count_known)
    assert (sheet.header, sheet.delimiter) == (tuple(rows[0]), delimiter)
    assert [cells for _, cells, _, _ in told(sheet)[-1]] == rows[1:]


@pytest.mark.parametrize("short", [0, 100_000], ids=["quick", "careful"])
@pytest.mark.parametrize(
    "text",
    [
        "'date','place'\n'2024-01-05','Kyiv, \"x\" y'\n".replace('"x" ', ""),
        '"date","place"\n"2024-01-05","Kyiv, \\"y\\" z"\n',
    ],
)
def test_apostrophes_and_backslashes_quote(table, monkeypatch, short, text):
    monkeypatch.setattr("geo.tables.quick.SHORT", short)
    sheet = read_sheet(table(text), known=count_known)
    assert sheet.header == ("date", "place")
    ((_, cells, raw, note),) = told(sheet)[-1]
    assert cells == raw == ["2024-01-05", "Kyiv, y" if "'" in text else 'Kyiv, "y" z']
    assert not note


def test_remarks_may_hold_the_delimiter(table):
    sheet = read_sheet(table("# a, b\ndate,place,title\n# c, d\n2024,Kyiv,#x\n#1,Lviv\n"), known=count_known)
    assert [cells[1] for _, cells, _, _ in told(sheet)[-1]] == ["Kyiv", "Lviv"]
