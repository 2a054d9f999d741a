"""The gazetteer: opened once, asked for names, places and what lies near."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gazetteer.distance import distances_km
from gazetteer.names import DATA, is_abjad, normalize, skeletons, sound_key
from gazetteer.near import Grid
from gazetteer.place import Candidate, Place
from gazetteer.ranking import Hits, is_ambiguous, unique_hits
from gazetteer.store import ALTERNATE, CODE, Array, Store, hash64, open_store

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

WORLD = Path(__file__).parent / "world"
#: Latin names of so few letters are known as they are written only.
SHORT = 3
NO_ROWS = np.zeros(0, np.int32)


class Gazetteer:
    """All places known here: the bundled world and what the user added.

    Use `Gazetteer.load`. Rows are numbers from 0; the columns below are arrays by row.

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

    def __init__(self, store: Store) -> None:
        self.store = store
        self.lat, self.lon = store["lat"], store["lon"]
        self.population, self.radius_km, self.prior = store["population"], store["radius_km"], store["prior"]
        self.country, self.feature = store["country"], store["feature"]
        self.admin1_row, self.admin2_row = store["admin1_row"], store["admin2_row"]
        self.feature_codes: list[str] = store.meta["feature_codes"]

    @classmethod
    def load(cls, folder: str | Path | None = None, *, user: bool = True) -> Gazetteer:
        """Open the gazetteer, once per process.

        Parameters
        ----------
        folder : path, optional
            A built gazetteer; by default the bundled world with what the user added.
        user : bool, default True
            False for the bundled world alone.

        Raises
        ------
        GazetteerMissingError
            If it was not built.
        """
        if folder is None and user:
            return _load_current()
        return _load(Path(folder) if folder is not None else WORLD)

    def __len__(self) -> int:
        return len(self.store)

    @property
    def version(self) -> str:
        """Fingerprint of what it was built from."""
        return str(self.store.meta["version"])

    @property
    def licences(self) -> list[str]:
        """Licences of the data, to be named wherever it is shown."""
        return list(self.store.meta["licences"])

    @cached_property
    def feature_class(self) -> Array:
        """First letter of the feature of each row: A, P, L, H, T, S, R, V, U; ``""`` where not known."""
        return np.array([code[:1] for code in self.feature_codes], "<U1")[self.feature]

    @cached_property
    def _stops(self) -> frozenset[str]:
        with (DATA / "names_never_alone.csv").open(encoding="utf-8", newline="") as file:
            return frozenset(normalize(row["name"]) for row in csv.DictReader(file))

    @cached_property
    def _grid(self) -> Grid:
        return Grid.of(self.lat, self.lon)

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

    def is_stop(self, name: str) -> bool:
        """Whether the name must never resolve without other evidence: "March", "Police", "Reading"."""
        return normalize(name) in self._stops

    # -- rows ---------------------------------------------------------------------------------------

    def rows(self, name: str) -> Array:
        """Give all rows a name may mean: as written, folded or transliterated; unranked.

        Returns
        -------
        ndarray of int32
            Without repetition; empty where the name is not known.
        """
        span = self._span(name)
        return np.unique(self.store["key_row"][span]) if span.stop > span.start else NO_ROWS

    def _span(self, name: str) -> slice:
        """Where the name's sound key lies; if it is not known, as Turkic or Slavic readers read it."""
        span = self.store.span("key", sound_key(name))
        if span.stop == span.start and len(name) > 2:
            span = self.store.span("key", sound_key(name, turkic=True))
            if span.stop == span.start and "j" in name.lower():
                span = self.store.span("key", sound_key(name.lower().replace("j", "y")))
        return span

    def place(self, row: int) -> Place:
        """Give the place of a row."""
        names: dict[str, list[str]] = {}
        tags: dict[str, str] = {}
        for lang, value in self.store.texts(int(row)):
            if lang.startswith("@"):
                tags[lang] = value
            else:
                names.setdefault(lang, []).append(value)
        admin1, admin2 = (int(column[row]) for column in (self.admin1_row, self.admin2_row))
        population = int(self.population[row])
        return Place(
            id=tags.get("@id", ""),
            name=tags["@name"],
            lat=float(self.lat[row]),
            lon=float(self.lon[row]),
            names={lang: tuple(values) for lang, values in names.items()},
            feature=self.feature_codes[self.feature[row]],
            country=str(self.country[row]),
            admin1=self.name(admin1) if admin1 >= 0 else tags.get("@admin1", ""),
            admin2=self.name(admin2) if admin2 >= 0 else tags.get("@admin2", ""),
            population=population if population >= 0 else None,
            timezone=self.store.meta["timezone_codes"][self.store["timezone"][row]],
            radius_km=round(float(self.radius_km[row]), 3),
            source=self.store.meta["source_codes"][self.store["source"][row]],
            note=tags.get("@note", ""),
        )

    def name(self, row: int) -> str:
        """Give the main name of a row."""
        return next(self.store.texts(row))[1]

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
        rows = [
            r
            for r in self.hits(name).rows.tolist()
            if self.feature_codes[self.feature[r]].startswith("A.PCL")
        ]
        return str(self.country[max(rows, key=lambda r: self.prior[r])]) if rows else ""

    # -- find ---------------------------------------------------------------------------------------

    def hits(self, name: str) -> Hits:
        """Give all rows whose sound key agrees; in scripts without vowels, whose consonants do."""
        span = self._span(name)
        rows, folds, kinds = (self.store[f"key_{part}"][span] for part in ("row", "fold", "kind"))
        folded = np.asarray(folds) == np.uint32(hash64(normalize(name)) & 0xFFFFFFFF)
        if is_abjad(name) and not len(rows) and (bone := skeletons([name])[0]):
            rows = self.store["bone_row"][self.store.span("bone", bone)]
            folded, kinds = np.zeros(len(rows), bool), np.full(len(rows), ALTERNATE, np.uint8)
        rows, kinds = np.asarray(rows), np.asarray(kinds)
        if len(name) <= SHORT and name.isascii():  # too short to be told apart by its sound
            rows, kinds, folded = rows[folded], kinds[folded], folded[folded]
        if (kinds == CODE).any():  # a code is one only as it stands, in capitals
            keep = (kinds != CODE) | (folded & name.isupper())
            rows, folded, kinds = rows[keep], folded[keep], kinds[keep]
        return unique_hits(rows, folded, kinds)

    def find(
        self,
        name: str,
        *,
        within: str | Place | None = None,
        country: str | None = None,
        near: tuple[float, float] | None = None,
        fuzzy: bool = False,
        limit: int = 10,
    ) -> list[Candidate]:
        """Find the places a name may mean, best first, with scores and reasons; never a guess.

        Parameters
        ----------
        name : str
            In any spelling or script; what it lies in may follow after a comma ("Paris, Texas").
        within : str or Place, optional
            A division, country or region it must lie in.
        country : str, optional
            A country it must lie in: ISO code or name.
        near : (lat, lon), optional
            Degrees; nearer places are preferred.
        fuzzy : bool, default False
            Also look for misspelt names, where the name itself is not known.
        limit : int, default 10

        Returns
        -------
        list of Candidate
            Scores in 0..1, falling, adding up to at most 1; empty where nothing is known.
        """
        from gazetteer.finding import find

        return find(self, name, within=within, country=country, near=near, fuzzy=fuzzy, limit=limit)

    def find_all(
        self,
        names: Iterable[str],
        *,
        country: str | None = None,
        within: str | Place | None = None,
        limit: int = 10,
    ) -> list[list[Candidate]]:
        """Find many names at once; each different name is looked up once.

        Returns
        -------
        list of list of Candidate
            In the order of the names.
        """
        from gazetteer.batch import find_all

        return find_all(self, list(names), country=country, within=within, limit=limit)

    def best_rows(self, names: Sequence[str]) -> Array:
        """Row of the likeliest reading of each of many names, however open it is; for counts and joins.

        Only the name itself is read: neither what follows a comma nor an ending is.

        Parameters
        ----------
        names : sequence of str

        Returns
        -------
        ndarray of int32
            -1 where the name is not known.
        """
        from gazetteer.batch import best_rows

        return best_rows(self, names)

    is_ambiguous = staticmethod(is_ambiguous)

    # -- near ---------------------------------------------------------------------------------------

    def rows_near(self, lat: float, lon: float, km: float) -> tuple[Array, Array]:
        """Rows within a distance, nearest first, and their distances in kilometres."""
        band = self._grid.around(lat, lon, km)
        if not len(band):
            return NO_ROWS, np.zeros(0)
        away = distances_km(lat, lon, self.lat[band], self.lon[band])
        inside = away <= km
        band, away = band[inside], away[inside]
        order = np.lexsort((band, away))
        return band[order].astype(np.int32), away[order]

    def nearby(self, lat: float, lon: float, *, km: float, limit: int = 50) -> list[tuple[Place, float]]:
        """Places within `km` kilometres of a point in degrees, nearest first, with distances in km."""
        rows, away = self.rows_near(lat, lon, km)
        return [(self.place(r), round(float(d), 3)) for r, d in zip(rows[:limit], away[:limit], strict=True)]

    def reverse(self, lat: float, lon: float, *, limit: int = 1) -> list[tuple[Place, float]]:
        """Give the settlements nearest to a point in degrees, with distances in km."""
        for km in (25.0, 100.0, 400.0, 1600.0, 21000.0):
            rows, away = self.rows_near(lat, lon, km)
            settled = self.feature_class[rows] == "P"
            if settled.sum() >= limit or km > 20000:
                pairs = list(zip(rows[settled][:limit], away[settled][:limit], strict=True))
                return [(self.place(r), round(float(d), 3)) for r, d in pairs]
        return []


@cache
def _load(folder: Path) -> Gazetteer:
    return Gazetteer(open_store(folder))


@cache
def _load_current() -> Gazetteer:
    from gazetteer.user import current_store

    return _load(current_store())


def forget() -> None:
    """Open the gazetteer anew at the next `Gazetteer.load`: what the user added has changed."""
    _load_current.cache_clear()
    _load.cache_clear()
