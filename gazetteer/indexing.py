"""The keys under which a name is found: its sound, as rivals romanise it, and what is left without generics.

`name_keys` reads names one by one; `line_keys` gives the same for millions as arrays of bytes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np

from gazetteer.alphabets import among, ends_of, fold_letters, kinds_of, roman_letters, select
from gazetteer.folding import BREAK, SPACE, Bytes, fold_lines, roman_ascii, sound_lines, strings_of, words_of
from gazetteer.names import (
    _generics,
    may_strip,
    normalize_all,
    short_form,
    skeletons,
    sound_keys,
    strip_generic,
)
from gazetteer.store import (
    ALTERNATE,
    BLOCK,
    CODE,
    ENGLISH,
    PRIMARY,
    STRIPPED,
    Array,
    hash_all,
    hash_lines,
    hash_spans,
)

#: Countries whose Latin letters are read as Azerbaijani and Turkish: c as j, x as kh, q as g.
TURKIC = frozenset({"AZ", "TR"})


#: A code among the names: of a country, of a town's airport.
_CODE = re.compile("[A-Z]{2,4}")
_READ_APART = frozenset("cxq")
#: Another name of a settlement loses its generic word where more letters than these are left.
SHORTEST_REST = 3


@dataclass(frozen=True, slots=True)
class Keys:
    """All keys of many names: which name, and its sound key, folded form and kind; one entry each."""

    owner: list[int]
    sound: list[str]
    fold: list[str]
    kind: list[int]


def name_keys(
    names: Sequence[str], countries: Sequence[str], features: Sequence[str], kinds: Sequence[int]
) -> Keys:
    """Give all keys under which names are found.

    Parameters
    ----------
    names, countries, features, kinds : sequences of one length
        The name, and country, feature and kind of name (`store.PRIMARY` ...) of its place.
    """
    keys = Keys([], [], [], [])

    def add(which: Sequence[int], written: Sequence[str], folds: Sequence[str], kind: Sequence[int]) -> None:
        # The second round: as those write it who have no such letters; the third: as Turkic languages read
        # it.
        plain = [j for j, name in enumerate(written) if not name.isascii() and folds[j].isascii()]
        turkic = [
            j for j, i in enumerate(which) if countries[i] in TURKIC and not _READ_APART.isdisjoint(folds[j])
        ]
        rounds = (
            (range(len(which)), sound_keys(written)),
            (plain, sound_keys([folds[j] for j in plain])),
            (turkic, sound_keys([written[j] for j in turkic], turkic=True)),
        )
        for places, sounds in rounds:
            for j, sound in zip(places, sounds, strict=True):
                if sound:
                    keys.owner.append(which[j])
                    keys.sound.append(sound)
                    keys.fold.append(folds[j])
                    keys.kind.append(kind[j])

    kinds = [
        CODE if kind == ALTERNATE and feature.startswith(("P.", "A.PCL")) and _CODE.fullmatch(name) else kind
        for name, feature, kind in zip(names, features, kinds, strict=True)
    ]  # fmt: skip
    folded = normalize_all(names)
    add(range(len(names)), names, folded, kinds)
    found = [(i, strip_generic(names[i], fold)) for i, fold in enumerate(folded) if may_strip(fold)]
    # Another name of a town, cut short, is too often someone else's: Don of "Ban Don", San Francisco of
    # Quito's "San Francisco de Quito".
    own = [
        kind in (PRIMARY, ENGLISH) or feature[:1] != "P"
        for kind, feature in zip(kinds, features, strict=True)
    ]
    stripped = [
        (i, s.name)
        for i, s in found
        if s is not None and features[i][:1] in s.classes and (own[i] or len(s.name) > SHORTEST_REST)
    ]
    stripped += [
        (i, s)
        for i, name in enumerate(names)
        if features[i][:1] == "P" and own[i] and " " in folded[i] and (s := short_form(name, folded[i]))
    ]
    shorter = [name for _, name in stripped]
    add([i for i, _ in stripped], shorter, normalize_all(shorter), [STRIPPED] * len(stripped))
    return keys


_CLASSES = "APLHTSRVU"
_VOWELS = b"aiouv"


@dataclass(slots=True)
class LineKeys:
    """All keys of many names as arrays: which name, hashes of sound and fold, and kind; one entry each.

    ``bone`` has one entry for each name: the hash of the consonants of a place's own name, 0 for none.
    """

    bone: Array
    blocks: list[tuple[Array, Array, Array, Array]] = field(default_factory=list)

    def whole(self) -> tuple[Array, Array, Array, Array]:
        """Owner (int64), hash of the sound (uint64), of the fold (uint32), kind (uint8)."""
        kinds = (np.int64, np.uint64, np.uint32, np.uint8)
        empty = [np.zeros(0, kind) for kind in kinds]
        owner, sound, fold, kind = (
            np.concatenate([none, *parts])
            for none, parts in zip(
                empty, zip(*self.blocks, strict=True) if self.blocks else [()] * 4, strict=True
            )
        )
        return owner, sound, fold, kind


def line_keys(lines: Bytes, kinds: Array, groups: Array, features: Sequence[str], turkic: Array) -> LineKeys:
    """Give all keys of names that lie one after another as bytes, as `name_keys` gives them.

    Parameters
    ----------
    lines : ndarray of uint8
        Names in UTF-8, each ended by a line break.
    kinds, groups, turkic : ndarrays of one length
        Kind of name, position of its place's feature in `features`, whether its land is one of `TURKIC`.
    features : sequence of str
        Features, or beginnings of them that tell classes and countries apart.
    """
    ends = ends_of(lines)
    keys = LineKeys(np.zeros(len(ends), np.uint64))
    plain, letters = kinds_of(lines)
    traits = _Traits(
        np.where(_coded(lines, ends, kinds, groups, features), CODE, kinds), groups, features, turkic
    )
    for mask, script in ((plain, _ASCII), (letters, _LETTERS)):
        which = np.flatnonzero(mask)
        if not len(which):
            continue
        chosen = lines if len(which) == len(ends) else select(lines, ends, mask)
        breaks = ends_of(chosen)
        first = 0
        while first < len(which):
            begin = int(breaks[first - 1]) + 1 if first else 0
            last = max(int(np.searchsorted(breaks, begin + script.block)), first + 1)
            _block(keys, chosen[begin : int(breaks[last - 1]) + 1], which[first:last], script, traits)
            first = last
    rest = np.flatnonzero(~plain & ~letters)
    if len(rest):
        _one_by_one(keys, strings_of(select(lines, ends, ~plain & ~letters)), rest, traits)
    return keys


def _coded(lines: Bytes, ends: Array, kinds: Array, groups: Array, features: Sequence[str]) -> Array:
    """Mask of the names that are codes: two to four capitals, of a country or a town."""
    sizes = np.diff(ends, prepend=-1) - 1
    held = np.array([feature.startswith(("P.", "A.PCL")) for feature in features], bool)
    coded: Array = (kinds == ALTERNATE) & (sizes >= 2) & (sizes <= 4) & held[groups]
    at = np.flatnonzero(coded)
    for j in range(4):
        letter = lines[np.minimum(ends[at] - sizes[at] + j, len(lines) - 1)]
        coded[at] &= ((letter >= 65) & (letter <= 90)) | (sizes[at] <= j)
    return coded


@dataclass(frozen=True, slots=True)
class _Script:
    """How lines of a kind are folded and romanised, and how many bytes at once."""

    fold: Callable[[Bytes], Bytes]
    roman: Callable[..., Bytes]
    block: int


_ASCII = _Script(fold_lines, roman_ascii, BLOCK)
#: A letter of two bytes becomes four at most: what is read stays within a block.
_LETTERS = _Script(fold_letters, roman_letters, BLOCK // 2)


@dataclass(frozen=True, slots=True)
class _Traits:
    """What is known of each name's place."""

    kinds: Array
    groups: Array
    features: Sequence[str]
    turkic: Array


def _block(keys: LineKeys, lines: Bytes, which: Array, script: _Script, traits: _Traits) -> None:
    if len(lines) > BLOCK:  # one endless line
        _one_by_one(keys, strings_of(lines), which, traits)
        return
    folded = script.fold(lines)
    lines = folded if script is _ASCII else lines
    kinds = traits.kinds[which]
    sounds = _add(keys, lines, folded, which, kinds, script, traits)
    own = kinds == PRIMARY
    if own.any():
        sounds = select(sounds, ends_of(sounds), own)
        bones = np.frombuffer(sounds.tobytes().translate(None, _VOWELS), np.uint8)
        hashes = hash_lines(bones)
        hashes[np.diff(ends_of(bones), prepend=-1) - 1 < 3] = 0
        keys.bone[which[own]] = hashes
    for chosen, cut in _shortened(lines, folded, which, traits):
        stripped = np.full(len(chosen), STRIPPED, np.uint8)
        _add(keys, cut, script.fold(cut), chosen, stripped, script, traits)


def _add(
    keys: LineKeys,
    lines: Bytes,
    folded: Bytes,
    which: Array,
    kinds: Array,
    script: _Script,
    traits: _Traits,
) -> Bytes:
    """Add the keys of lines as they stand, in the rounds of `name_keys`; gives the first one's sounds."""
    fold = hash_lines(folded).astype(np.uint32)

    def add(mask: Array, roman: Bytes) -> Bytes:
        sounds = sound_lines(roman)
        heard = np.diff(ends_of(sounds), prepend=-1) > 1
        at = np.flatnonzero(mask)[heard]
        keys.blocks.append((which[at], hash_lines(sounds)[heard], fold[at], kinds[at]))
        return sounds

    sounds = add(np.ones(len(which), bool), script.roman(lines, turkic=False))
    breaks = ends_of(folded)
    if script is not _ASCII:
        foreign = among(ends_of(lines), np.flatnonzero(lines >= 128))
        foreign &= ~among(breaks, np.flatnonzero(folded >= 128))
        if foreign.any():
            add(foreign, select(folded, breaks, foreign))
    turkic = traits.turkic[which].astype(bool)
    if turkic.any():
        c, x, q = (folded == letter for letter in b"cxq")
        turkic &= among(breaks, np.flatnonzero(c | x | q))
        if turkic.any():
            add(turkic, script.roman(select(lines, ends_of(lines), turkic), turkic=True))
    return sounds


@lru_cache(maxsize=1)
def _generic_hashes() -> tuple[tuple[Array, Array], tuple[Array, Array], Array]:
    """Hashes, sorted, of generic words before and after a name, each with its classes; and of tail words."""
    generics = _generics()
    sides = []
    for side in (generics.before, generics.after):
        hashes = hash_all(list(side))
        order = np.argsort(hashes)
        classes = np.array([[c in held for c in _CLASSES] for held in side.values()], bool)
        sides.append((hashes[order], classes[order]))
    return sides[0], sides[1], np.sort(hash_all(sorted(generics.tail)))


def _looked_up(table: Array, wanted: Array) -> tuple[Array, Array]:
    at = np.minimum(np.searchsorted(table, wanted), len(table) - 1)
    return at, table[at] == wanted


def _shortened(written: Bytes, folded: Bytes, which: Array, traits: _Traits) -> Iterator[tuple[Array, Bytes]]:
    """Lines without their generic words, and towns without what they lie at; with whose they are."""
    breaks = ends_of(folded)
    many = among(breaks, np.flatnonzero(folded == SPACE))
    if not many.any():
        return
    written, folded = select(written, ends_of(written), many), select(folded, breaks, many)
    which = which[many]
    starts, gaps = words_of(folded)
    closing = np.flatnonzero(folded[gaps] == BREAK)
    first = np.concatenate([[0], closing[:-1] + 1])
    count = np.diff(closing, prepend=-1)
    before, after, tails = _generic_hashes()
    kinds = traits.kinds[which]
    letter = np.array([_CLASSES.find(f[:1]) if f[:1] else -1 for f in traits.features])[traits.groups[which]]
    own = (kinds == PRIMARY) | (kinds == ENGLISH) | (letter != 1)

    begin, end = np.zeros(len(which), np.int64), np.zeros(len(which), np.int64)
    open_, fits = np.ones(len(which), bool), np.zeros(len(which), bool)
    article = hash_spans(folded, starts[first], gaps[first]) == hash_all(["the"])[0]
    for size in (3, 2, 1):
        for (table, classes), tail in ((after, True), (before, False)):
            at = np.flatnonzero(open_ & (count > size))
            if not len(at):
                continue
            head = first[at] + (count[at] - size if tail else 0)
            found, hit = _looked_up(table, hash_spans(folded, starts[head], gaps[head + size - 1]))
            at, found = at[hit], found[hit]
            open_[at] = False
            fits[at] = classes[found, letter[at]] & (letter[at] >= 0)
            begin[at] = first[at] + ((article[at] & (count[at] > size + 1)) if tail else size)
            end[at] = first[at] + count[at] - (size if tail else 0)
    chosen = np.flatnonzero(fits)
    if len(chosen):
        cut = _cut(written, begin[chosen], end[chosen])
        letters = np.add.reduceat((cut & 0xC0) != 0x80, np.concatenate([[0], ends_of(cut)[:-1] + 1])) - 1
        long = own[chosen] | (letters > SHORTEST_REST)
        yield which[chosen[long]], select(cut, ends_of(cut), long)
    longer = np.flatnonzero((letter == 1) & own & (count > 2))
    if len(longer):
        line = np.repeat(np.arange(len(which)), count)
        inner = np.ones(len(starts), bool)
        inner[first], inner[closing] = False, False
        inner &= np.isin(line, longer)
        at = np.flatnonzero(inner)
        at = at[_looked_up(tails, hash_spans(folded, starts[at], gaps[at]))[1]]
        at = at[np.unique(line[at], return_index=True)[1]]
        if len(at):
            yield which[line[at]], _cut(written, first[line[at]], at)


def _cut(lines: Bytes, begin: Array, end: Array) -> Bytes:
    """Lines of the words from `begin` up to `end`, as `folding.words_of` counts them."""
    starts, gaps = words_of(lines)
    start, stop = starts[begin], gaps[end - 1] + 1
    total = np.cumsum(stop - start)
    cut: Bytes = lines[np.arange(total[-1]) + np.repeat(stop - total, stop - start)]
    cut[total - 1] = BREAK
    return cut


def _one_by_one(keys: LineKeys, names: Sequence[str], which: Array, traits: _Traits) -> None:
    kinds = traits.kinds[which].tolist()
    found = name_keys(
        names, [next(iter(TURKIC)) if turkic else "" for turkic in traits.turkic[which]],
        [traits.features[group] for group in traits.groups[which]], kinds,
    )  # fmt: skip
    own = [i for i, kind in enumerate(kinds) if kind == PRIMARY]
    bones = skeletons([names[i] for i in own])
    hashes = hash_all(bones)
    hashes[[not bone for bone in bones]] = 0
    keys.bone[which[own]] = hashes
    keys.blocks.append((
        which[np.array(found.owner, np.int64)], hash_all(found.sound), hash_all(found.fold).astype(np.uint32),
        np.array(found.kind, np.uint8),
    ))  # fmt: skip
