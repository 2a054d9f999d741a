"""A parsed text as plain objects: words with tags and heads, sentences, named entities.

They bear the names of spaCy's, so that who knows those can read on. spaCy makes a token and its strings anew
at each access; here each is made once, which is several times as fast for what looks at words many times.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, overload

if TYPE_CHECKING:
    from spacy.tokens import Doc as Tokens

#: What a word is wherever it has this tag and dependency: itself, in lower case, lemma, tag, part of speech,
#: dependency; whether it is white space, a mark, a number.
Meaning = tuple[str, str, str, str, str, str, bool, bool, bool]


_NUMBER = attrgetter("i")


class Token:
    """A word or mark of a text.

    Attributes
    ----------
    doc : Doc
    i, idx : int
        Its number in the text, and the code point where it starts.
    text, lower_, lemma_ : str
    tag_, pos_, dep_, ent_type_ : str
        Tag (Penn Treebank), part of speech (Universal), dependency (ClearNLP), label of the entity it is in.
    ent_iob_ : str
        ``B`` where a named entity begins, ``I`` inside of one, ``O`` elsewhere.
    is_space, is_punct, like_num, is_sent_start : bool
    head : Token
        What it hangs on; itself if on nothing.
    lefts, rights, children : list of Token
        What hangs on it before it, after it, and all of these; in the order of the text.
    forms : tuple of str or None
        What `geo.events.lexicon.forms` says it is, once it was asked.
    sent : Span
        Its sentence.
    """

    __slots__ = (
        "_subtree", "children", "dep_", "doc", "ent_iob_", "ent_type_", "forms", "head", "i", "idx",
        "is_punct", "is_sent_start", "is_space", "lefts", "lemma_", "like_num", "lower_", "pos_", "rights",
        "sent", "tag_", "text",
    )  # fmt: skip
    sent: Span

    def __init__(self, doc: Doc, i: int, idx: int, meaning: Meaning) -> None:
        self.doc, self.i, self.idx = doc, i, idx
        (
            self.text, self.lower_, self.lemma_, self.tag_, self.pos_, self.dep_,
            self.is_space, self.is_punct, self.like_num,
        ) = meaning  # fmt: skip
        self.ent_type_, self.ent_iob_, self.is_sent_start = "", "O", False
        self.head = self
        self.lefts = self.rights = self.children = _NOTHING
        self._subtree: list[Token] | None = None
        self.forms: tuple[str, ...] | None = None

    def hang_on(self, head: Token) -> None:
        """Set its head; words must be hung in the order of the text."""
        self.head = head
        if not head.children:
            head.lefts, head.rights, head.children = [], [], []
        (head.lefts if self.i < head.i else head.rights).append(self)
        head.children.append(self)

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return self.text

    @property
    def subtree(self) -> list[Token]:
        """It, and all that hangs on it, however far."""
        if self._subtree is None:
            self._subtree = []
            todo: list[tuple[Token, bool]] = [(self, False)]
            while todo:
                token, is_open = todo.pop()
                if is_open or not token.children:
                    self._subtree.append(token)
                    continue
                todo += [(t, False) for t in reversed(token.rights)]
                todo.append((token, True))
                todo += [(t, False) for t in reversed(token.lefts)]
        return self._subtree

    @property
    def left_edge(self) -> Token:
        """The first word of its subtree."""
        return min(self.subtree, key=_NUMBER)

    @property
    def right_edge(self) -> Token:
        """The last word of its subtree."""
        return max(self.subtree, key=_NUMBER)

    @property
    def ancestors(self) -> Iterator[Token]:
        """Its head, the head of that, and so on."""
        token = self
        while token.head is not token:
            token = token.head
            yield token

    def is_ancestor(self, descendant: Token) -> bool:
        """Whether another word hangs on it, however far."""
        return any(token is self for token in descendant.ancestors)

    def nbor(self, i: int = 1) -> Token:
        """Return the word `i` words on.

        Raises
        ------
        IndexError
            If the text has none.
        """
        if self.i + i < 0:
            raise IndexError(f"there is no word {-i} before {self.text!r}")
        return self.doc[self.i + i]


class Span:
    """Words of a text that follow each other: a sentence, or a named entity with its label.

    Attributes
    ----------
    doc : Doc
    start, end : int
        Tokens, end exclusive.
    label_ : str
    """

    __slots__ = ("doc", "end", "label_", "start")

    def __init__(self, doc: Doc, start: int, end: int, label: str = "") -> None:
        self.doc, self.start, self.end, self.label_ = doc, start, end, label

    def __len__(self) -> int:
        return self.end - self.start

    def __iter__(self) -> Iterator[Token]:
        return iter(self.doc.tokens[self.start : self.end])

    @overload
    def __getitem__(self, i: int) -> Token: ...
    @overload
    def __getitem__(self, i: slice) -> list[Token]: ...
    def __getitem__(self, i: int | slice) -> Token | list[Token]:
        """Return a word, or those of a slice."""
        return self.doc.tokens[self.start : self.end][i]

    def __repr__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        """As written, without the space after it."""
        return self.doc.text[self.start_char : self.end_char]

    @property
    def start_char(self) -> int:
        """The code point where it starts."""
        tokens = self.doc.tokens
        return tokens[self.start].idx if self.start < len(tokens) else len(self.doc.text)

    @property
    def end_char(self) -> int:
        """The code point where it ends (exclusive)."""
        if self.end <= self.start:
            return self.start_char
        last = self.doc.tokens[self.end - 1]
        return last.idx + len(last.text)


class Doc:
    """A parsed text.

    Attributes
    ----------
    text : str
    tokens : list of Token
    sents, ents : list of Span
        Sentences, which cover all tokens, and named entities.
    """

    __slots__ = ("ents", "sents", "text", "tokens")

    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens: list[Token] = []
        self.sents: list[Span] = []
        self.ents: list[Span] = []

    def set_sentences(self, firsts: Sequence[int]) -> None:
        """Set the sentences, by the first token of each."""
        for start, end in zip(firsts, [*firsts[1:], len(self.tokens)], strict=True):
            sentence = Span(self, start, end)
            self.sents.append(sentence)
            self.tokens[start].is_sent_start = True
            for token in sentence:
                token.sent = sentence

    def set_entities(self, found: Sequence[tuple[int, int, str]]) -> None:
        """Set the named entities: start, end (exclusive) and label of each."""
        for start, end, label in found:
            self.ents.append(Span(self, start, end, label))
            for token in self.ents[-1]:
                token.ent_type_, token.ent_iob_ = label, "B" if token.i == start else "I"

    def __len__(self) -> int:
        return len(self.tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self.tokens)

    @overload
    def __getitem__(self, i: int) -> Token: ...
    @overload
    def __getitem__(self, i: slice) -> Span: ...
    def __getitem__(self, i: int | slice) -> Token | Span:
        """Return a word, or the words of a slice."""
        if isinstance(i, slice):
            start, end, _ = i.indices(len(self.tokens))
            return Span(self, start, max(start, end))
        return self.tokens[i]

    def covering(self, start: int, end: int) -> Span | None:
        """Return the words that hold some code points (end exclusive); None where the text has none there."""
        if not 0 <= start < end <= len(self.text):
            return None
        first = bisect_right(self.tokens, start, key=lambda t: t.idx + len(t.text))
        last = bisect_left(self.tokens, end, key=lambda t: t.idx)
        return Span(self, first, last) if first < last else None


def taken_over(tokens: Tokens, text: str) -> Doc:
    """Make plain objects of a text that spaCy itself has parsed."""
    doc = Doc(text)
    for t in tokens:
        said = (t.text, t.lower_, t.lemma_, t.tag_, t.pos_, t.dep_, t.is_space, t.is_punct, t.like_num)
        doc.tokens.append(Token(doc, t.i, t.idx, said))
    for word, t in zip(doc.tokens, tokens, strict=True):
        if t.head.i != t.i:
            word.hang_on(doc.tokens[t.head.i])
    doc.set_sentences([sentence.start for sentence in tokens.sents])
    doc.set_entities([(e.start, e.end, e.label_) for e in tokens.ents])
    return doc


#: Of words on which nothing hangs; it stays empty.
_NOTHING: list[Token] = []
