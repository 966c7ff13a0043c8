"""Learning from the corpus: linear models over the features, and how far their scores can be believed."""

from collections.abc import Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold
from sklearn.svm import LinearSVC

from services.routing.domain.reading import NOWHERE, Place
from services.routing.text.corpus import Corpus, Label, Message
from services.routing.text.evidence import speakable
from services.routing.text.features import Features, Prepared
from services.routing.text.lexicon import DIRECTORATE, GAP, OTHER_BODY, Lexicon
from services.routing.text.model import Question, TextModel
from services.routing.text.tuning import (
    ENOUGH,
    ENTRIES_TOGETHER,
    FOLDS,
    MOST_STEPS,
    SCALES,
    SEED,
    STRENGTH_OF_OTHERS,
    STRENGTH_OF_PLACES,
    name_of,
)
from services.routing.text.widening import widened
from services.routing.text.words import writing_of
from shared.contracts.identifiers import Line, Nature

Rows: TypeAlias = Any
"""A sparse matrix of scipy, which has no types: a row for each text, a column for each feature."""

FEWEST_WITH_GROUND = 5
FEWEST_PLACES = 3
"""With fewer there is hardly anything to choose between."""
STATED_GROUND = "anonymous"
"""Whether there is a citizen is a statement; no text tells it better."""


class Row(NamedTuple):
    """What a message teaches, question by question."""

    nature: Nature
    place: Place
    line: Line
    grounds: tuple[str, ...]


class Spoken(NamedTuple):
    """The lexicon as texts, and what each speaks for."""

    matrix: Rows
    places: list[Place]


def train(corpus: Corpus, lexicon: Lexicon, corrected: Sequence[Message] = ()) -> TextModel:
    """Takes seconds on one core. The same corpus, lexicon and ``corrected`` always give the same model.

    ``corrected`` are contacts of the past. Of their words only those that everybody uses become features, and none
    of them becomes evidence: only the corpus is invented.
    """
    features = Features(lexicon)
    prepared = [features.prepare(writing_of(message.subject, message.text)) for message in corpus.messages]
    features = features.having_learnt(prepared)
    if corrected:
        prepared += [features.prepare(writing_of(message.subject, message.text)) for message in corrected]
        features = features.knowing(widened(features.vocabulary, corrected), prepared)
    matrix = _matrix(features, prepared)
    rows = [_row(message) for message in (*corpus.messages, *corrected)]
    ours = [at for at, row in enumerate(rows) if row.nature is Nature.COMPLAINT and row.line is not Line.EXTERNAL]
    return TextModel(
        features=features,
        nature=_nature(matrix, rows),
        place=_place(matrix, rows, _spoken(features, lexicon, rows, matrix)),
        second_line=_second_line(matrix, rows, ours),
        grounds=_grounds(matrix, rows, ours),
        speakable=speakable(corpus, features.vocabulary.phrases),
        name=name_of(corpus, lexicon),
    )


def _place_of(label: Label) -> Place:
    return Place(label.directorate, label.service, label.external_body)


def _row(message: Message) -> Row:
    label = message.expected
    return Row(label.nature, _place_of(label), label.line, label.exclusion_grounds)


def _matrix(features: Features, texts: Sequence[Prepared]) -> Rows:
    rows = [features.row(text) for text in texts]
    ends = np.cumsum([0, *(len(row.features) for row in rows)])
    columns, values = (np.concatenate(part) for part in zip(*rows, strict=True))
    return sparse.csr_matrix((values, columns, ends), shape=(len(rows), len(features)))


def _nature(matrix: Rows, rows: list[Row]) -> Question[Nature]:
    model = _regression().fit(matrix, [row.nature.value for row in rows])
    return Question(tuple(Nature(each) for each in model.classes_), model.coef_, model.intercept_)


def _second_line(matrix: Rows, rows: list[Row], ours: list[int]) -> Question[bool]:
    model = _regression().fit(matrix[ours], [rows[at].line is Line.SECOND for at in ours])
    return _yes_or_no(model)


def _grounds(matrix: Rows, rows: list[Row], ours: list[int]) -> dict[str, Question[bool]]:
    found: dict[str, Question[bool]] = {}
    for ground in sorted({each for at in ours for each in rows[at].grounds} - {STATED_GROUND}):
        holds = [ground in rows[at].grounds for at in ours]
        if sum(holds) >= FEWEST_WITH_GROUND:
            found[ground] = _yes_or_no(_regression().fit(matrix[ours], holds))
    return found


def _place(matrix: Rows, rows: list[Row], spoken: Spoken) -> Question[Place]:
    told = [at for at, row in enumerate(rows) if row.place != NOWHERE]
    places = sorted({rows[at].place for at in told}, key=str)
    if len(places) < FEWEST_PLACES:
        return Question((NOWHERE,), np.zeros((1, matrix.shape[1])), np.zeros(1))
    matrix = matrix[told]
    target = np.array([places.index(rows[at].place) for at in told])
    besides = np.array([places.index(place) for place in spoken.places], dtype=target.dtype)
    model = _separator().fit(sparse.vstack([matrix, spoken.matrix], format="csr"), np.append(target, besides))
    # The lists say nothing of how sure a message may be taken: only messages do.
    scale = _scale(matrix, target)
    return Question(tuple(places), model.coef_ * scale, model.intercept_ * scale)


def _spoken(features: Features, lexicon: Lexicon, rows: list[Row], matrix: Rows) -> Spoken:
    """The lists of places as short messages of a few entries each: words that no message of the corpus happens to
    use, and messages of four words, are then known as well.
    """
    known = {_name_of(row.place): row.place for row in rows}
    told = [
        (known[name], ". ".join(entry.replace(GAP, "") for entry in entries[start : start + ENTRIES_TOGETHER]))
        for name, entries in lexicon.places.items()
        if name in known
        for start in range(0, len(entries), ENTRIES_TOGETHER)
    ]
    prepared = [features.prepare(writing_of(None, text)) for _, text in told]
    return Spoken(_matrix(features, prepared) if prepared else matrix[:0], [place for place, _ in told])


def _name_of(place: Place) -> str:
    if place.external_body:
        return f"{OTHER_BODY}{place.external_body}"
    return place.service or f"{DIRECTORATE}{place.directorate}"


def _scale(matrix: Rows, target: NDArray[np.int64]) -> float:
    """How far apart scores are to count as how sure: what makes held-back messages likeliest."""
    likelihood = np.zeros(len(SCALES))
    for learn, others in KFold(FOLDS, shuffle=True, random_state=SEED).split(matrix):
        if len({*target[learn]}) < FEWEST_PLACES:
            continue
        model = _separator().fit(matrix[learn], target[learn])
        held_back = others[np.isin(target[others], model.classes_)]
        scores = model.decision_function(matrix[held_back])
        right = np.searchsorted(model.classes_, target[held_back])
        for at, scale in enumerate(SCALES):
            scaled = scores * scale
            total = np.log(np.exp(scaled - scaled.max(axis=1, keepdims=True)).sum(axis=1)) + scaled.max(axis=1)
            likelihood[at] += float((scaled[np.arange(len(right)), right] - total).sum())
    return SCALES[int(likelihood.argmax())]


def _yes_or_no(model: LogisticRegression) -> Question[bool]:
    zero = np.zeros_like(model.coef_)
    return Question((False, True), np.vstack([zero, model.coef_]), np.append(0.0, model.intercept_))


def _regression() -> LogisticRegression:
    return LogisticRegression(C=STRENGTH_OF_OTHERS, class_weight="balanced", tol=ENOUGH, max_iter=MOST_STEPS)


def _separator() -> LinearSVC:
    return LinearSVC(C=STRENGTH_OF_PLACES, class_weight="balanced", random_state=SEED)
