"""A model as a file: the same model again, and nothing of what anybody wrote."""

import contextlib
import io
from random import Random
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.routing.domain import TEXT_MODEL_VERSION
from services.routing.learning.weights import BrokenModel, fingerprint, named, read_model, written
from services.routing.text.matter import Matter
from tests.unit.routing.cases import LEUVEN, leuven_but
from tests.unit.routing.learning.conftest import Taught
from tests.unit.routing.learning.past import HEDGE, about_posts

VERSION = LEUVEN.versions[-1]
TEXTS = ["", "?", HEDGE, about_posts(1), "Mijn straat ligt vol putten, ik heb al drie keer gemaild!"]


@pytest.fixture(scope="session")
def content(taught: Taught, small: Matter) -> bytes:
    return written(taught.after, "leuven", small.lexicon)


def changed(content: bytes, **changes: Any) -> bytes:
    """The file with other arrays, or with other fields in its head."""
    with np.load(io.BytesIO(content), allow_pickle=False) as held:
        arrays = {name: held[name] for name in held.files}
    head = orjson.loads(arrays["head"].tobytes())
    fields = {name: each for name, each in changes.items() if name in head}
    arrays["head"] = np.frombuffer(orjson.dumps(head | fields), dtype=np.uint8)
    file = io.BytesIO()
    np.savez_compressed(file, **(arrays | {n: each for n, each in changes.items() if n not in head}))
    return file.getvalue()


def test_what_is_read_decides_to_the_bit_like_what_was_written(
    taught: Taught, content: bytes, small: Matter
) -> None:
    again = read_model(content, "leuven", small.lexicon, VERSION)
    for text in TEXTS:
        one, other = taught.after.read("Onderwerp", text), again.read("Onderwerp", text)
        assert one._replace(model="") == other._replace(model="")
    assert again.name == fingerprint(content)
    assert named(again, 3).name == f"text/{TEXT_MODEL_VERSION}+r3#{fingerprint(content)[:8]}"


def test_the_same_model_is_the_same_file(taught: Taught, content: bytes, small: Matter) -> None:
    assert written(taught.after, "leuven", small.lexicon) == content
    assert written(taught.before, "leuven", small.lexicon) != content


def test_it_has_learnt_what_people_decided(taught: Taught) -> None:
    for number in range(900, 910):
        before, after = (model.read(None, about_posts(number)).places for model in taught)
        assert max(before, key=lambda place: before[place]).service != "agsl"
        assert max(after, key=lambda place: after[place]).service == "agsl"


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"organisation": "leiden"}, "is of leiden, not of leuven"),
        ({"text_model_version": 0}, "was learnt with text model 0"),
        ({"format": 2}, "was learnt with"),
        ({"lexicon": "0"}, "other word lists"),
        ({"phrases": ["een"]}, "do not fit"),
        ({"places": []}, "do not fit"),
        ({"natures": ["anger"]}, "does not say what it is"),
        ({"speakable": [10**9]}, "do not fit"),
        ({"nature.base": np.zeros(2)}, "do not fit"),
        ({"nature.base": np.full(5, np.nan)}, "do not fit"),
        ({"head": np.zeros(3, dtype=np.uint8)}, "does not say what it is"),
    ],
)
def test_a_file_that_does_not_fit_is_refused_with_what_would_help(
    content: bytes, small: Matter, changes: dict[str, Any], told: str
) -> None:
    with pytest.raises(BrokenModel, match="learn again, or roll back") as raised:
        read_model(changed(content, **changes), "leuven", small.lexicon, VERSION)
    assert told in str(raised.value)


def test_a_place_that_the_profile_has_no_longer_is_named(content: bytes, small: Matter) -> None:
    fewer = [each for each in VERSION.directorates if each.id != "sport"]
    version = leuven_but(directorates=fewer, topics=(), annual_report=()).versions[-1]
    with pytest.raises(BrokenModel, match="directorate sport"):
        read_model(content, "leuven", small.lexicon, version)


def test_a_pickle_is_not_opened(small: Matter) -> None:
    file = io.BytesIO()
    np.savez(file, head=np.array([print], dtype=object), allow_pickle=True)
    with pytest.raises(BrokenModel, match="is no model"):
        read_model(file.getvalue(), "leuven", small.lexicon, VERSION)


def test_whichever_bit_is_damaged_the_file_is_refused_and_nothing_else_is_raised(
    content: bytes, small: Matter
) -> None:
    chance = Random(7)
    refused = 0
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(20):
            damaged[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        with contextlib.suppress(BrokenModel):
            read_model(bytes(damaged), "leuven", small.lexicon, VERSION)
            continue
        refused += 1
    assert refused > 50


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_damaged_file_is_refused_or_is_what_it_says(content: bytes, small: Matter, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(content) - 1))
    damaged = content[:at] + data.draw(st.binary(max_size=8)) + content[at + data.draw(st.integers(1, 500)) :]
    if damaged == content:
        return
    try:
        model = read_model(damaged, "leuven", small.lexicon, VERSION)
    except BrokenModel:
        return
    assert model.name == fingerprint(damaged)
