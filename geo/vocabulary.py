"""The texts of a column that is read part by part: each is tidied once, and keeps its number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from geo.factors import Array, Column, chunks, encoded

if TYPE_CHECKING:
    import pyarrow as pa


class Vocabulary:
    """The different cells of a column so far.

    Parameters
    ----------
    words : frozenset of str
        Cells that hold one of these are emptied, see `geo.factors.Column.tidied`.
    """

    #: Of columns in which more than so many cells differ nothing is kept.
    MOST = 50_000

    def __init__(self, words: frozenset[str]) -> None:
        self._words = words
        self._forget()

    def _forget(self) -> None:
        self._written: pa.Array | None = None  # as they stand, and the number of what each is when tidied
        self._tidy: Array = np.zeros(0, np.int32)
        self._numbers: dict[str, int] = {}
        self._values: list[str] = []

    def tidied(self, array: pa.Array | pa.ChunkedArray) -> Column:
        """Tidy the cells of a part, as `geo.factors.Column.tidied` does.

        Returns
        -------
        Column
            Its values may be more than the part has; those of one part begin as those of the one before.
        """
        import pyarrow as pa
        import pyarrow.compute as pc

        if len(self._tidy) > self.MOST:
            self._forget()
        if self._written is None:
            codes, fresh = encoded(array)
            self._written = fresh
        else:
            found = chunks(pc.index_in(array, value_set=self._written))
            none = [one.is_null().to_numpy(zero_copy_only=False) for one in found]
            codes = np.concatenate([one.fill_null(0).to_numpy() for one in found] or [self._tidy[:0]])
            new = np.flatnonzero(np.concatenate(none or [np.zeros(0, bool)]))
            numbers, fresh = encoded(array.take(pa.array(new)))
            codes[new] = numbers + len(self._written)
            self._written = pa.concat_arrays([self._written, fresh])
        if len(fresh):
            tidy = Column(fresh).stripped().without(self._words).array.to_pylist()
            known = self._numbers
            told = [known.setdefault(text, len(known)) for text in tidy]
            self._tidy = np.concatenate([self._tidy, np.array(told, np.int32)])
            self._values = list(known)  # what was given before stays as it is
        return Column.coded(self._tidy[codes], self._values)
