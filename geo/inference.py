"""The language model's sums on whole arrays: tags, parse, lemmas and names of a text in a fifth of the time.

The weights, the parser's moves and the rules are spaCy's, and so are the results but for the last bit of a
sum. What is done another way is the arithmetic. Matrices are multiplied by numpy, three times as fast as by
spaCy's own routine. The vector of a word by itself is kept from one text to the next, and so is what the
rules say of it. Pieces of a text are parsed side by side, a step of all of them at once. A token outside of
names is scored without regard to what came before it, and thus all of them in one go. A model that is built
otherwise is left to spaCy.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count, repeat
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from geo.language import load_model
from geo.layers import Encoder, Floats, Scorer
from geo.parsed import Doc, Meaning, Token, taken_over

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc as Tokens
    from threadpoolctl import ThreadpoolController

Ids = NDArray[np.uint64]
Flags = NDArray[np.bool_]

#: Words of which something is kept, some 60 MB; beyond, all is forgotten and kept anew.
WORDS = 40_000
#: Read in both ways before the quick one is trusted.
_SAMPLE = (
    "Troops shelled Kharkiv on Monday, killing two people, officials in Kyiv said. Nobody claimed the attack."
)


@dataclass(frozen=True, slots=True)
class Moves:
    """The moves of the name finder: their labels, what they do, and those of a label that go on or close."""

    label: list[str]
    begins: Flags
    whole: Flags
    inside: Flags
    goes_on: dict[str, int]
    closes: dict[str, int]

    @classmethod
    def of(cls, system: Any) -> Moves:  # noqa: ANN401 - spaCy's, not typed
        """Take over a ``BiluoPushDown``."""
        names = [system.get_class_name(i) for i in range(system.n_moves)]
        kind = np.array([name[0] for name in names])
        label = [name[2:] for name in names]
        on, closes = ({label[i]: i for i in np.flatnonzero(kind == k).tolist()} for k in "IL")
        # A whole name without a label marks what must not be one: of use in training alone.
        inside = np.isin(kind, ("I", "L")) | np.array([name == "U-" for name in names])
        return cls(label, kind == "B", kind == "U", inside, on, closes)


@dataclass(frozen=True, slots=True)
class Ruled:
    """The words, in lower case, that rules name: all that match any of the patterns too.

    Where rules look at more than words, tags and dependencies, that is every word.
    """

    words: frozenset[str]
    patterns: tuple[re.Pattern[str], ...]

    @classmethod
    def by(cls, ruler: Any) -> Ruled:  # noqa: ANN401 - spaCy's, not typed
        """Gather those of an ``attribute_ruler``."""
        looks = [token for rule in ruler.patterns for pattern in rule["patterns"] for token in pattern]
        if any(set(look) - {"TAG", "DEP", "LOWER", "IS_SPACE"} for look in looks):
            return cls(frozenset(), (re.compile(""),))
        named = [look["LOWER"] for look in looks if "LOWER" in look]
        words = {word for name in named for word in ([name] if isinstance(name, str) else name.get("IN", ()))}
        others = [name for name in named if not isinstance(name, str) and set(name) - {"IN"}]
        if any(set(name) - {"IN", "REGEX"} for name in others):
            return cls(frozenset(), (re.compile(""),))
        return cls(frozenset(words), tuple(re.compile(name["REGEX"]) for name in others))

    def as_seen(self, word: str) -> str:
        """Give a word as the rules see it: those that they do not name are alike, and so is white space."""
        word = word.lower()
        if word in self.words or any(p.search(word) for p in self.patterns):
            return word
        return " " if word.isspace() else ""


@dataclass(slots=True)
class Pipeline:
    """The parts of the language model, and what is known of words.

    Attributes
    ----------
    rows : dict
        By the spelling, the norm and the space after a word: its row in the tables of the encoders.
    meanings : dict
        By the spelling, tag and dependency of a word, and whether it follows an expletive: what it is as the
        rules have it.
    ruled : Ruled
        The words that the rules name.
    kinds : dict
        By tag, dependency, expletive before it and the word as the rules see it: tag, part of speech,
        dependency, form and lemma (if any) that the rules give.
    """

    nlp: Language
    threads: ThreadpoolController
    syntax: Encoder
    tagger: tuple[Floats, Floats]
    tags: Ids
    parser: Scorer
    context: Encoder
    names: Scorer
    moves: Moves
    ruled: Ruled
    rows: dict[tuple[int, ...], int] = field(default_factory=dict)
    meanings: dict[tuple[int, ...], Meaning] = field(default_factory=dict)
    kinds: dict[tuple[int, int, int, str], tuple[str, str, str, str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, nlp: Language) -> Pipeline:
        """Take over a loaded pipeline."""
        from threadpoolctl import ThreadpoolController

        parts: list[Any] = [nlp.get_pipe(name) for name in ("tok2vec", "tagger", "parser", "ner")]
        tok2vec, tagger, parser, ner = parts
        softmax = next(n for n in tagger.model.walk() if n.name == "softmax")
        return cls(
            nlp,
            ThreadpoolController(),
            Encoder.of(tok2vec.model),
            (softmax.get_param("W").T, softmax.get_param("b")),
            np.array([nlp.vocab.strings[tag] for tag in tagger.labels], np.uint64),
            Scorer.of(parser.model),
            Encoder.of(ner.model.get_ref("tok2vec").layers[0]),
            Scorer.of(ner.model),
            Moves.of(ner.moves),
            Ruled.by(nlp.get_pipe("attribute_ruler")),
        )

    def annotate(self, tokens: Tokens, cuts: Sequence[int], held: Collection[int], text: str) -> Doc:
        """Parse a tokenized text, see `annotate`."""
        # The matrices of one text are too small to share out: threads would wait for each other.
        with self.threads.limit(limits=1, user_api="blas"):
            return self._annotate(tokens, cuts, held, text)

    def _annotate(self, tokens: Tokens, cuts: Sequence[int], held: Collection[int], text: str) -> Doc:
        rows = self._rows(tokens)
        vectors = self.syntax(rows)
        tags = self.tags[(vectors @ self.tagger[0] + self.tagger[1]).argmax(axis=1)]
        heads, deps, starts = self._parse(tokens, cuts, held, vectors).T
        meanings = self._meanings(tokens, tags, deps)
        doc = Doc(text)
        begins = tokens.to_array(["IDX"]).tolist()
        doc.tokens += map(Token, repeat(doc), count(), begins, meanings)
        for word, head in zip(doc.tokens, heads.astype(np.int64).tolist(), strict=True):
            if head:
                word.hang_on(doc.tokens[word.i + head])
        firsts = starts == 1
        doc.set_sentences(np.flatnonzero(firsts).tolist())
        spaces = np.array([t.is_space for t in doc])
        doc.set_entities(self._names(self.context(rows), firsts, spaces))
        return doc

    def forget(self) -> None:
        """Forget what is kept of words."""
        self.rows.clear()
        self.meanings.clear()
        self.kinds.clear()
        for encoder in (self.syntax, self.context):
            encoder.known = 0

    def _rows(self, tokens: Tokens) -> NDArray[np.intp]:
        """Rows of the words of a text in the tables of the encoders; new words are added."""
        from spacy.tokens import Doc as Tokens

        if len(self.rows) > WORDS or len(self.meanings) > 2 * WORDS:
            self.forget()
        keys = [tuple(key) for key in tokens.to_array(["ORTH", "NORM", "SPACY"]).tolist()]
        if new := [key for key in dict.fromkeys(keys) if key not in self.rows]:
            strings = tokens.vocab.strings
            words = Tokens(tokens.vocab, [strings[key[0]] for key in new], [bool(key[2]) for key in new])
            for token, key in zip(words, new, strict=True):
                token.norm_ = strings[key[1]]
                self.rows[key] = len(self.rows)
            for encoder in (self.syntax, self.context):
                encoder.learn(words)
        return np.array([self.rows[key] for key in keys])

    def _parse(self, tokens: Tokens, cuts: Sequence[int], held: Collection[int], vectors: Floats) -> Ids:
        """Heads, dependencies and sentence starts of a text cut into pieces, a step of all pieces at once."""
        from spacy.ml.parser_model import ParserStepModel
        from spacy.tokens import Doc as Tokens

        parser: Any = self.nlp.get_pipe("parser")
        orths, spaced = tokens.to_array(["ORTH", "SPACY"]).T.tolist()
        words, spaces = [tokens.vocab.strings[orth] for orth in orths], [bool(space) for space in spaced]
        pieces = []
        for start, end in zip(cuts, [*cuts[1:], len(tokens)], strict=True):
            pieces.append(Tokens(tokens.vocab, words[start:end], spaces[start:end]))
            for i in held:
                if start <= i < end:
                    pieces[-1][i - start].is_sent_start = False
        seen = self.parser.look(vectors)
        features = np.arange(seen.shape[1])
        each = seen.reshape(-1, seen.shape[2])  # no token is number -1: the last of the rows
        looking = SimpleNamespace(state2vec=SimpleNamespace(nF=len(features)))
        begun = parser.moves.init_batch(pieces)
        states = [s for s in begun if not s.is_final()]
        while states:
            looked_at = ParserStepModel.get_token_ids(looking, states)
            looked_at = looked_at * len(features) + features
            scores = self.parser.score(each.take(looked_at, axis=0, mode="wrap").sum(axis=1))
            states = parser.transition_states(states, scores)
        parser.set_annotations(pieces, begun)
        return np.vstack([piece.to_array(["HEAD", "DEP", "SENT_START"]) for piece in pieces])

    def _names(self, vectors: Floats, firsts: Flags, spaces: Flags) -> list[tuple[int, int, str]]:
        """Find named entities: start, end (exclusive), label."""
        seen, moves, never = self.names.look(vectors), self.moves, np.float32(-np.inf)
        last = np.append(firsts[1:], True)
        scores = self.names.score(seen[:-1, 0] + seen[-1, 1] + seen[-1, 2])
        scores[:, moves.inside] = never
        scores[np.ix_(last | spaces, moves.begins)] = never
        scores[np.ix_(spaces, moves.whole)] = never
        best = scores.argmax(axis=1)
        labels = [moves.label[move] for move in best.tolist()]
        begins = np.flatnonzero(moves.begins[best])
        ends = self._ends(seen, begins, [labels[i] for i in begins], last)
        found, free = [], 0
        for i, label in enumerate(labels):
            if label and i >= free:
                free = ends.get(i, i + 1)
                found.append((i, free, label))
        return found

    def _ends(
        self, seen: Floats, first: NDArray[np.intp], labels: Sequence[str], last: Flags
    ) -> dict[int, int]:
        """End (exclusive) of the named entity that may begin at each of some tokens, all of them at once."""
        on = np.array([self.moves.goes_on[label] for label in labels], int)
        close = np.array([self.moves.closes[label] for label in labels], int)
        ends: dict[int, int] = {}
        at = first + 1
        while len(at):
            scores = self.names.score(seen[at, 0] + seen[first, 1] + seen[at - 1, 2])
            each = np.arange(len(at))
            goes = (scores[each, on] > scores[each, close]) & ~last[at]
            ends.update(zip(first[~goes].tolist(), (at[~goes] + 1).tolist(), strict=True))
            first, at, on, close = first[goes], at[goes] + 1, on[goes], close[goes]
        return ends

    def _meanings(self, tokens: Tokens, tags: Ids, deps: Ids) -> list[Meaning]:
        """Say what each word is as the rules have it."""
        after = np.append(False, deps[:-1] == tokens.vocab.strings["expl"])
        keys = [tuple(k) for k in np.column_stack([tokens.to_array(["ORTH"]), tags, deps, after]).tolist()]
        if new := [key for key in dict.fromkeys(keys) if key not in self.meanings]:
            self._learn(new)
        return [self.meanings[key] for key in keys]

    def _learn(self, new: Sequence[tuple[int, ...]]) -> None:
        """Let the rules say what words are, each after a word that means nothing to it, or an expletive."""
        from spacy.tokens import Doc as Tokens

        text = self.nlp.vocab.strings.__getitem__
        # Most words mean nothing to the rules, which go by the tag then: they are asked once for all of them.
        kinds = [(tag, dep, after, self.ruled.as_seen(text(orth))) for orth, tag, dep, after in new]
        unknown = {kind: key for kind, key in zip(kinds, new, strict=True) if kind not in self.kinds}
        rows: list[tuple[str, str, str]] = []
        for orth, tag, dep, after in unknown.values():
            rows.append(("there", "EX", "expl") if after else (";", ":", "punct"))
            rows.append((text(orth), text(tag), text(dep)))
        if rows:
            words, tags, deps = map(list, zip(*rows, strict=True))
            tokens = Tokens(self.nlp.vocab, words, tags=tags, deps=deps, heads=list(range(len(rows))))
            for kind, t in zip(
                unknown, list(self.nlp.get_pipe("attribute_ruler")(tokens))[1::2], strict=True
            ):
                self.kinds[kind] = t.tag_, t.pos_, t.dep_, str(t.morph), t.lemma_
        words = [text(orth) for orth, *_ in new]
        said = [self.kinds[kind] for kind in kinds]
        tags, pos, deps, morphs, lemmas = map(list, zip(*said, strict=True))
        tokens = Tokens(self.nlp.vocab, words, tags=tags, pos=pos, morphs=morphs, lemmas=lemmas)
        for key, dep, t in zip(new, deps, self.nlp.get_pipe("lemmatizer")(tokens), strict=True):
            named = (t.text, t.text.lower(), t.lemma_, t.tag_, t.pos_, dep)
            self.meanings[key] = (*named, t.is_space, t.is_punct, t.like_num)


@dataclass(frozen=True, slots=True)
class Stock:
    """SpaCy's own sums, for a model that is built in another way than the official small ones."""

    nlp: Language

    def annotate(self, tokens: Tokens, cuts: Sequence[int], held: Collection[int], text: str) -> Doc:
        """Parse a tokenized text, see `annotate`."""
        for where, starts in ((cuts, True), (held, False)):
            for i in where:
                tokens[i].is_sent_start = starts
        for _, component in self.nlp.pipeline:
            tokens = component(tokens)
        return taken_over(tokens, text)

    def forget(self) -> None:
        """Do nothing: nothing is kept."""


@cache
def _pipeline() -> Pipeline | Stock:
    return pipeline_of(load_model())


def pipeline_of(nlp: Language) -> Pipeline | Stock:
    """Take over a model; where its parts are others, or a sample is read otherwise, leave it to spaCy."""
    stock = Stock(nlp)
    try:
        quick = Pipeline.of(nlp)
        both = [p.annotate(nlp.make_doc(_SAMPLE), [0], (), _SAMPLE) for p in (quick, stock)]
    except (AttributeError, ImportError, IndexError, KeyError, StopIteration, TypeError, ValueError):
        return stock
    ours, spacys = ([(t.tag_, t.dep_, t.head.i, t.lemma_, t.ent_type_) for t in doc] for doc in both)
    return quick if ours == spacys else stock


def forget() -> None:
    """Forget what is kept of words, as a process does that starts."""
    _pipeline().forget()


def annotate(tokens: Tokens, cuts: Sequence[int], held: Collection[int] = (), text: str | None = None) -> Doc:
    """Find tags, parts of speech, lemmas, heads, sentences and named entities of a tokenized text.

    Parameters
    ----------
    tokens : spacy.tokens.Doc
        Made by the tokenizer of `geo.language.load_model`.
    cuts : sequence of int
        Tokens at which a sentence starts, whatever the parser says; the first one of the text among them.
    held : collection of int, optional
        Tokens at which none does.
    text : str, optional
        That of the tokens, which spaCy takes long to put together.

    Returns
    -------
    geo.parsed.Doc
    """
    text = tokens.text if text is None else text
    return _pipeline().annotate(tokens, cuts, held, text) if len(tokens) else Doc(text)
