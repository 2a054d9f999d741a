"""The places of a store by row: their columns, names and divisions, and the rows a name meets.

One name at a time is read in plain Python from the mapped bytes: numpy's cost for each call is more than the
few rows of a name need. Many at once are the work of `gazetteer.batch`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from gazetteer.keys import Keys, keys_of, other_sounds
from gazetteer.place import Place
from gazetteer.store import ALTERNATE, CODE, STRIPPED, Array, Store

if TYPE_CHECKING:
    from collections.abc import Iterable

    from shapely.geometry.base import BaseGeometry

    from gazetteer.near import Grid

#: Latin names of so few letters are known as they are written only.
SHORT = 3
#: Added to the kind of name where a name agrees by its sound only: among agreements the least is the best.
SOUNDS = 8


@dataclass(frozen=True, slots=True)
class Hits:
    """Rows that a name may mean, with whether each agrees as folded and the kind of name."""

    rows: Array
    folded: Array
    kinds: Array


def _column(name: str) -> cached_property[Array]:
    def read(self: Any) -> Array:  # noqa: ANN401
        column: Array = self.store[name]
        return column

    return cached_property(read)


class Atlas:
    """A store's places by row.

    Attributes
    ----------
    lat, lon : ndarray of float64
        Degrees, WGS 84 (EPSG:4326).
    population : ndarray of int64
        -1 where not known.
    radius_km : ndarray of float32
    prior : ndarray of float32
        How many people the place matters to, about; ranks readings of a bare name.
    country : ndarray of str
        ISO 3166-1 alpha-2.
    feature : ndarray of uint16
        Positions in `feature_codes` (``"P.PPLC"``).
    admin1_row, admin2_row : ndarray of int32
        Row of the division around the place, -1 where not known.
    """

    lat, lon, population, radius_km = map(_column, ("lat", "lon", "population", "radius_km"))
    prior, country, feature = map(_column, ("prior", "country", "feature"))
    admin1_row, admin2_row = map(_column, ("admin1_row", "admin2_row"))

    def __init__(self, store: Store) -> None:
        self.store = store
        self.feature_codes: list[str] = store.meta["feature_codes"]
        self._classes = [code[:1] for code in self.feature_codes]

    def __len__(self) -> int:
        return len(self.store)

    @cached_property
    def feature_class(self) -> Array:
        """First letter of the feature of each row: A, P, L, H, T, S, R, V, U; ``""`` where not known."""
        import numpy as np

        classes: Array = np.array(self._classes, "<U1")[self.feature]
        return classes

    @cached_property
    def _grid(self) -> Grid:
        from gazetteer.near import Grid

        return Grid.of(self.lat, self.lon)

    def class_of(self, row: int) -> str:
        """First letter of the feature of a row."""
        return str(self._classes[self.store.views["feature"][row]])

    def feature_of(self, row: int) -> str:
        """Feature of a row: ``"P.PPLC"``."""
        return str(self.feature_codes[self.store.views["feature"][row]])

    def outline(self, row: int) -> BaseGeometry | None:
        """Outline of a place as a shapely geometry (longitude, latitude in degrees), None where not known."""
        if not self.store.meta.get("outlines"):
            return None
        wkt = next((value for tag, value in self.store.texts(int(row)) if tag == "@outline"), "")
        if not wkt:
            return None
        import shapely

        found: BaseGeometry = shapely.from_wkt(wkt)
        return found

    # -- places -------------------------------------------------------------------------------------

    def place(self, row: int) -> Place:
        """Give the place of a row."""
        row = int(row)
        names: dict[str, list[str]] = {}
        tags: dict[str, str] = {}
        for lang, value in self.store.texts(row):
            if lang[:1] == "@":
                tags[lang] = value
            elif lang in names:
                names[lang].append(value)
            else:
                names[lang] = [value]
        views, meta = self.store.views, self.store.meta
        admin1, admin2, population = (views[c][row] for c in ("admin1_row", "admin2_row", "population"))
        return Place(
            id=tags.get("@id", ""),
            name=tags["@name"],
            lat=views["lat"][row],
            lon=views["lon"][row],
            names={lang: tuple(values) for lang, values in names.items()},
            feature=self.feature_of(row),
            country=self.store.country(row),
            admin1=self.name(admin1) if admin1 >= 0 else tags.get("@admin1", ""),
            admin2=self.name(admin2) if admin2 >= 0 else tags.get("@admin2", ""),
            population=population if population >= 0 else None,
            timezone=meta["timezone_codes"][views["timezone"][row]],
            radius_km=round(views["radius_km"][row], 3),
            source=meta["source_codes"][views["source"][row]],
            note=tags.get("@note", ""),
        )

    def name(self, row: int) -> str:
        """Give the main name of a row."""
        return self.store.name(int(row))

    def row(self, place_id: str) -> int:
        """Give the row of a place id; KeyError where there is none."""
        row = self.store.row_of(place_id)
        if row < 0:
            raise KeyError(place_id)
        return row

    def get(self, place_id: str) -> Place:
        """Give the place with an id such as ``"geonames:587084"``; KeyError where there is none."""
        return self.place(self.row(place_id))

    def country_code(self, name: str) -> str:
        """ISO 3166-1 alpha-2 code of a country given by code or in any spelling; ``""`` where not known."""
        code = name.strip().upper()
        code = str({"UK": "GB", "EL": "GR"}.get(code, self.store.meta["iso3"].get(code, code)))
        if len(code) == 2 and self.store.row_of(f"country:{code}") >= 0:
            return code
        rows = [row for row in self.agreements(name) if self.feature_of(row).startswith("A.PCL")]
        prior = self.store.views["prior"]
        return self.store.country(max(rows, key=lambda row: (prior[row], -row))) if rows else ""

    # -- names --------------------------------------------------------------------------------------

    def rows(self, name: str) -> list[int]:
        """Give all rows a name may mean, those that matter most first: as written, folded or transliterated.

        Returns
        -------
        list of int
            Without repetition; empty where the name is not known.
        """
        start, end = self._span(name, keys_of(self.store, name).sound)
        rows: list[int] = self.store.keyed[0][start:end].tolist()
        return rows if len(rows) < 2 else list(dict.fromkeys(rows))

    def _span(self, name: str, sound: int) -> tuple[int, int]:
        """Where the hash of the name's sound key lies; if it is not known, that of other readers."""
        index = self.store.keys
        start, end = index.span(sound)
        if start == end:
            for sound in other_sounds(name):
                start, end = index.span(sound)
                if start < end:
                    break
        return start, end

    def agreements(self, name: str, keys: Keys | None = None) -> dict[int, int]:
        """Give all rows whose sound key agrees; in scripts without vowels, whose consonants do.

        Returns
        -------
        dict of int to int
            By row the kind of name that agrees best, `SOUNDS` more where it does not agree as folded.
        """
        keys = keys or keys_of(self.store, name)
        start, end = self._span(name, keys.sound)
        if start == end:
            return dict.fromkeys(self._by_consonants(name), ALTERNATE + SOUNDS)
        fold = keys.fold
        spelled_only = len(name) <= SHORT and name.isascii()  # too short to be told apart by its sound
        found: dict[int, int] = {}
        for row, other, kind in zip(*(column[start:end] for column in self.store.keyed), strict=True):
            code = kind if other == fold else kind + SOUNDS
            if code < found.get(row, 99) and not (
                (spelled_only and code >= SOUNDS)
                # A code is one only as it stands, in capitals.
                or (kind == CODE and (code != CODE or not name.isupper()))
            ):
                found[row] = code
        return found

    def hits(self, name: str) -> Hits:
        """Give what `agreements` gives as arrays, by row."""
        import numpy as np

        found = self.agreements(name)
        rows = np.array(sorted(found), np.int32)
        codes = np.array([found[row] for row in rows.tolist()], np.uint8)
        return Hits(rows, codes < SOUNDS, codes % SOUNDS)

    def _by_consonants(self, name: str) -> Iterable[int]:
        if name.isascii():
            return ()
        from gazetteer.names import hides_vowels, skeletons

        bone = skeletons([name])[0] if hides_vowels(name) else ""
        return self.store.views["bone_row"][self.store.span("bone", bone)] if bone else ()

    def stripped_agreements(self, name: str, keys: Keys) -> tuple[dict[int, int], tuple[str, ...]]:
        """Give the agreements of the name with its generic word and without, and what that word speaks for.

        Returns
        -------
        agreements : dict of int to int
        classes : tuple of str
            Feature classes.
        """
        from gazetteer.names import strip_generic

        found = self.agreements(name, keys)
        stripped = strip_generic(name)
        if stripped is None:
            return found, ()
        for row, code in self.agreements(stripped.name).items():
            whole = found.get(row, 99)
            if code >= SOUNDS:
                found[row] = min(whole, STRIPPED + SOUNDS)
            else:  # "Mt Ararat" for "Mount Ararat": only the generic word is spelled in another way
                found[row] = whole - SOUNDS if SOUNDS <= whole < 99 else min(whole, STRIPPED)
        return found, stripped.classes
