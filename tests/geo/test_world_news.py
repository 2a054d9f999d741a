"""Invented reports like those of news agencies: are places all over the world found, and the right ones?

`tests/golden/world/`: reports parted by ``===``; ``[Conakry|GN]`` is a place in that country (none after the
bar: any), ``[Georgia|US/Georgia]`` one whose name is told too, ``[Bath|US.Maine]`` one in that division;
``{Russian|RU}`` may be read or not. `unseen`, `agencies` (as agencies and local papers write) and `outbreaks`
(as Wikinews writes of epidemics) were written after the reader and measured before they were looked at.
"""

import re
from pathlib import Path

import pytest

from gazetteer.names import normalize
from geo.articles import Article
from geo.resolution import locate

FOLDER = Path(__file__).parents[1] / "golden" / "world"
MARK = re.compile(r"([\[{])([^\]}|]+)\|([^\]}]*)[\]}]")


def labelled(report):
    text, labels, last = "", [], 0
    for m in MARK.finditer(report):
        text += report[last : m.start()]
        labels.append((len(text), len(text) + len(m[2]), m[3], m[1] == "["))
        text, last = text + m[2], m.end()
    return text + report[last:], labels


def is_right(place, label):
    where, _, name = label.partition("/")
    country, _, division = where.partition(".")
    return place is not None and (
        not label
        or (
            place.country == country
            and (not name or normalize(place.name) == normalize(name))
            and (not division or division in (place.admin1, place.name))
        )
    )


@pytest.mark.parametrize(
    ("name", "f1", "accuracy"),
    [("dev", 0.96, 0.96), ("unseen", 0.96, 0.95), ("agencies", 0.97, 0.95), ("outbreaks", 0.97, 0.96)],
)
def test_places_of_world_news(places, name, f1, accuracy):
    wanted = met = found = good = right = given = 0
    for report in (FOLDER / f"{name}.txt").read_text("utf-8").split("===\n"):
        text, labels = labelled(report)
        mentions = locate(Article(text), places)
        wanted += sum(must for *_, must in labels)
        met += sum(must and any(m.start < b and a < m.end for m in mentions) for a, b, _, must in labels)
        found += len(mentions)
        good += sum(any(m.start < b and a < m.end for a, b, *_ in labels) for m in mentions)
        answers = locate(Article(text), places, spans=[(a, b) for a, b, *_ in labels])
        given += len(labels)
        right += sum(is_right(m.place, label[2]) for m, label in zip(answers, labels, strict=True))
    precision, recall = good / found, met / wanted
    assert 2 * precision * recall / (precision + recall) >= f1
    assert right / given >= accuracy
