"""KML, read: the files of others."""

import pytest

from geo.errors import TableError
from geo.tables.read import check


def written(tmp_path, text):
    path = tmp_path / "x.kml"
    path.write_text(text, "utf-8")
    return path


def test_kml_of_others(tmp_path, places):
    mark = (
        "<Placemark><name>Shelling &amp; fire</name><description><![CDATA[<b>Two</b> hit]]></description>"
        "<TimeStamp><when>2024-01-05</when></TimeStamp><ExtendedData><SchemaData>"
        '<SimpleData name="killed">2</SimpleData></SchemaData></ExtendedData>{}</Placemark>'
    )
    point = mark.format("<Point><coordinates>30.52,50.45,0</coordinates></Point>")
    line = mark.format("<LineString><coordinates> 30,50 31,51 </coordinates></LineString>")
    head = '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><Folder>'
    path = written(tmp_path, f"{head}{point}{line}{mark.format('')}</Folder></Document></kml>")
    report = check(path, places)
    assert [row.outcome for row in report.rows] == ["accepted", "warned", "rejected"]
    told = report.frame()[["title", "description", "date", "killed", "lat", "lon", "type"]].values.tolist()
    assert told[0] == ["Shelling & fire", "Two hit", "2024-01-05", 2, 50.45, 30.52, "shelling"]
    assert told[1][4:6] == [50.5, 30.5]


@pytest.mark.parametrize("text", ["", "<kml>", "<!DOCTYPE kml [<!ENTITY a 'b'>]><kml>&a;</kml>", "no"])
def test_what_is_no_kml_is_one_sentence(tmp_path, places, text):
    with pytest.raises(TableError, match=r"^x\.kml: "):
        check(written(tmp_path, text), places)
