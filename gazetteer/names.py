"""Names to keys: one way of spelling for building the index and for looking up.

Three rungs, each coarser than the one above: the name as written, `normalize` (case, accents and
punctuation gone) and `sound_key` (scripts romanised, rival romanisations of one sound made equal).
A name whose sounds agree is a candidate; the rung on which it agrees is remembered and ranked.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from gazetteer.letters import DATA, letters, pairs, sound_rules

#: Letters from which names of ASCII are reduced as bytes: some twenty times as quick, at a cost of its own.
MANY = 2000

#: Latin letters that Unicode does not decompose, as GeoNames writes them in ASCII.
_LATIN = str.maketrans({
    "ə": "a", "ǝ": "a", "ɘ": "a", "ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th",
    "ł": "l", "ħ": "h", "ŋ": "ng", "ĸ": "k", "ŧ": "t", "ɓ": "b", "ɗ": "d", "ƙ": "k", "ƴ": "y", "ɣ": "g",
    "ɛ": "e", "ɔ": "o",
})  # fmt: skip
#: Marks that are part of a letter's spelling, not between words: apostrophes, hamza, ayn, tatweel ...
_DROP: dict[int, Any] = dict.fromkeys(map(ord, "'’‘ʼʻ`´ʹʺ′″ʾʿˈˊˋ״׳՚՛՜՞ـ\u200b\u200c\u200d\u00ad\ufeff·"))
#: What Persian, Urdu and Kurdish write differently from Arabic.
_ABJAD = str.maketrans("يىئېےكڪۀةہھأإآٱؤ", "یییییککههههااااو")
#: Accents and vowel points of Latin, Greek, Cyrillic, Hebrew and Arabic; Indic vowel signs are letters.
_MARKS: dict[int, Any] = dict.fromkeys(
    code
    for low, high in (
        (0x300, 0x36F), (0x483, 0x489), (0x591, 0x5C7), (0x610, 0x61A), (0x64B, 0x65F), (0x670, 0x670),
        (0x6D6, 0x6ED), (0x8D3, 0x8FF), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF),
        (0xFE00, 0xFE2F),
    )
    for code in range(low, high + 1)
)  # fmt: skip
_FOLD = {**_LATIN, **_ABJAD, **_DROP, **_MARKS, 0x1680: " "}  # the last one is Ogham's space
_APART = re.compile("[^\\w\n\u0900-\u1cff\u3099\u309a\ua800-\uabff]+|_+")
# Patterns begin with letters and look back from there: the search for a letter is what is quick.
_ACRONYM = re.compile(r"\.(?<=\b\w.)(?=\w\b)")  # U.A.E. is UAE
_SPACES = re.compile("  +")
_ABJAD_TEXT = re.compile("[\u0590-\u05ff\u0600-\u06ff]")
_INDIC_TEXT = re.compile("[\u0900-\u0dff]")
_BEYOND = re.compile(r"[^\x00-\x7f]+")
_VOWELS = re.compile("[aiouv]")
_TURKIC_LINE = re.compile("^.*[əǝğı].*$", re.MULTILINE)
_TURKIC = {ord("c"): "j", ord("x"): "kh", ord("q"): "g"}
_ARTICLE = re.compile("^(?:al|el|ash|as|ar|at|an|ad|az|the|le|la|les|los|las) (?=.)", re.MULTILINE)
_PARTICLE = re.compile(
    " (?:de|del|la|las|los|el|do|da|dos|das|du|des|di|della|von|van|of|the|al|e|y|i|und|and)(?= [^ ])"
)
_SHORT = re.compile(r"[smf](?<!\w.)(?:(?<=s)(ainte?|ankt)|(?<=s)(anta)|(?<=m)(ount)|(?<=f)(ort))\b")


def _fold(text: str) -> str:
    """Fold names, one a line: whole texts at once cost a twentieth of name by name."""
    if text.isascii():
        if len(text) > MANY:
            from gazetteer.folding import fold_lines

            return _through(fold_lines, text)
        text = text.replace("'", "").replace("`", "")
    else:
        # Case folding brings new compatibility forms and these new capitals: twice, then it is stable.
        for _ in range(2):
            text = unicodedata.normalize("NFKD", text).casefold()
        text = unicodedata.normalize("NFC", text.translate(_FOLD))
    text = _SPACES.sub(" ", _APART.sub(" ", _ACRONYM.sub("", text)))
    return text.replace("\n ", "\n").replace(" \n", "\n").strip(" ")


# Lower case comes first everywhere: what names of one lower-case spelling are reduced to is the same.
def _by_line(names: Sequence[str], reduce: Callable[[str], str]) -> list[str]:
    """Reduce many names as one text, plain ASCII ones apart: they are five times as quick alone."""
    plain = [name for name in names if name.isascii()]
    if len(plain) not in (0, len(names)):
        others = iter(_by_line([name for name in names if not name.isascii()], reduce))
        plains = iter(_by_line(plain, reduce))
        return [next(plains) if name.isascii() else next(others) for name in names]
    return reduce("\n".join(name.replace("\n", " ") for name in names).lower()).split("\n") if names else []


def normalize_all(names: Sequence[str]) -> list[str]:
    """Fold many names, as `normalize` does each."""
    return _by_line(names, _fold)


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
    return _fold(name.replace("\n", " ").lower())


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Folded names that must never resolve without other evidence, from ``data/names_never_alone.csv``."""
    with (DATA / "names_never_alone.csv").open(encoding="utf-8", newline="") as file:
        return frozenset(normalize(row["name"]) for row in csv.DictReader(file))


def romanize(text: str, *, turkic: bool) -> str:
    """Write names, one a line, in folded Latin letters."""
    if turkic or not text.isascii():
        text = unicodedata.normalize("NFC", text).casefold().translate(_DROP).translate(_ABJAD)
        if turkic:
            text = text.translate(_TURKIC)
        else:
            text = _TURKIC_LINE.sub(lambda line: line[0].translate(_TURKIC), text)
        for pair, latin in pairs():  # Armenian and Greek write u with two letters
            text = text.replace(pair, latin)
        text = text.translate(letters())
    text = _fold(text)
    # What our table does not read (Chinese, Japanese, Korean, Indic, Ethiopic ...): the anyascii package
    # does.
    return text if text.isascii() else _BEYOND.sub(_other_scripts, text)


def _other_scripts(run: re.Match[str]) -> str:
    from anyascii import anyascii

    return "".join(c for c in anyascii(run[0]).lower() if c.isalnum())


def _through(reduce: Callable[..., Any], text: str) -> str:
    """Reduce many names of ASCII, one a line, as bytes."""
    import numpy as np

    reduced: bytes = reduce(np.frombuffer(f"{text}\n".encode(), np.uint8)).tobytes()
    return reduced[:-1].decode()


def _sound(text: str, *, turkic: bool) -> str:
    text = romanize(text, turkic=turkic)
    if len(text) > MANY:
        from gazetteer.folding import sound_lines

        return _through(sound_lines, text)
    text = _PARTICLE.sub("", _ARTICLE.sub("", text))
    text = _SHORT.sub(lambda m: ("st", "sta", "mt", "ft")[(m.lastindex or 1) - 1], text).replace(" ", "")
    for spelling, sound in sound_rules():
        text = text.replace(spelling, sound) if isinstance(spelling, str) else spelling.sub(sound, text)
    return text


def sound_keys(names: Sequence[str], *, turkic: bool = False) -> list[str]:
    """Reduce many names, as `sound_key` does each."""
    return _by_line(names, lambda text: _sound(text, turkic=turkic))


@lru_cache(maxsize=65536)
def sound_key(name: str, *, turkic: bool = False) -> str:
    """Reduce a name to how it sounds, so that romanisations of one name meet.

    Kelbadjar, Kəlbəcər, Kalbajar, Кельбаджар and Քելբաջար have one key; Kalbajar and Kalbar have not.
    Spaces do not count, nor do articles in front.

    Parameters
    ----------
    name : str
    turkic : bool
        Read Latin letters as Azerbaijani and Turkish do (c as j, x as kh, q as g); names with ə, ğ or ı
        are read so in any case.

    Returns
    -------
    str
        Letters (S for sh, C for ch) and digits; ``""`` for a name with none.
    """
    return _sound(name.replace("\n", " ").lower(), turkic=turkic)


def skeletons(names: Sequence[str]) -> list[str]:
    """Consonants of names, for scripts that write few vowels; ``""`` where fewer than three are left."""
    bones = sound_keys(names)
    for i, name in enumerate(names):
        if is_abjad(name):
            # Letter by letter where vowels are not written: neighbours there are not digraphs (Tehran is
            # t-h-r-n).
            bones[i] = "".join(sound_keys(list(normalize(name))))
    return [bone if len(bone) >= 3 else "" for bone in (_VOWELS.sub("", bone) for bone in bones)]


def is_abjad(name: str) -> bool:
    """Whether the name is in Arabic or Hebrew script."""
    return _ABJAD_TEXT.search(name) is not None


def hides_vowels(name: str) -> bool:
    """Whether vowels are not written: most in Arabic and Hebrew, the inherent one in Indic scripts."""
    return is_abjad(name) or _INDIC_TEXT.search(name) is not None


@dataclass(frozen=True, slots=True)
class Stripped:
    """A name without its generic word, and the feature classes that the word speaks for."""

    name: str
    generic: str
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Generics:
    """Generic words by where they stand, with their feature classes, from ``data/generics.csv``."""

    before: dict[str, tuple[str, ...]]
    after: dict[str, tuple[str, ...]]
    suffix: dict[str, tuple[str, ...]]
    tail: frozenset[str]


@lru_cache(maxsize=1)
def _generics() -> _Generics:
    sides: dict[str, dict[str, tuple[str, ...]]] = {"before": {}, "after": {}, "suffix": {}, "tail": {}}
    with (DATA / "generics.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            for side in row["side"].split("|"):
                sides[side][normalize(row["word"])] = tuple(row["features"].split("|"))
    return _Generics(sides["before"], sides["after"], sides["suffix"], frozenset(sides["tail"]))


def may_strip(fold: str) -> bool:
    """Whether a folded name can hold a generic word: it has two words, or ends as such a word is written."""
    return " " in fold or fold[-1:] in _generics().suffix


def strip_generic(name: str, fold: str | None = None) -> Stripped | None:
    """Take the generic word off a name: "Kalbajar district" is Kalbajar, and a division.

    Parameters
    ----------
    name : str
    fold : str, optional
        ``normalize(name)`` where it is known already.

    Returns
    -------
    Stripped or None
        None where the name holds no generic word, or nothing else.
    """
    fold = normalize(name) if fold is None else fold
    words = fold.split(" ")
    written = name.split()  # the name keeps its own letters where its words can be told apart as written
    written = written if len(written) == len(words) else words
    if words[0] == "the" and len(words) > 2:  # "the city of Baku", "the Kalbajar district"
        words, written = words[1:], written[1:]
    generics = _generics()
    if len(words) == 1:
        classes = generics.suffix.get(fold[-1:])
        return Stripped(fold[:-1], fold[-1], classes) if classes and len(fold) > 1 else None
    for size in (3, 2, 1):
        if len(words) <= size:
            continue
        tail, head = " ".join(words[-size:]), " ".join(words[:size])
        if tail in generics.after:
            return Stripped(" ".join(written[:-size]), tail, generics.after[tail])
        if head in generics.before:
            return Stripped(" ".join(written[size:]), head, generics.before[head])
    return None


def short_form(name: str, fold: str) -> str | None:
    """Give the name without what it lies at: Frankfurt of "Frankfurt am Main"; else None."""
    words = fold.split(" ")
    if len(words) > 2:
        written = name.split()
        for i in range(1, len(words) - 1):
            if words[i] in _generics().tail:
                return " ".join((written if len(written) == len(words) else words)[:i])
    return None
