"""From a name as it is written to the keys it is looked up by: remembered spellings first, then by rule.

All spellings of the names known when the gazetteer was built are kept with the hashes of their keys
(``spell_*`` in `gazetteer.store`): what is written so is not reduced again. Other spellings are reduced to
sound and fold by `gazetteer.names`, with the same result.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from gazetteer.store import Array, Store, hash64, hash_all

if TYPE_CHECKING:
    from collections.abc import Iterable

#: What is known of a spelling besides: it holds a generic word; it is a common word.
GENERIC, COMMON = 1, 2


class Keys(NamedTuple):
    """Hashes of a name's sound key and of its folded form (32 bits), and what is known of it besides."""

    sound: int
    fold: int
    flags: int


class ManyKeys(NamedTuple):
    """The same of many names, as arrays."""

    sound: Array
    fold: Array
    flags: Array


def flags_of(name: str, fold: str) -> int:
    """Say whether a name holds a generic word, and whether it is a common word."""
    from gazetteer.names import common_words, may_strip, strip_generic

    generic = may_strip(fold) and strip_generic(name, fold) is not None
    return GENERIC * generic | COMMON * (fold in common_words())


def keys_of(store: Store, name: str) -> Keys:
    """Give the keys of a name."""
    at = store.spellings.first(hash64(name.lower()))
    if at >= 0:
        sounds, folds, flags = store.spelled
        return Keys(sounds[at], folds[at], flags[at])
    from gazetteer.names import normalize, sound_key

    fold = normalize(name)
    return Keys(hash64(sound_key(name)), hash64(fold) & 0xFFFFFFFF, flags_of(name, fold))


def other_sounds(name: str) -> Iterable[int]:
    """Sound keys of a name that is not known so: as Turkic readers read it, then with j as y is read."""
    from gazetteer.names import sound_key

    if len(name) > 2:
        yield hash64(sound_key(name, turkic=True))
        if "j" in name.lower():
            yield hash64(sound_key(name.lower().replace("j", "y")))


def many_keys(store: Store, names: Sequence[str], *, flagged: bool = True) -> ManyKeys:
    """Give the keys of many names, as `keys_of` gives each one's; without flags for new ones, if told so."""
    import numpy as np

    spelled = "\n".join(names).lower().split("\n")
    if len(spelled) != len(names):
        spelled = [name.replace("\n", " ").lower() for name in names]
    at = store.index("spell").firsts(hash_all(spelled))
    parts = ("sound", "fold", "flag")
    keys = ManyKeys(*(store[f"spell_{part}"].take(at, mode="clip") for part in parts))
    new = np.flatnonzero(at < 0)
    if len(new):
        fresh = reduced([names[i] for i in new.tolist()], flagged=flagged)
        for column, values in zip(keys, fresh, strict=True):
            column[new] = values
    return keys


def reduced(names: Sequence[str], *, flagged: bool = True) -> ManyKeys:
    """Give the keys of many names by rule alone."""
    import numpy as np

    from gazetteer.names import normalize_all, sound_keys

    folds = normalize_all(names)
    told = (flags_of(n, f) if flagged else 0 for n, f in zip(names, folds, strict=True))
    flags = np.fromiter(told, np.uint8, len(names))
    return ManyKeys(hash_all(sound_keys(names)), hash_all(folds).astype(np.uint32), flags)


def spellings(names: Sequence[str]) -> dict[str, Array]:
    """Make the columns of the spellings of names: each different one once, sorted by its hash."""
    import numpy as np

    different = list(dict.fromkeys(name.replace("\n", " ").lower() for name in names))
    hashes = hash_all(different)
    _, order = np.unique(hashes, return_index=True)
    columns = (hashes, *reduced(different))
    return {
        f"spell_{part}": column[order]
        for part, column in zip(("hash", "sound", "fold", "flag"), columns, strict=True)
    }
