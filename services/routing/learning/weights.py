"""A trained model as a file: numbers and words, nothing that could be run, and no text that anybody wrote."""

import hashlib
import io
import zipfile
import zlib
from sys import intern
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from services.routing.domain import TEXT_MODEL_VERSION, Place
from services.routing.domain.reading import NOWHERE
from services.routing.text.features import Features
from services.routing.text.lexicon import Lexicon
from services.routing.text.model import Question, TextModel
from services.routing.text.vocabulary import Vocabulary
from shared.contracts.identifiers import Nature
from shared.profiles.model import ProfileVersion

FORMAT = 1
_LEARN_AGAIN = "learn again, or roll back with python -m services.routing.releases"
Arrays = dict[str, NDArray[Any]]
# What is raised by damage to the archive, to its compression, and to its flags, which may then ask for anything.
_UNREADABLE = (ValueError, OSError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile)


class BrokenModel(ValueError):  # noqa: N818  it is told to the operator as a fact
    """A model's file cannot be used; the message says why, and what would help."""


class _Head(BaseModel):
    """Everything of a model that is no number."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: int
    text_model_version: int
    organisation: str
    lexicon: str
    natures: tuple[Nature, ...]
    places: tuple[Place, ...]
    grounds: tuple[str, ...]
    phrases: list[str]
    pieces: list[str]
    speakable: list[int]


def written(model: TextModel, organisation: str, lexicon: Lexicon) -> bytes:
    """The model as a compressed ``npz``; the same model always gives the same bytes."""
    vocabulary = model.features.vocabulary
    head = _Head(
        format=FORMAT,
        text_model_version=TEXT_MODEL_VERSION,
        organisation=organisation,
        lexicon=lexicon.content_hash,
        natures=model.nature.answers,
        places=model.place.answers,
        grounds=tuple(model.grounds),
        phrases=vocabulary.phrases,
        pieces=vocabulary.pieces,
        speakable=sorted(model.speakable),
    )
    arrays: Arrays = {"head": np.frombuffer(head.model_dump_json().encode(), dtype=np.uint8)}
    arrays |= {
        "phrases": np.asarray(vocabulary.weights_of_phrases),
        "pieces": np.asarray(vocabulary.weights_of_pieces),
    }
    for name, question in _questions(model).items():
        arrays |= {f"{name}.weights": question.weights, f"{name}.base": question.base}
    file = io.BytesIO()
    np.savez_compressed(file, allow_pickle=False, **arrays)
    return file.getvalue()


def read_model(
    content: bytes, organisation: str, lexicon: Lexicon, version: ProfileVersion | None = None
) -> TextModel:
    """The model that was written. Its name tells the content alone. Raises ``BrokenModel``, also where it knows
    places that the profile's ``version`` does not have.
    """
    arrays = _arrays(content)
    head = _head(arrays)
    _fits(head, organisation, lexicon, version)
    try:
        return _model(head, arrays, lexicon, fingerprint(content))
    except (KeyError, ValueError, IndexError) as error:
        raise BrokenModel(f"its numbers do not fit its words ({type(error).__name__}); {_LEARN_AGAIN}") from None


def fingerprint(content: bytes) -> str:
    """SHA-256 (hex)."""
    return hashlib.sha256(content).hexdigest()


def named(model: TextModel, release: int) -> TextModel:
    """The model under the name that decisions tell."""
    return model.called(f"text/{TEXT_MODEL_VERSION}+r{release}#{model.name[:8]}")


def _questions(model: TextModel) -> dict[str, Question[Any]]:
    grounds = {f"grounds.{ground}": question for ground, question in model.grounds.items()}
    return {"nature": model.nature, "place": model.place, "second_line": model.second_line, **grounds}


def _arrays(content: bytes) -> Arrays:
    try:
        # Without pickle: a file may be wrong, but it must not be able to do anything.
        with np.load(io.BytesIO(content), allow_pickle=False) as held:
            return {name: held[name] for name in held.files}
    except _UNREADABLE as error:
        raise BrokenModel(f"is no model ({type(error).__name__}); {_LEARN_AGAIN}") from None


def _head(arrays: Arrays) -> _Head:
    try:
        return _Head.model_validate_json(arrays["head"].tobytes())
    except (KeyError, ValidationError):
        raise BrokenModel(f"does not say what it is; {_LEARN_AGAIN}") from None


def _fits(head: _Head, organisation: str, lexicon: Lexicon, version: ProfileVersion | None) -> None:
    if head.organisation != organisation:
        raise BrokenModel(f"is of {head.organisation}, not of {organisation}; {_LEARN_AGAIN}")
    if (head.format, head.text_model_version) != (FORMAT, TEXT_MODEL_VERSION):
        told = f"was learnt with text model {head.text_model_version}, and this is {TEXT_MODEL_VERSION}"
        raise BrokenModel(f"{told}; {_LEARN_AGAIN}")
    if head.lexicon != lexicon.content_hash:
        raise BrokenModel(f"was learnt with other word lists than there are now; {_LEARN_AGAIN}")
    for place in head.places:
        if version is not None and not _is_known(place, version):
            raise BrokenModel(f"knows {_told(place)}, which the profile does not have; {_LEARN_AGAIN}")


def _is_known(place: Place, version: ProfileVersion) -> bool:
    if place == NOWHERE:
        return True
    if place.external_body is not None:
        return place.external_body in version.codes["external_body"]
    if place.service is not None:
        return version.directorate_of(place.service) == place.directorate
    return place.directorate in version.codes["directorate"]


def _told(place: Place) -> str:
    return ", ".join(f"{field} {code}" for field, code in place._asdict().items() if code)


def _model(head: _Head, arrays: Arrays, lexicon: Lexicon, name: str) -> TextModel:
    features = Features(lexicon, _vocabulary(head, arrays))
    nature = Question(head.natures, arrays["nature.weights"], arrays["nature.base"])
    place = Question(head.places, arrays["place.weights"], arrays["place.base"])
    second_line = _yes_or_no(arrays, "second_line")
    grounds = {ground: _yes_or_no(arrays, f"grounds.{ground}") for ground in head.grounds}
    every: list[Question[Any]] = [nature, place, second_line, *grounds.values()]
    for question in every:
        _is_whole(question, len(features))
    return TextModel(
        features=features,
        nature=nature,
        place=place,
        second_line=second_line,
        grounds=grounds,
        speakable={at: head.phrases[at] for at in head.speakable},
        name=name,
    )


def _vocabulary(head: _Head, arrays: Arrays) -> Vocabulary:
    phrases, pieces = list(map(intern, head.phrases)), list(map(intern, head.pieces))
    return Vocabulary(phrases, pieces, arrays["phrases"], arrays["pieces"])


def _is_whole(question: Question[Any], features: int) -> None:
    answers = len(question.answers)
    if (question.weights.shape, question.base.shape) != ((answers, features), (answers,)) or not answers:
        raise ValueError("another number of features or answers")
    if not (np.isfinite(question.weights).all() and np.isfinite(question.base).all()):
        raise ValueError("a weight that is no number")


def _yes_or_no(arrays: Arrays, name: str) -> Question[bool]:
    return Question((False, True), arrays[f"{name}.weights"], arrays[f"{name}.base"])
