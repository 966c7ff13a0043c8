"""A trained model: a text in, a reading out."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.routing.domain.reading import Place, Reading
from services.routing.text.features import Features, Row
from services.routing.text.words import Writing, writing_of
from shared.contracts.identifiers import Nature

Answer = TypeVar("Answer")
MOST_WORDS = 5


class Question(Generic[Answer]):
    """One question, its possible answers, and what each feature says for each of them.

    ``columns`` are its answers' places among those of all questions that are asked together.
    """

    def __init__(
        self,
        answers: tuple[Answer, ...],
        weights: NDArray[np.floating],
        base: NDArray[np.float64],
        columns: slice = slice(None),
    ) -> None:
        self.answers = answers
        self.columns = columns
        self._weights = weights.T.astype(np.float32, copy=False)
        self._base = base

    def probabilities(self, scores: NDArray[np.float32]) -> NDArray[np.float64]:
        """One for each answer; they add up to 1. ``scores`` are what a text's features say for all answers there
        are.
        """
        held = scores[self.columns] + self._base
        likely: NDArray[np.float64] = np.exp(held - held.max())
        likely /= likely.sum()
        return likely

    def among(self, all_weights: NDArray[np.float32], first: int) -> "Question[Answer]":
        """The same question, as columns of the weights of all questions."""
        columns = slice(first, first + len(self.answers))
        return Question(self.answers, all_weights[:, columns].T, self._base, columns)

    @property
    def weights(self) -> NDArray[np.float32]:
        """A row for each answer, a column for each feature."""
        return self._weights.T

    @property
    def base(self) -> NDArray[np.float64]:
        """What speaks for each answer before any feature does."""
        return self._base


class TextModel:
    """Made by ``training.train``; never changes.

    ``speakable`` are the features that may be told as evidence: words that are nobody's name.
    """

    def __init__(
        self,
        *,
        features: Features,
        nature: Question[Nature],
        place: Question[Place],
        second_line: Question[bool],
        grounds: Mapping[str, Question[bool]],
        speakable: dict[int, str],
        name: str,
    ) -> None:
        self.features = features
        self.speakable = speakable
        self.name = name
        # The weights of all questions side by side: one multiplication then answers all of them. A row for each
        # feature, since a text has a thousand of fifty thousand features.
        questions: list[Question[Any]] = [nature, place, second_line, *grounds.values()]
        together = np.hstack([each.weights.T for each in questions])
        self._weights = np.ascontiguousarray(together, dtype=np.float32)
        self.nature = nature.among(self._weights, 0)
        self.place = place.among(self._weights, self.nature.columns.stop)
        self.second_line = second_line.among(self._weights, self.place.columns.stop)
        first = self.second_line.columns.stop
        self.grounds = {
            ground: each.among(self._weights, first + 2 * at) for at, (ground, each) in enumerate(grounds.items())
        }
        self._base_of_grounds = np.array([each.base for each in self.grounds.values()]).reshape(-1, 2)
        self._spoken = _Spoken(speakable, self._weights, questions_of(self))

    def called(self, name: str) -> "TextModel":
        """The same model under another name."""
        return TextModel(
            features=self.features,
            nature=self.nature,
            place=self.place,
            second_line=self.second_line,
            grounds=self.grounds,
            speakable=self.speakable,
            name=name,
        )

    def read(self, subject: str | None, text: str) -> Reading:
        """What the text tells; takes a few milliseconds."""
        return self.read_all([writing_of(subject, text)])[0]

    def read_all(self, writings: Sequence[Writing]) -> list[Reading]:
        """What each of the texts tells, as if it were read alone. Step by step for all of them: taking turns, each
        step would drive the other's data out of the processor's cache.
        """
        prepared = [self.features.prepare(each) for each in writings]
        rows = [self.features.row(each) for each in prepared]
        return [self._reading(each) for each in rows]

    def _reading(self, row: Row) -> Reading:
        scores = row.values @ self._weights[row.features]
        natures, places = self.nature.probabilities(scores), self.place.probabilities(scores)
        second = self.second_line.probabilities(scores)
        grounds = dict(zip(self.grounds, self._of_grounds(scores), strict=True))
        likeliest = max(grounds, key=lambda ground: grounds[ground], default=None)
        told = self._spoken.told(row)
        return Reading(
            natures=dict(zip(self.nature.answers, natures.tolist(), strict=True)),
            places=dict(zip(self.place.answers, places.tolist(), strict=True)),
            second_line=float(second[1]),
            grounds=grounds,
            words={
                "nature": told.words(self.nature, int(natures.argmax())),
                "place": told.words(self.place, int(places.argmax())),
                "line": told.words(self.second_line, int(second.argmax())),
                "exclusion_grounds": told.words(self.grounds[likeliest], 1) if likeliest else (),
            },
            model=self.name,
        )

    def _of_grounds(self, scores: NDArray[np.float32]) -> list[float]:
        """How likely each ground is: as its question would say, for all of them at once."""
        held = scores[self.second_line.columns.stop :].reshape(-1, 2) + self._base_of_grounds
        likely = np.exp(held - held.max(axis=1, keepdims=True))
        shares: list[float] = (likely[:, 1] / likely.sum(axis=1)).tolist()
        return shares

    @property
    def size(self) -> int:
        """Bytes of all weights."""
        return self._weights.nbytes


def questions_of(model: TextModel) -> list[Question[Any]]:
    """All questions, in the order of their columns."""
    return [model.nature, model.place, model.second_line, *model.grounds.values()]


class _Spoken:
    """The features that may be told, and what each says for every answer there is, against the mean of all answers
    to the same question.
    """

    def __init__(
        self, speakable: Mapping[int, str], weights: NDArray[np.float32], questions: Sequence[Question[Any]]
    ) -> None:
        features = np.array(sorted(speakable), dtype=np.int32)
        self._said = [speakable[int(each)] for each in features]
        self._place_of = np.full(len(weights), -1, dtype=np.int32)
        self._place_of[features] = np.arange(len(features), dtype=np.int32)
        self._against_mean = weights[features]
        for question in questions:
            held = self._against_mean[:, question.columns]
            held -= held.mean(axis=1, keepdims=True)

    def told(self, row: Row) -> "_Told":
        """What one text says of them."""
        places = self._place_of[row.features]
        which = places >= 0
        places = places[which]
        return _Told(self._said, places, row.values[which], self._against_mean[places])


class _Told(NamedTuple):
    said: Sequence[str]
    places: NDArray[np.int32]
    often: NDArray[np.float32]
    against_mean: NDArray[np.float32]

    def words(self, question: Question[Any], answer: int) -> tuple[str, ...]:
        """Those that spoke for an answer against the mean of all, the heaviest first."""
        spoke = self.often * self.against_mean[:, question.columns.start + answer]
        heaviest = np.argsort(-spoke, kind="stable")[:MOST_WORDS]
        return tuple(self.said[self.places[at]] for at in heaviest.tolist() if spoke[at] > 0)
