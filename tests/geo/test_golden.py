"""The labelled dispatches: how well articles they were not written for are read, as a whole.

Scored as the project's measure is: an incident on the map is found when its type is one the label accepts,
its date is equal, and one of its places is the labelled one (same GeoNames id, or within its uncertainty).
"""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from gazetteer.place import Place
from geo.articles import Article
from geo.events.spots import km_between
from geo.incidents import read

GOLDEN = Path(__file__).parents[1] / "golden"


@dataclass(frozen=True)
class Score:
    """Incidents found, missed and false."""

    found: int
    missed: int
    false: int

    @property
    def precision(self):
        return self.found / max(1, self.found + self.false)

    @property
    def f1(self):
        return 2 * self.found / max(1, 2 * self.found + self.missed + self.false)


def is_place(got, label):
    if got is None or label.get("lat") is None:
        return False
    if label.get("geonameid") and got.id.endswith(f":{label['geonameid']}"):
        return True
    there = Place(id="", name="", lat=label["lat"], lon=label["lon"])
    return km_between(got, there) <= max(5, label.get("uncertainty_km") or 5)


def is_event(incident, event):
    labelled = [p for p in event["places"] if p.get("lat") is not None]
    return (
        incident.type in (event.get("accept_types") or [event["type"]])
        and (not event.get("date") or incident.date == event["date"])
        and (not labelled or any(is_place(r.place, p) for r in incident.places for p in labelled))
    )


def score(folder, places):
    found = missed = false = 0
    for file in sorted(folder.glob("*.json")):
        label = json.loads(file.read_text("utf-8"))
        article = Article(file.with_suffix(".txt").read_text("utf-8"), published=label["published"])
        left = [i for i in read(article, places).incidents if i.on_map]
        for event in (e for e in label["events"] if e["map"]):
            hit = next((i for i in left if is_event(i, event)), None)
            if hit is None:
                missed += 1
            else:
                left.remove(hit)
                found += 1
        false += sum(not any(is_event(i, e) for e in label["events"]) for i in left)
    return Score(found, missed, false)


@pytest.mark.parametrize(("folder", "f1", "precision"), [("dev", 0.90, 0.925), ("unseen", 0.62, 0.66)])
def test_dispatches(folder, f1, precision, places, record_property):
    got = score(GOLDEN / folder, places)
    record_property("score", str(got))
    assert got.found + got.missed > 50
    assert got.f1 >= f1, got
    assert got.precision >= precision, got


def names_place(role, name):
    """Whether a place read is the one labelled by its words in the text."""
    words = {role.text.lower(), (role.place.name if role.place else "").lower()}
    return any(name.lower() in w or (w and w in name.lower()) for w in words)


def is_worded(incident, event):
    return (
        incident.type in event["accept_types"]
        and (not event["date"] or incident.date <= event["date"] <= (incident.date_end or incident.date))
        and any(names_place(r, name) for r in incident.places for name in event["places"])
    )


def test_wordings(places, record_property):
    found = missed = false = 0
    for label in json.loads((GOLDEN / "wordings.json").read_text("utf-8")):
        read_ = read(Article(label["text"], published=label["published"]), places).incidents
        left = [i for i in read_ if i.on_map and i.type != "call"]
        for event in label["events"]:
            hit = next((i for i in left if i.date and is_worded(i, event)), None)
            missed, found = missed + (hit is None), found + (hit is not None)
            if hit is not None:
                left.remove(hit)
        false += len(left)
    got = Score(found, missed, false)
    record_property("score", str(got))
    assert got.f1 >= 0.66, got
    assert got.precision >= 0.74, got
