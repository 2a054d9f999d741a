"""Names to keys: one way of spelling for building the index and for looking up.

Three rungs, each coarser than the one above: the name as written, `normalize` (case, accents and
punctuation gone) and `sound_key` (scripts romanised, rival romanisations of one sound made equal).
A name whose sounds agree is a candidate; the rung on which it agrees is remembered and ranked.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

#: Latin letters that Unicode does not decompose, as GeoNames writes them in ASCII.
_LATIN = str.maketrans({
    "ə": "a", "ǝ": "a", "ɘ": "a", "ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ł": "l",
    "ħ": "h", "ŋ": "ng", "ĸ": "k", "ŧ": "t", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɣ": "g", "ɛ": "e", "ɔ": "o",
})  # fmt: skip
#: Marks that are part of a letter's spelling, not between words: apostrophes, hamza, ayn, prime, Arabic tatweel, ZWJ.
_DROP = dict.fromkeys(map(ord, "'’‘ʼʻ`´ʹʺ′″ʾʿˈˊˋ״׳՚՛՜՞ـ\u200b\u200c\u200d\u00ad\ufeff·"))
#: What Persian, Urdu and Kurdish write differently from Arabic.
_ABJAD = str.maketrans("يىئېےكڪۀةہھأإآٱؤ", "یییییککههههااااو")
_WORD = re.compile(r"[^\W_]+")
_ABJAD_TEXT = re.compile("[\u0590-\u05ff\u0600-\u06ff]")
_TURKIC = re.compile("[əǝğı]")


@lru_cache(maxsize=65536)
def normalize(name: str) -> str:
    """Fold a name to its key: lower case, no accents, no punctuation, single spaces.

    Parameters
    ----------
    name : str
        A name in any script.

    Returns
    -------
    str
        The key; ``""`` where nothing of the name is a letter or a digit. Folding a key again changes nothing.

    Examples
    --------
    >>> normalize("Kəlbəcər rayonu"), normalize("Saint-Étienne"), normalize("  BAKI ")
    ('kalbacar rayonu', 'saint etienne', 'baki')
    """
    if name.isascii():
        text = name.lower().replace("'", "").replace("`", "")
    else:
        text = unicodedata.normalize("NFKD", name).casefold().translate(_DROP)
        # Case folding can bring new composed letters and new capitals can hide in compatibility forms: once more.
        text = unicodedata.normalize("NFKD", text).casefold().translate(_DROP).translate(_LATIN)
        text = "".join(c for c in text if not unicodedata.category(c).startswith("M")).translate(_ABJAD)
        text = unicodedata.normalize("NFC", text)
    return " ".join(_WORD.findall(text))


@dataclass(frozen=True, slots=True)
class _Tables:
    """Romanisation of letters by script, and the reductions of Latin spellings, from ``data/letters.csv``."""

    letters: dict[int, str]
    sounds: tuple[tuple[str | re.Pattern[str], str], ...]


@lru_cache(maxsize=1)
def _tables() -> _Tables:
    letters: dict[int, str] = {}
    with (DATA / "letters.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            letters[ord(row["letter"])] = row["latin"]
    with (DATA / "sounds.csv").open(encoding="utf-8", newline="") as file:
        sounds = tuple(rule for row in csv.DictReader(file) for rule in _sound_rules(row["spelling"], row["sound"]))
    return _Tables(letters, sounds)


def _sound_rules(spelling: str, sound: str) -> Iterator[tuple[str | re.Pattern[str], str]]:
    """Plain spellings are replaced as they are, longest first: that is ten times quicker than a pattern."""
    if re.fullmatch(r"[a-z|]+", spelling):
        yield from ((plain, sound) for plain in sorted(spelling.split("|"), key=len, reverse=True))
    else:
        yield re.compile(spelling), sound


_SHORT = {"saint": "st", "sainte": "st", "sankt": "st", "santa": "sta", "mount": "mt", "fort": "ft"}
_ARTICLES = frozenset(
    {"al", "el", "ash", "as", "ar", "at", "an", "ad", "az", "the", "le", "la", "les", "los", "las"}
)


def romanize(name: str, *, turkic: bool = False) -> str:
    """Write a name of any script in plain Latin letters, lower case.

    Parameters
    ----------
    name : str
    turkic : bool
        Read Latin letters as Azerbaijani and Turkish do (c as j, x as kh, q as g); names with ə, ğ or ı
        are read so in any case.
    """
    text = unicodedata.normalize("NFC", name).casefold().translate(_DROP).translate(_ABJAD)
    if turkic or _TURKIC.search(text):
        text = text.translate({ord("c"): "j", ord("x"): "kh", ord("q"): "g"})
    if not text.isascii():
        text = text.translate(_tables().letters)
    return normalize(text)


@lru_cache(maxsize=65536)
def sound_key(name: str, *, turkic: bool = False) -> str:
    """Reduce a name to how it sounds, so that romanisations of one name meet.

    Kelbadjar, Kəlbəcər, Kalbajar, Кельбаджар and Քելբաջար have one key; Kalbajar and Kalbar have not.
    Spaces do not count, nor do articles in front.

    Returns
    -------
    str
        Letters (S for sh, C for ch) and digits; ``""`` for a name with none.
    """
    words = romanize(name, turkic=turkic).split()
    if len(words) > 1 and words[0] in _ARTICLES:
        words = words[1:]
    text = "".join(_SHORT.get(word, word) for word in words)
    for spelling, sound in _tables().sounds:
        text = text.replace(spelling, sound) if isinstance(spelling, str) else spelling.sub(sound, text)
    return text


def skeleton(name: str) -> str:
    """Consonants of a name, for scripts that write few vowels; ``""`` where fewer than three are left."""
    # Letter by letter where vowels are not written: neighbours there are not digraphs (Tehran is t-h-r-n).
    key = "".join(map(sound_key, normalize(name))) if is_abjad(name) else sound_key(name)
    key = re.sub("[aiouv]", "", key)
    return key if len(key) >= 3 else ""


def is_abjad(name: str) -> bool:
    """Whether the name is in Arabic or Hebrew script."""
    return _ABJAD_TEXT.search(name) is not None


@dataclass(frozen=True, slots=True)
class Stripped:
    """A name without its generic word, and the feature classes that the word speaks for."""

    name: str
    generic: str
    classes: tuple[str, ...]


@lru_cache(maxsize=1)
def _generics() -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    before: dict[str, tuple[str, ...]] = {}
    after: dict[str, tuple[str, ...]] = {}
    with (DATA / "generics.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            classes = tuple(row["features"].split("|"))
            for side, table in (("before", before), ("after", after)):
                if side in row["side"]:
                    table[normalize(row["word"])] = classes
    return before, after


@lru_cache(maxsize=65536)
def strip_generic(name: str) -> Stripped | None:
    """Take the generic word off a name: "Kalbajar district" is Kalbajar, and a division.

    Returns
    -------
    Stripped or None
        None where the name holds no generic word, or nothing else.
    """
    words = normalize(name).split()
    # The name keeps its own letters where its words can be told apart as written.
    written = name.split() if len(name.split()) == len(words) else words
    before, after = _generics()
    for size in (3, 2, 1):
        if len(words) <= size:
            continue
        tail, head = " ".join(words[-size:]), " ".join(words[:size])
        if tail in after:
            # "the Kalbajar district" loses its article too.
            start = 1 if words[0] == "the" and len(words) > size + 1 else 0
            return Stripped(" ".join(written[start:-size]), tail, after[tail])
        if head in before:
            return Stripped(" ".join(written[size:]), head, before[head])
    return None
