"""Rows to be compared are found by keys: none that comparing all with all would find is missed."""

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from gazetteer.distance import distance_km
from geo.blocking import FAR_KM, day_span, near_pairs

LAT = st.sampled_from([-89.9, -60.0, 0.0, 0.2, 0.27, 40.0, 40.25, 60.0, 89.8]) | st.floats(-90, 90)
LON = st.sampled_from([-180.0, -179.9, 179.9, 0.0, 0.25, 45.0, 45.3]) | st.floats(-180, 180)
ROW = st.fixed_dictionaries(
    {
        "type": st.sampled_from(["shelling", "firing", "call"]),
        "date": st.sampled_from(["2023-08-23", "2023-08-24", "2023-08-26", "2023-08", None]),
        "date_end": st.sampled_from([None, "2023-08-25"]),
        "lat": LAT | st.none(),
        "lon": LON,
        "place": st.sampled_from(["A", "a", "B", None]),
        "place_id": st.sampled_from(["x:1", "x:2", None]),
        "document": st.sampled_from(["a", "b", None]),
    }
)


def may_be_one(a, b):
    spans = day_span(a["date"], a["date_end"]), day_span(b["date"], b["date_end"])
    if None in spans or (a["document"] and a["document"] == b["document"]) or a["type"] != b["type"]:
        return False
    (begin, end), (first, last) = spans
    if begin > last + 1 or first > end + 1:
        return False
    if a["lat"] is None or b["lat"] is None:
        return (
            a["lat"] is b["lat"]
            and bool(a["place"] and b["place"])
            and a["place"].lower() == b["place"].lower()
        )
    same = a["place_id"] is not None and a["place_id"] == b["place_id"]
    return same or distance_km(a["lat"], a["lon"], b["lat"], b["lon"]) <= FAR_KM


@settings(max_examples=200, deadline=None)
@given(st.lists(ROW, min_size=1, max_size=8))
def test_no_pair_is_missed(rows):
    found = list(near_pairs({name: [row[name] for row in rows] for name in rows[0]}))
    assert len(found) == len(set(found))
    want = {(i, j) for j in range(len(rows)) for i in range(j) if may_be_one(rows[i], rows[j])}
    assert want <= set(found)
    assert all(one < other and day_span(rows[one]["date"], None) for one, other in found)


def test_one_document_has_nothing_to_pair():
    row = {"type": "call", "date": str(date(2024, 1, 5)), "date_end": None, "lat": 1.0, "lon": 1.0,
           "place": "A",
           "place_id": None, "document": "a"}  # fmt: skip
    assert not list(near_pairs({name: [value] * 1000 for name, value in row.items()}))
