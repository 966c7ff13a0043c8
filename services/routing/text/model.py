"""A trained model: a text in, a reading out."""

from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from services.routing.domain.reading import Place, Reading
from services.routing.text.features import Features, Rows
from shared.contracts.identifiers import Nature

Answer = TypeVar("Answer")
MOST_WORDS = 5


class Question(Generic[Answer]):
    """One question, its possible answers, and what each feature says for each of them."""

    def __init__(
        self, answers: tuple[Answer, ...], weights: NDArray[np.floating], base: NDArray[np.float64]
    ) -> None:
        self.answers = answers
        # Transposed and small: a text has a thousand of fifty thousand features, whose rows lie together.
        self._weights = np.ascontiguousarray(weights.T, dtype=np.float32)
        self._base = base

    def probabilities(self, row: Rows) -> NDArray[np.float64]:
        """One for each answer; they add up to 1."""
        scores = row.data @ self._weights[row.indices] + self._base
        likely: NDArray[np.float64] = np.exp(scores - scores.max())
        likely /= likely.sum()
        return likely

    def weighed(self, row: Rows, answer: int, among: NDArray[np.bool_]) -> list[int]:
        """Features of those that spoke for an answer against the mean of all, the heaviest first."""
        held = among[row.indices]
        features = row.indices[held]
        weights = self._weights[features]
        spoke = row.data[held] * (weights[:, answer] - weights.mean(axis=1))
        return [int(features[at]) for at in np.argsort(-spoke, kind="stable")[:MOST_WORDS] if spoke[at] > 0]

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

    @property
    def size(self) -> int:
        """Bytes of its weights."""
        return self._weights.nbytes


@dataclass(frozen=True)
class TextModel:
    """Made by ``training.train``; never changes."""

    features: Features
    nature: Question[Nature]
    place: Question[Place]
    second_line: Question[bool]
    grounds: dict[str, Question[bool]]
    speakable: dict[int, str]
    """Features that may be told as evidence: words that are nobody's name."""
    name: str

    def read(self, subject: str | None, text: str) -> Reading:
        """What the text tells; takes a few milliseconds."""
        row = self.features.transform([self.features.prepare(subject, text)])
        natures = self.nature.probabilities(row)
        places = self.place.probabilities(row)
        second = self.second_line.probabilities(row)
        grounds = {ground: float(each.probabilities(row)[1]) for ground, each in self.grounds.items()}
        likeliest = max(grounds, key=lambda ground: grounds[ground], default=None)
        return Reading(
            natures=dict(zip(self.nature.answers, natures.tolist(), strict=True)),
            places=dict(zip(self.place.answers, places.tolist(), strict=True)),
            second_line=float(second[1]),
            grounds=grounds,
            words={
                "nature": self._words(self.nature, row, int(natures.argmax())),
                "place": self._words(self.place, row, int(places.argmax())),
                "line": self._words(self.second_line, row, int(second.argmax())),
                "exclusion_grounds": self._words(self.grounds[likeliest], row, 1) if likeliest else (),
            },
            model=self.name,
        )

    def _words(self, question: Question[Answer], row: Rows, answer: int) -> tuple[str, ...]:
        return tuple(self.speakable[each] for each in question.weighed(row, answer, self._among))

    @cached_property
    def _among(self) -> NDArray[np.bool_]:
        among = np.zeros(self.nature.features, dtype=bool)
        among[list(self.speakable)] = True
        return among

    @property
    def size(self) -> int:
        """Bytes of all weights."""
        ours = self.nature.size + self.place.size + self.second_line.size
        return ours + sum(each.size for each in self.grounds.values())
