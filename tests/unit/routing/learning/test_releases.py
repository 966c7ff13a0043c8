"""Releases: which model routing loads, and the way back."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.routing.domain import TEXT_MODEL_VERSION
from services.routing.learning.releases import (
    BrokenReleases,
    LearntFrom,
    Releases,
    load_current,
    read_releases,
    save_model,
    save_releases,
)
from services.routing.learning.weights import written
from services.routing.main import main
from services.routing.text.matter import Matter
from services.routing.text.readers import Readers
from shared.profiles import Profiles
from tests.unit.routing.cases import LEUVEN, facts
from tests.unit.routing.learning.conftest import Taught
from tests.unit.routing.learning.past import about_posts

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
PROFILES = Profiles({"leuven": LEUVEN})
CONTENTS = st.one_of(st.none(), st.sampled_from(["a" * 64, "b" * 64, "c" * 64]))


def releases_of(contents: list[str | None]) -> Releases:
    releases = Releases(organisation="leuven")
    for content in contents:
        releases = releases.with_another(content, NOW)
    return releases


@given(st.lists(CONTENTS, min_size=1, max_size=20))
def test_a_later_release_always_has_the_higher_version(contents: list[str | None]) -> None:
    versions = [each.version for each in releases_of(contents).releases]
    assert versions == sorted(set(versions))
    assert versions[0] > TEXT_MODEL_VERSION
    assert versions[-1] < 2**53


def test_other_content_under_the_same_number_has_another_version() -> None:
    one, other = releases_of(["a" * 64]).current, releases_of(["b" * 64]).current
    assert one
    assert other
    assert one.version != other.version


@given(st.lists(st.sampled_from(["a" * 64, "b" * 64, "c" * 64]), min_size=1, max_size=20))
def test_going_back_again_and_again_ends_at_the_own_model(contents: list[str]) -> None:
    releases = releases_of([*contents])
    seen = []
    while releases.current and releases.current.content:
        seen.append(releases.current.content)
        before = releases.before()
        releases = releases.with_another(before.content if before else None, NOW)
    assert len(seen) == len(set(seen))


@pytest.fixture
def folder(tmp_path: Path, taught: Taught, small: Matter) -> Path:
    """With a release of a model that learnt."""
    content = save_model(tmp_path, "leuven", written(taught.after, "leuven", small.lexicon))
    learnt_from = LearntFrom(contacts=40, hold_back=0.2, seed=7)
    save_releases(tmp_path, Releases(organisation="leuven").with_another(content, NOW, learnt_from))
    return tmp_path


def test_routing_decides_with_the_release_and_tells_its_version(folder: Path, small: Matter) -> None:
    matter = {"leuven": small}
    readers = Readers(matter, load_current(folder, PROFILES, matter))
    assert readers.missing() == []
    outcome = readers.decide(facts(), LEUVEN, None, about_posts(950))
    current = read_releases(folder, "leuven").current
    assert current
    assert current.content
    assert outcome.model_version == current.version
    assert outcome.decision.service == "agsl"
    assert f"model=text/{TEXT_MODEL_VERSION}+r1#{current.content[:8]}" in {
        each.evidence for each in outcome.decision.reasons
    }
    stated = facts("report", about={"service": "groen"}, historical=True)
    assert readers.decide(stated, LEUVEN, None, about_posts(950)).model_version == 0


async def test_after_going_back_the_own_model_decides_under_a_higher_version(folder: Path, small: Matter) -> None:
    releases = read_releases(folder, "leuven")
    learnt = releases.current
    save_releases(folder, releases.with_another(None, NOW))
    matter = {"leuven": small}
    readers = Readers(matter, load_current(folder, PROFILES, matter))
    assert readers.missing() == ["the text model of leuven is still being trained"]
    await readers.learn()
    outcome = readers.decide(facts(), LEUVEN, None, about_posts(950))
    assert outcome.decision.service != "agsl"
    assert learnt
    assert outcome.model_version > learnt.version


def test_without_a_release_there_is_none(tmp_path: Path, small: Matter) -> None:
    assert read_releases(tmp_path, "leuven").current is None
    assert load_current(tmp_path, PROFILES, {"leuven": small}) == {}


def test_a_directory_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(BrokenReleases, match="is no directory; make it"):
        read_releases(tmp_path / "none", "leuven")


@pytest.mark.parametrize("content", [b"", b"{", b'{"organisation": "leuven", "releases": [{}]}'])
def test_a_list_that_cannot_be_read_is_named(folder: Path, content: bytes) -> None:
    (folder / "leuven.json").write_bytes(content)
    with pytest.raises(BrokenReleases, match=r"leuven\.json cannot be read"):
        read_releases(folder, "leuven")


def test_a_model_that_is_away_or_not_what_was_released_is_named(folder: Path, small: Matter) -> None:
    (file,) = folder.glob("*.npz")
    file.write_bytes(file.read_bytes()[:-1])
    with pytest.raises(BrokenReleases, match=r"\.npz is not what was released"):
        load_current(folder, PROFILES, {"leuven": small})
    file.unlink()
    with pytest.raises(BrokenReleases, match=r"\.npz cannot be read"):
        load_current(folder, PROFILES, {"leuven": small})


def test_a_service_with_a_broken_release_does_not_start(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tokens = tmp_path / "tokens.json"
    tokens.write_text('{"tokens": []}', encoding="utf-8")
    (folder / "leuven.json").write_text("{}", encoding="utf-8")
    for name, value in {"AMQP_URL": "amqp://x", "TOKENS_FILE": tokens, "LEARNED_DIR": folder}.items():
        monkeypatch.setenv(name, str(value))
    with pytest.raises(SystemExit, match=r"routing cannot start: .*leuven\.json cannot be read"):
        main()
