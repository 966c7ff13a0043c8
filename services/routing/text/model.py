"""A trained model: a text in, a reading out."""

from collections.abc import Mapping, Sequence
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.routing.domain.reading import Place, Reading
from services.routing.text.features import Features, Rows
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
    def features(self) -> int:
        return len(self._weights)

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
        self._may_be_told = np.zeros(len(self._weights), dtype=bool)
        self._may_be_told[list(speakable)] = True

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
        return self.read_all([(subject, text)])[0]

    def read_all(self, texts: Sequence[tuple[str | None, str]]) -> list[Reading]:
        """What each of the texts tells, exactly as if it were read alone: together is many times quicker."""
        if not texts:
            return []
        rows = self.features.transform([self.features.prepare(*each) for each in texts])
        scores = rows @ self._weights
        return [self._reading(scores[at], _Spoken(rows, at, self)) for at in range(len(texts))]

    def _reading(self, scores: NDArray[np.float32], spoken: "_Spoken") -> Reading:
        natures, places = self.nature.probabilities(scores), self.place.probabilities(scores)
        second = self.second_line.probabilities(scores)
        grounds = {ground: float(each.probabilities(scores)[1]) for ground, each in self.grounds.items()}
        likeliest = max(grounds, key=lambda ground: grounds[ground], default=None)
        return Reading(
            natures=dict(zip(self.nature.answers, natures.tolist(), strict=True)),
            places=dict(zip(self.place.answers, places.tolist(), strict=True)),
            second_line=float(second[1]),
            grounds=grounds,
            words={
                "nature": spoken.words(self.nature, int(natures.argmax())),
                "place": spoken.words(self.place, int(places.argmax())),
                "line": spoken.words(self.second_line, int(second.argmax())),
                "exclusion_grounds": spoken.words(self.grounds[likeliest], 1) if likeliest else (),
            },
            model=self.name,
        )

    def told_of(self, features: NDArray[np.int32]) -> tuple[NDArray[np.bool_], NDArray[np.float32]]:
        """Which of the features may be told as evidence, and what those weigh for all answers there are."""
        may_be_told = self._may_be_told[features]
        return may_be_told, self._weights[features[may_be_told]]

    @property
    def size(self) -> int:
        """Bytes of all weights."""
        return self._weights.nbytes


class _Spoken:
    """What one text has of the features that may be told, and what these weigh."""

    def __init__(self, rows: Rows, at: int, model: TextModel) -> None:
        within = slice(rows.indptr[at], rows.indptr[at + 1])
        features = rows.indices[within]
        may_be_told, self._weights = model.told_of(features)
        self._features, self._often = features[may_be_told], rows.data[within][may_be_told]
        self._speakable = model.speakable

    def words(self, question: Question[Any], answer: int) -> tuple[str, ...]:
        """Those that spoke for an answer against the mean of all, the heaviest first."""
        weights = self._weights[:, question.columns]
        spoke = self._often * (weights[:, answer] - weights.mean(axis=1))
        heaviest = np.argsort(-spoke, kind="stable")[:MOST_WORDS]
        return tuple(self._speakable[int(self._features[at])] for at in heaviest if spoke[at] > 0)
