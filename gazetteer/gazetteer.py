"""The gazetteer: opened once, asked for names, places and what lies near."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from gazetteer.atlas import Atlas
from gazetteer.distance import distances_km
from gazetteer.finding import find, find_plain, terms_of
from gazetteer.keys import COMMON, keys_of
from gazetteer.place import Candidate, Place
from gazetteer.ranking import is_ambiguous
from gazetteer.store import WORLD, Array, open_store

if TYPE_CHECKING:
    from gazetteer.scan import Spotted


class Gazetteer(Atlas):
    """All places known here: the bundled world and what the user added.

    Use `Gazetteer.load`. Rows are numbers from 0; columns are arrays by row, see `Atlas`.
    """

    @classmethod
    def load(cls, folder: str | Path | None = None, *, user: bool = True) -> Gazetteer:
        """Open the gazetteer: once per process, and anew when the user has added to it.

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
            from gazetteer.user import current_store

            folder = current_store()
        return _load(Path(folder or WORLD))

    @property
    def version(self) -> str:
        """Fingerprint of what it was built from."""
        return str(self.store.meta["version"])

    @property
    def licences(self) -> list[str]:
        """Licences of the data, to be named wherever it is shown."""
        return list(self.store.meta["licences"])

    def is_stop(self, name: str) -> bool:
        """Whether the name must never resolve without other evidence: "March", "Police", "Reading"."""
        return bool(keys_of(self.store, name).flags & COMMON)

    # -- find ---------------------------------------------------------------------------------------

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
        if within is None and near is None and not country and not fuzzy:
            plain = find_plain(self, name, limit)
            if plain is not None:
                return plain
        terms = terms_of(self, within=within, country=country, near=near, limit=limit)
        return find(self, name, terms, fuzzy=fuzzy) if terms else []

    def find_all(
        self,
        names: Iterable[str | None],
        *,
        country: str | None = None,
        within: str | Place | None = None,
        limit: int = 10,
    ) -> list[list[Candidate]]:
        """Find many names at once; each different name is looked up once.

        Parameters
        ----------
        names : iterable of str
            A list, or a column of Arrow, pandas or numpy; what is missing has no candidates.

        Returns
        -------
        list of list of Candidate
            In the order of the names.
        """
        from gazetteer.batch import find_all

        terms = terms_of(self, within=within, country=country, limit=limit)
        if not hasattr(names, "__len__"):
            names = list(names)
        return find_all(self, names, terms) if terms else [[] for _ in names]

    def best_rows(self, names: Sequence[str | None]) -> Array:
        """Row of the likeliest reading of each of many names, however open it is; for counts and joins.

        Only the name itself is read: neither what follows a comma nor an ending is.

        Parameters
        ----------
        names : sequence of str
            A list, or a column of Arrow, pandas or numpy.

        Returns
        -------
        ndarray of int32
            -1 where the name is not known or missing.
        """
        from gazetteer.batch import best_rows

        return best_rows(self, names)

    def scan(self, texts: Sequence[str]) -> Spotted:
        """Find all names known here in running texts, the longest at each place; many texts at once.

        Capital letters matter only at the start of a name, which must not be small. Common words that must
        never resolve alone are left out, save a code in capitals ("US") among words that are not. What a name
        means, `find` or `rows` says.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        Spotted
            Arrays ``text`` (its number), ``start`` and ``end`` (code points, end exclusive), in order.
        """
        from gazetteer.scan import scan

        return scan(self, texts)

    is_ambiguous = staticmethod(is_ambiguous)

    # -- near ---------------------------------------------------------------------------------------

    def rows_near(self, lat: float, lon: float, km: float) -> tuple[Array, Array]:
        """Rows within a distance, nearest first, and their distances in kilometres."""
        import numpy as np

        band = self._grid.around(lat, lon, km)
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


@lru_cache(maxsize=4)
def _load(folder: Path) -> Gazetteer:
    return Gazetteer(open_store(folder))
