"""What each incident says: actors, source, status, weapon, casualties and times beside the labels.

``python -m benchmarks.attributes [--verbose] [FOLDER...]``: reads the labelled dispatches of folders and
prints, for the incidents that match a label (type, date and one place, as the reading is scored), the share
whose attributes agree. A name counts by its head: "the Sudanese army" for "Sudan's army". ``--verbose``
prints every disagreement with the sentence.
"""

from __future__ import annotations

import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gazetteer import Gazetteer
from gazetteer.place import Place
from geo.articles import Article
from geo.events.spots import km_between
from geo.frame import Incident
from geo.incidents import read

Label = dict[str, Any]

#: What our statuses are called by labels that have none of ours.
STATUSES = {"alleged": "claimed", "claimed": "claimed", "contested": "contested"}

#: Short for words whose heads are compared.
ABBREVIATIONS = {"mod": "ministry", "moi": "ministry", "mfa": "ministry", "defence": "defense"}
_SMALL = frozenset({"the", "a", "an", "some", "about", "around", "its", "their", "of", "and", "or"})
_CUT = re.compile(r"\s+(?:of|in|from|for|at|on|with|near|to|by|who|that)\s+|[,(]")


def words_of(name: str) -> list[str]:
    """Return the words of a name in small letters, singular, without articles."""
    found = re.findall(r"[^\W_]+", name.lower().replace("’", "'").replace("'s ", " "))
    plain = [w.removesuffix("s") if len(w) > 3 else w for w in found if w not in _SMALL]
    return [ABBREVIATIONS.get(w, w) for w in plain]


def head_of(name: str) -> str:
    """Return the head of a name: the last word before "of", "in" or a comma."""
    return (words_of(_CUT.split(name)[0]) or words_of(name) or [""])[-1]


def initials_of(name: str) -> str:
    """Return the initials of a name: "rsf" for the Rapid Support Forces."""
    return "".join(w[0] for w in re.findall(r"[^\W_]+", name.lower()) if w not in _SMALL)


def is_same(ours: str, label: str) -> bool:
    """Whether two names have the head of one in the other, or one is the initials of the other."""
    if head_of(label) in words_of(ours) or head_of(ours) in words_of(label):
        return True
    short = {a for a in words_of(ours) if a in initials_of(label)} if len(label.split()) > 1 else set()
    back = {a for a in words_of(label) if a in initials_of(ours)} if len(ours.split()) > 1 else set()
    return any(len(a) > 2 for a in short | back)


def is_event(incident: Incident, label: Label) -> bool:
    """Whether an incident is the labelled one: type, date, one of its places."""

    def is_place(got: Place | None, place: Label) -> bool:
        if got is None:
            return False
        if place.get("geonameid") and got.id.endswith(f":{place['geonameid']}"):
            return True
        there = Place(id="", name="", lat=place["lat"], lon=place["lon"])
        return km_between(got, there) <= max(5, place.get("uncertainty_km") or 5)

    places = [p for p in label["places"] if p.get("lat") is not None]
    return (
        incident.type in (label.get("accept_types") or [label["type"]])
        and (not label.get("date") or incident.date == label["date"])
        and (not places or any(is_place(r.place, p) for r in incident.places for p in places))
    )


def pairs(folder: Path, gazetteer: Gazetteer) -> Iterator[tuple[str, Incident, Label]]:
    """Yield the incidents of a folder's dispatches that match a label, each with it."""
    for file in sorted(folder.glob("*.json")):
        gold = json.loads(file.read_text("utf-8"))
        article = Article(file.with_suffix(".txt").read_text("utf-8"), published=gold["published"])
        left = [i for i in read(article, gazetteer).incidents if i.on_map]
        for label in (e for e in gold["events"] if e["map"]):
            if (found := next((i for i in left if is_event(i, label)), None)) is not None:
                left.remove(found)
                yield f"{folder.name}/{file.stem}", found, label


def span_of(value: Any) -> tuple[int, int] | None:  # noqa: ANN401 - a number, two, or none, of JSON
    """Return a labelled number as its two ends."""
    if value is None:
        return None
    low, high = value if isinstance(value, list) else (value, value)
    return low, high


def judge(ours: Incident, label: Label) -> Iterator[tuple[str, bool, object, object]]:
    """Yield what is judged of an incident: attribute, whether it agrees, ours, the label's."""
    for key in ("killed", "wounded"):
        got = getattr(ours, key)
        have = ours.ranges.get(key, (got, got)) if got is not None else None
        want = span_of(label["casualties"][key])
        yield f"{key}, {'told' if want else 'not told'}", have == want, have, want
    status = label.get("our_status") or STATUSES.get(label["status"], "reported")
    yield "status", ours.status == status, ours.status, status
    named = [a["name"] for a in label["actors"] if a.get("role") != "source"]
    for name in named:
        yield "actors: labelled, found", any(is_same(a, name) for a in ours.actors), ours.actors, name
    for actor in ours.actors if named else ():
        yield "actors: ours, labelled", any(is_same(actor, name) for name in named), actor, named
    if label["source"] == "article":
        yield "source, the article", ours.source is None, ours.source, None
    elif label["source"]:
        told = re.split(r"[;,]\s*", label["source"])
        right = ours.source is not None and any(is_same(ours.source, s) for s in told)
        yield "source, named", right, ours.source, label["source"]
    if label["weapon"]:
        weapons = re.split(r"[;,]\s*|\s+and\s+", label["weapon"])
        right = ours.weapon is not None and any(is_same(ours.weapon, w) for w in weapons)
        yield "weapon, named", right, ours.weapon, label["weapon"]
    else:
        yield "weapon, not named", ours.weapon is None, ours.weapon, None
    clock = label["time"] or {}
    wanted = clock.get("start"), clock.get("end")
    if any(wanted):
        yield "time, told", (ours.time, ours.time_end) == wanted, (ours.time, ours.time_end), wanted
    else:
        yield "time, not told", ours.time is None, ours.time, None
    last = label["date_end"]
    yield f"date_end, {'told' if last else 'not told'}", ours.date_end == last, ours.date_end, last


def main(folders: list[Path], *, verbose: bool = False) -> None:
    """Print the share that agrees, attribute by attribute."""
    gazetteer = Gazetteer.load(user=False)
    count: dict[str, list[bool]] = defaultdict(list)
    matched = 0
    for folder in folders:
        for name, ours, label in pairs(folder, gazetteer):
            matched += 1
            for attribute, right, got, want in judge(ours, label):
                count[attribute].append(right)
                if verbose and not right:
                    print(
                        f"{name} {attribute}: {got!r} for {want!r} | {' '.join((ours.quote or '').split())}"
                    )
    print(
        f"{matched} incidents matched in {', '.join(map(str, folders))}\n\n| attribute | agree | of | share |"
    )
    print("| --- | --- | --- | --- |")
    for attribute, rights in sorted(count.items()):
        print(f"| {attribute} | {sum(rights)} | {len(rights)} | {sum(rights) / len(rights):.2f} |")


if __name__ == "__main__":
    given = [a for a in sys.argv[1:] if a != "--verbose"]
    main([Path(a) for a in given] or [Path("tests/golden/dev")], verbose="--verbose" in sys.argv)
