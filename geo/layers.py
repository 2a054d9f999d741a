"""The layers of the language model as sums on whole arrays: words in context, and the scores of moves.

Matrices are multiplied by numpy, three times as fast as by spaCy's own routine; the vector of a word alone
is kept from one text to the next, and so is the room for sums.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from spacy.tokens import Doc as Tokens

Floats = NDArray[np.float32]

#: Numbers of an array at most, 8 MB, that is kept for the next text.
ROOM = 2_000_000
_TINY = np.float32(1e-8)

#: Weights (inputs, pieces x width), bias, gain and shift of a maxout layer and the layer norm after it.
Layer = tuple[Floats, Floats, Floats, Floats]


def _layers(model: Any) -> list[Layer]:  # noqa: ANN401 - a thinc model
    """Take over all such layers of a model."""
    nodes = list(model.walk())
    layers = []
    for maxout, norm in zip(
        *([n for n in nodes if n.name == name] for name in ("maxout", "layernorm")), strict=True
    ):
        w = maxout.get_param("W")  # width, pieces, inputs
        # All first pieces side by side, then all second ones: the largest is taken of whole rows.
        weights = np.ascontiguousarray(w.transpose(2, 1, 0)).reshape(w.shape[2], -1)
        layers.append((weights, maxout.get_param("b").T.ravel(), norm.get_param("G"), norm.get_param("b")))
    return layers


class Desk(threading.local):
    """Room for sums that is used again for the next text: new room costs as much time as the sums."""

    def __init__(self) -> None:
        self.kept: dict[str, Floats] = {}

    def room(self, name: str, *shape: int) -> Floats:
        """Give an array of a shape, whatever its numbers; it holds until the name is asked for again."""
        size = math.prod(shape)
        kept = self.kept.get(name)
        if kept is None or len(kept) < size:
            kept = np.empty(size, np.float32)
            if size <= ROOM:
                self.kept[name] = kept
        return kept[:size].reshape(shape)


@dataclass(slots=True)
class Encoder:
    """Vectors of words in context: those of the words alone, then layers that each see one neighbour further.

    Attributes
    ----------
    embed : tuple of thinc.model.Model
        Gives what words alone are looked up by, and the rows found, side by side.
    mix : tuple
        The layer that makes one vector of these, as in `layers`.
    layers : list of tuple
        Those of the ``MaxoutWindowEncoder``, each of which sees three words.
    table : numpy.ndarray
        (words, width): the vectors kept, and room for more.
    known : int
        How many they are.
    """

    embed: tuple[Any, Any]
    mix: Layer
    layers: list[Layer]
    table: Floats
    known: int = 0
    desk: Desk = field(default_factory=Desk)

    @classmethod
    def of(cls, model: Any) -> Encoder:  # noqa: ANN401 - a thinc model
        """Take over a ``spacy.Tok2Vec.v2``."""
        embed = model.get_ref("embed")
        extract, _, found, mix, _ = embed.layers
        return cls(
            (extract, found.layers[0]),
            _layers(mix)[0],
            _layers(model.get_ref("encode")),
            np.empty((0, model.get_dim("nO")), np.float32),
        )

    def learn(self, words: Tokens) -> None:
        """Add the vectors of words to the table, which grows by half where it must."""
        extract, found = self.embed
        vectors = self._layer(found.predict(extract.predict([words])[0]), *self.mix)
        size = self.known + len(vectors)
        if size > len(self.table):
            larger = np.empty((size + size // 2, self.table.shape[1]), np.float32)
            larger[: self.known] = self.table[: self.known]
            self.table = larger
        self.table[self.known : size] = vectors
        self.known = size

    def __call__(self, rows: NDArray[np.intp]) -> Floats:
        """Give the vectors (words, width) of a text from the rows of its words in the table."""
        # Before and after the text stand as many blanks as a word sees neighbours; they are read like words.
        blanks, width = len(self.layers), self.table.shape[1]
        size, room = len(rows) + 2 * blanks, self.desk.room
        padded = room("padded", size + 2, width)
        padded[: blanks + 1] = padded[-blanks - 1 :] = 0
        x = padded[1:-1]
        self.table.take(rows, axis=0, out=x[blanks:-blanks], mode="clip")
        window = np.lib.stride_tricks.as_strided(padded, (size, 3 * width), padded.strides)
        seen = room("seen", size, 3 * width)
        for layer in self.layers:
            np.copyto(seen, window)
            x += self._layer(seen, *layer)
        return x[blanks:-blanks]

    def _layer(self, x: Floats, weights: Floats, bias: Floats, gain: Floats, shift: Floats) -> Floats:
        """Maxout and layer norm of rows."""
        width = len(gain)
        y, best = (self.desk.room(name, len(x), n) for name, n in (("y", len(bias)), ("best", width)))
        np.matmul(x, weights, out=y)
        y += bias
        np.maximum(y[:, :width], y[:, width : 2 * width], out=best)
        for k in range(2 * width, y.shape[1], width):
            np.maximum(best, y[:, k : k + width], out=best)
        best -= best.mean(axis=1, keepdims=True)
        best /= np.sqrt(np.einsum("ij,ij->i", best, best) / np.float32(width) + _TINY)[:, None]
        best *= gain
        best += shift
        return best


@dataclass(frozen=True, slots=True)
class Scorer:
    """Scores of the moves of a transition system, from the few tokens that a state looks at.

    Attributes
    ----------
    hidden, upper : tuple of numpy.ndarray
        Weights and bias of the layers below and above.
    lower : numpy.ndarray
        (hidden, features x pieces x width): what a token gives to a state as each of its features.
    none : numpy.ndarray
        (features, pieces x width): what a feature gives that no token has.
    bias : numpy.ndarray
    """

    hidden: tuple[Floats, Floats]
    lower: Floats
    none: Floats
    bias: Floats
    upper: tuple[Floats, Floats]
    desk: Desk = field(default_factory=Desk)

    @classmethod
    def of(cls, model: Any) -> Scorer:  # noqa: ANN401 - a thinc model
        """Take over a ``spacy.TransitionBasedParser.v2``."""
        hidden, lower, upper = model.get_ref("tok2vec").layers[-1], *map(model.get_ref, ("lower", "upper"))
        w = lower.get_param("W")  # features, width, pieces, hidden
        return cls(
            (hidden.get_param("W").T, hidden.get_param("b")),
            np.ascontiguousarray(w.transpose(3, 0, 2, 1)).reshape(w.shape[3], -1),
            np.ascontiguousarray(lower.get_param("pad")[0].transpose(0, 2, 1)).reshape(w.shape[0], -1),
            lower.get_param("b").T.ravel(),
            (upper.get_param("W").T, upper.get_param("b")),
        )

    def look(self, vectors: Floats) -> Floats:
        """Give what each token is as each feature, (tokens + 1, features, width); the last is no token."""
        seen = self.desk.room("seen", len(vectors) + 1, *self.none.shape)
        hidden = vectors @ self.hidden[0] + self.hidden[1]
        np.matmul(hidden, self.lower, out=seen[:-1].reshape(len(vectors), -1))
        seen[-1] = self.none
        seen[:, 0] += self.bias  # each state has a first feature
        return seen

    def score(self, summed: Floats) -> Floats:
        """Give the scores (states, moves) from the sum of each state's features."""
        half = summed.shape[1] // 2
        scores: Floats = np.maximum(summed[:, :half], summed[:, half:]) @ self.upper[0]
        scores += self.upper[1]
        return scores
