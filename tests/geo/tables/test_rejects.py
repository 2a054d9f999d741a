"""Rows left out: kept verbatim, each kind of table in a file that reads as the table did."""

from geo.tables.read import check, write_rejects

ACLED = (
    "event_id_cnty,event_date,event_type,sub_event_type,actor1,location,latitude,longitude\n"
    "A1,2024-02-30,Battles,Armed clash,X,Kyiv,50.4,30.5\n"
)


def test_tables_with_other_headers_go_into_files_of_their_own(table, tmp_path, places):
    reports = [
        check(table("date,place\n2024-02-30,Kyiv\n", "a.csv"), places),
        check(table(ACLED, "b.csv"), places),
        check(table("date,place\n2024-04-31,Lviv\n", "c.csv"), places),
    ]
    written = write_rejects(tmp_path / "rejects.csv", reports)
    assert written == {tmp_path / "rejects.csv": 2, tmp_path / "rejects-b.csv": 1}
    again = {path: check(path, places) for path in written}
    assert [one.schema for one in again.values()] == [None, "ACLED"]
    assert [len(one.rows) for one in again.values()] == [2, 1]
    assert again[tmp_path / "rejects-b.csv"].mapping == reports[1].mapping


def test_rows_mended_by_hand_are_not_written_over(table, tmp_path, places):
    report = check(table("date,place\n2024-02-30,Kyiv\n", "a.csv"), places)
    mended = table("date,place\n2024-02-28,Kyiv\n", "rejects.csv")
    assert list(write_rejects(mended, [report], inputs=[mended])) == [tmp_path / "rejects-a.csv"]
    assert "2024-02-28" in mended.read_text("utf-8")


def test_rejects_of_rejects_have_no_columns_twice(table, tmp_path, places):
    path = table("date,place\n2024-02-30,Kyiv\n", "a.csv")
    write_rejects(tmp_path / "one.csv", [check(path, places)])
    write_rejects(tmp_path / "two.csv", [check(tmp_path / "one.csv", places)])
    assert (tmp_path / "two.csv").read_text("utf-8").splitlines()[0] == (
        "date,place,rejected from,rejected row,rejected because"
    )


def test_tags_are_written_again(table, tmp_path, places):
    text = "Cuando,Donde,Que\n#date,#loc+name,#event\n2024-02-30,Cali,protesta\n"
    write_rejects(tmp_path / "r.csv", [check(table(text), places)])
    back = check(tmp_path / "r.csv", places)
    assert back.mapping == {"Cuando": "date", "Donde": "place", "Que": "type"}
    assert len(back.rows) == 1


def test_a_reviewed_table_of_our_own_is_known_again(table, tmp_path, places):
    text = "id,type,status,place,date\n1,clash,reported,Kyiv,2024-02-30\n"
    write_rejects(tmp_path / "r.csv", [check(table(text), places)])
    assert check(tmp_path / "r.csv", places).schema == "dateline"
