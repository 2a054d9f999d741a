"""What the columns of a table mean: known schemas first, then headings in many languages, then the cells."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from geo.errors import TableError
from geo.frame import COLUMNS
from geo.tables.cells import tagged
from geo.tables.coordinates import read_angle, read_pair
from geo.tables.dates import read_day
from geo.tables.rejects import SAID
from geo.tables.schemas import DATA, Schema, by_cells, by_headings, squeezed
from geo.tables.sheets import Sheet
from geo.tables.words import is_missing, key

#: Fields that several columns may fill together.
SEVERAL = frozenset({"actors", "type", "tags", "source"})
#: Fields that a table of a known schema is searched for if its own columns for them are gone.
ESSENTIAL = frozenset({"date", "type", "place", "lat", "lon", "killed", "wounded"})
#: Rank of headings that fill a field only if there is no other.
LATE = 1000
#: What no heading looks like: figures, dates, addresses.
VALUE = re.compile(r"\s*(?:[-+]?\d[\d.,:/ -]*\d|\d|\d[\d-]*t[\d:]+\S*|https?://\S+)\s*$", re.IGNORECASE)

#: Any of these says where.
WHERE = (
    {"lat", "lon"},
    {"coordinates"},
    {"easting", "northing", "zone"},
    {"place"},
    {"place_id"},
    {"admin2"},
    {"admin1"},
    {"country"},
)


@dataclass(frozen=True, slots=True)
class Columns:
    """The mapping chosen for a table.

    Attributes
    ----------
    schema : Schema or None
    fields : mapping of str to str
        Field of each heading that means one, the surest heading of a field first.
    name : str or None
        Name of the schema; "dateline" for this project's own.
    """

    schema: Schema | None
    fields: Mapping[str, str]
    name: str | None = None

    def of(self, wanted: str) -> list[str]:
        """Headings that fill a field, the surest first."""
        return [heading for heading, name in self.fields.items() if name == wanted]


@cache
def synonyms() -> tuple[dict[str, tuple[str, int]], frozenset[str]]:
    """Give field and rank of each known heading, and the filler words; the first field keeps a heading."""
    table = tomllib.loads((DATA / "columns.toml").read_text("utf-8"))
    known: dict[str, tuple[str, int]] = {}
    for section, least in (("fields", 0), ("late", LATE)):
        for name, headings in table[section].items():
            for rank, heading in enumerate([name, *headings]):
                known.setdefault(key(heading), (name, least + rank))
    return known, frozenset(map(key, table["filler"]["words"]))


def meaning(heading: str) -> tuple[str, int] | None:
    """Field that a heading means, and how sure that is (0 is surest); None where it is not known."""
    known, filler = synonyms()
    name = key(heading)
    if name in known:
        return known[name]
    without = key(re.sub(r"[(\[].*?[)\]]", " ", heading))
    core = " ".join(word for word in without.split() if word not in filler)
    singular = core.removesuffix("s") if len(core) > 5 else core
    for penalty, form in enumerate((without, core, singular)):
        if form in known:
            return known[form][0], known[form][1] + 100 * (penalty + 1)
    if field := _by_word(core.split()):  # gps latitude, широта места, grp-place-geopoint
        return field, 400
    parts = [part for part in re.split(r"\s*[/|]\s*|(?<=\w)[-.:](?=\w)", heading) if part.strip()]
    if len(parts) > 1:  # Town/Village; but Killed/Injured is two things
        found_ = {part_[0]: part_[1] for part in parts if (part_ := meaning(part))}
        if found_.keys() == {"killed", "wounded"}:
            return " ".join(found_), 200  # Killed/Injured, with cells such as 2/5
        return (
            next(((field, rank + 200) for field, rank in found_.items()), None) if len(found_) == 1 else None
        )
    if len(name) > 6 and name.isascii():
        from rapidfuzz import fuzz, process

        found = process.extractOne(name, known.keys(), scorer=fuzz.ratio, score_cutoff=88)
        if found and len(found[0]) > 5:  # longtitude, lattitude, fatalites
            return known[found[0]][0], known[found[0]][1] + 500
    return None


def _by_word(words: Sequence[str]) -> str | None:
    """Give the field that one word of a longer heading tells, wherever it stands or at the end."""
    inside, last, apart = _telling_words()
    if not words or apart.intersection(words):
        return None
    found = {inside[word] for word in words if word in inside} or {last.get(words[-1], "")}
    return (found.pop() or None) if len(found) == 1 else None


@cache
def _telling_words() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    table = tomllib.loads((DATA / "columns.toml").read_text("utf-8"))
    inside, last = (
        {key(word): name for name, some in table[part].items() for word in some}
        for part in ("inside", "last")
    )
    return inside, last, frozenset(map(key, table["filler"]["apart"]))


def count_known(headings: Sequence[str]) -> int:
    """How many different fields the headings of a row mean."""
    table, _ = synonyms()
    if by_headings(headings):
        return len(headings)
    if tagged(headings):
        return sum(tag_meaning(heading) is not None for heading in headings)
    cells = [key(heading) for heading in headings]
    known = len({table[cell][0] for cell in cells if cell in table})
    # A row of values may hold a word that is a heading elsewhere ("GEO" of Georgia): figures tell it.
    return known if known > sum(bool(VALUE.match(heading)) for heading in headings) else 0


def recognise(sheet: Sheet, overrides: Mapping[str, str] | None = None) -> tuple[Sheet, Columns]:
    """Choose the meaning of each column.

    Parameters
    ----------
    sheet : Sheet
    overrides : mapping of str to str, optional
        Heading to field; an empty field leaves a column out.

    Returns
    -------
    sheet, columns : Sheet, Columns
        The sheet has the schema's headings where it came without any.

    Raises
    ------
    TableError
        If an override names a heading or a field that is not there, or no column says where.
    """
    sheet, schema = _schema(sheet)
    chosen = _by_schema(sheet, schema) if schema else _by_heading(sheet)
    if schema is None and sheet.tags:
        chosen = _by_tags(sheet, chosen)
    chosen = _override(sheet, chosen, overrides or {})
    if schema is None:
        chosen |= _by_content(sheet, chosen)
    have = set(chosen.values())
    if not any(need <= have for need in WHERE):
        if not sheet.headed and len(_degrees(sheet, chosen)) != 2:
            raise TableError(
                f"{sheet.file}: no row names the columns; put a header such as date,type,place on top, "
                "or say --map 'column 1=date' and so on."
            )
        if len(pair := _degrees(sheet, chosen)) == 2:
            raise TableError(
                f"{sheet.file}: {pair[0]} and {pair[1]} look like coordinates, but nothing tells which is "
                f"the latitude; say --map {pair[0]!r}=lat --map {pair[1]!r}=lon, or the other way round."
            )
        raise TableError(
            f"{sheet.file}: no column says where: none of {', '.join(sheet.header[:8])} is known as a place "
            "or as coordinates; rename the right one to place, or two of them to lat and lon."
        )
    chosen = _without_offsets(sheet, chosen)
    name = schema.name if schema else "HXL" if sheet.tags else None
    if name is None and {"type", "status", "place"} <= set(sheet.header) - set(SAID) <= set(COLUMNS):
        name = "dateline"
    return sheet, Columns(schema, chosen, name)


def _schema(sheet: Sheet) -> tuple[Sheet, Schema | None]:
    """Tell the schema by the headings; by the cells where there are none, or none that says anything."""
    if sheet.headed and (found := by_headings(sheet.header)):
        return sheet, found
    if sheet.headed and any(meaning(heading) for heading in sheet.header):
        return sheet, None
    told = by_cells(sheet.first, len(sheet.header))
    return (replace(sheet, header=told[1]), told[0]) if told else (sheet, None)


def _by_schema(sheet: Sheet, schema: Schema) -> dict[str, str]:
    """Give the columns the schema's meaning, and what is lacking by its own headings."""
    actual = {squeezed(heading): heading for heading in reversed(sheet.header)}
    chosen = {actual[name]: means for name, means in schema.fields.items() if name in actual}
    for heading, name in _by_heading(sheet).items():
        if heading in chosen or (name in chosen.values() and name not in SEVERAL):
            continue
        if schema.open or (name in ESSENTIAL and name not in chosen.values()):
            chosen[heading] = name
    return chosen


@cache
def _wider() -> dict[str, str]:
    """Give the divisions that headings of places mean where another column has the place."""
    table = tomllib.loads((DATA / "columns.toml").read_text("utf-8"))["wider"]
    return {key(heading): name for name, headings in table.items() for heading in headings}


def _by_heading(sheet: Sheet) -> dict[str, str]:
    claims = []
    for at, heading in enumerate(sheet.header):
        name, rank = meaning(heading) or ("", 0)
        if name == "place" and _mostly(sheet.start(heading), lambda cell: read_pair(cell) is not None):
            name = "coordinates"  # "location" of survey programs is a point
        if name:
            claims.append((rank, at, heading, name))
    chosen: dict[str, str] = {}
    for _, _, heading, name in sorted(claims):
        if name in SEVERAL or name not in chosen.values():
            chosen[heading] = name
    for _, _, heading, _ in sorted(claims):
        if heading not in chosen and (name := _wider().get(key(heading), "")):
            chosen |= {} if name in chosen.values() else {heading: name}
    # Actors keep the order of the columns; the surer heading goes first in any other field.
    return {h: chosen[h] for h in sheet.header if chosen.get(h) == "actors"} | chosen


@cache
def _tags() -> list[tuple[frozenset[str], str]]:
    """HXL tags with their attributes, and the field they mean, the most particular first."""
    table = tomllib.loads((DATA / "hxl.toml").read_text("utf-8"))["fields"]
    known = [(frozenset(tag.split("+")), name) for name, tags in table.items() for tag in tags]
    return sorted(known, key=lambda tag: -len(tag[0]))


def tag_meaning(tag: str) -> str | None:
    """Field that an HXL tag such as ``#geo+lat`` means; attributes that say nothing here are passed over."""
    parts = set("".join(tag.casefold().split()).split("+"))
    return next((name for wanted, name in _tags() if wanted <= parts), None)


def _by_tags(sheet: Sheet, chosen: Mapping[str, str]) -> dict[str, str]:
    """Let HXL tags say what columns mean, before their headings do."""
    found: dict[str, str] = {}
    for heading, tag in sheet.tags.items():
        name = tag_meaning(tag)
        if name and (name in SEVERAL or name not in found.values()):
            found[heading] = name
    untagged = {h: f for h, f in chosen.items() if not sheet.tags.get(h) and f not in found.values()}
    return found | untagged


def _override(sheet: Sheet, chosen: dict[str, str], overrides: Mapping[str, str]) -> dict[str, str]:
    table, _ = synonyms()
    fields = {name for name, _ in table.values()} | set(COLUMNS)
    for heading, name in overrides.items():
        actual = next((h for h in sheet.header if h == heading or key(h) == key(heading)), None)
        if actual is None:
            raise TableError(
                f"{sheet.file}: there is no column {heading!r}; it has {', '.join(sheet.header)}."
            )
        if name and name not in fields:
            raise TableError(
                f"{sheet.file}: {name!r} is no field; the fields are {', '.join(sorted(fields))}."
            )
        chosen = {h: n for h, n in chosen.items() if h != actual and (n != name or name in SEVERAL)}
        if name:
            chosen = {actual: name} | chosen
    return chosen


def _without_offsets(sheet: Sheet, chosen: Mapping[str, str]) -> dict[str, str]:
    """Take columns "start" and "end" for days where nothing is quoted that they could be offsets of."""
    if "quote" in chosen.values():
        return dict(chosen)
    found = {heading: name for heading, name in chosen.items() if name not in ("start", "end")}
    taken = {"date", "date_end", "year"}.intersection(found.values())
    for heading, name in chosen.items():
        if heading not in found and not taken and _mostly(sheet.start(heading), _dated):
            found[heading] = "date" if name == "start" else "date_end"
    return found


def _by_content(sheet: Sheet, chosen: Mapping[str, str]) -> dict[str, str]:
    """Find what no heading told: a column of "lat, lon" pairs, a column of dates."""
    have, found = set(chosen.values()), {}
    free = [heading for heading in sheet.header if heading not in chosen]
    if not {"lat", "lon"} <= have and "coordinates" not in have:
        for heading in free:
            if _mostly(sheet.start(heading), lambda cell: read_pair(cell) is not None):
                found[heading] = "coordinates"
                break
        else:
            found |= _axes(sheet, [heading for heading in free if heading not in found])
    if not have & {"date", "year"}:
        for heading in free:
            if heading not in found and _mostly(sheet.start(heading), _dated):
                found[heading] = "date"
                break
    return found


def _degrees(sheet: Sheet, chosen: Mapping[str, str]) -> list[str]:
    """Columns without a meaning that hold coordinates, as far as cells alone can tell."""

    def fits(cell: str) -> bool:
        angle = read_angle(cell)
        exact = angle.axis or angle.places is None or angle.places > 2
        return angle.degrees is not None and bool(exact) and abs(angle.degrees) <= 180

    return [h for h in sheet.header if h not in chosen and _mostly(sheet.start(h), fits)]


def _axes(sheet: Sheet, free: Sequence[str]) -> dict[str, str]:
    """Tell two columns of coordinates apart: by their letters, or since one goes beyond 90 degrees."""
    pair = _degrees(sheet, {h: "" for h in sheet.header if h not in free})
    if len(pair) != 2:
        return {}
    axes = []
    for heading in pair:
        angles = [read_angle(cell) for cell in sheet.start(heading)]
        beyond = any(angle.degrees is not None and abs(angle.degrees) > 90 for angle in angles)
        axes.append({angle.axis for angle in angles if angle.axis} | ({"lon"} if beyond else set()))
    for lat, lon in ((0, 1), (1, 0)):
        if axes[lat] <= {"lat"} and axes[lon] <= {"lon"} and axes[lat] | axes[lon]:
            return {pair[lat]: "lat", pair[lon]: "lon"}
    return {}


def _dated(cell: str) -> bool:
    day = read_day(cell)
    return not day.error and not day.warning and len(cell) > 5


def _mostly(cells: Sequence[str], fits: Callable[[str], bool]) -> bool:
    filled = [cell for cell in cells if not is_missing(cell)]
    return len(filled) > 0 and sum(fits(cell) for cell in filled) >= 0.8 * len(filled)
