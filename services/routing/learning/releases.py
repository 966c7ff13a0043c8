"""Models that were put to use, in their order, in a directory: what routing loads when it starts.

``<organisation>.json`` lists the releases, the last is in use; going back is a release too, so that of two
decisions on a contact the later model's has the higher version. ``<organisation>-<hash>.npz`` are the models.
"""

import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from services.routing.domain import TEXT_MODEL_VERSION
from services.routing.learning.weights import BrokenModel, fingerprint, named, read_model
from services.routing.text.lexicon import Lexicon
from services.routing.text.matter import Matter
from services.routing.text.readers import Released
from shared.contracts.identifiers import OrganisationId
from shared.profiles import Profiles
from shared.profiles.model import ProfileVersion

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class BrokenReleases(Exception):  # noqa: N818  it is told to the operator as a fact
    """The directory of models cannot be used; the message names the file and what would help."""


class LearntFrom(BaseModel):
    """What a model was learnt from, as far as later ones must know."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    contacts: int
    hold_back: float
    seed: int


class Release(BaseModel):
    """``content`` is the hash of the model's file; None is the product's own model."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    number: Annotated[int, Field(ge=1)]
    made_at: AwareDatetime
    content: Sha256 | None
    learnt_from: LearntFrom | None = None

    @property
    def version(self) -> int:
        """Told in events as the model's: higher than that of every release before, and another for other content,
        even where a directory was lost and numbers begin anew.
        """
        digits = int(self.content or "0", 16) % 1_000_000
        return (self.number * 1_000_000 + digits) * 1_000 + TEXT_MODEL_VERSION


class Releases(BaseModel):
    """All releases of an organisation, the first first."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    organisation: OrganisationId
    releases: tuple[Release, ...] = ()

    @property
    def current(self) -> Release | None:
        return self.releases[-1] if self.releases else None

    def before(self) -> Release | None:
        """What was in use before the content that is in use now was first put to use; None is the own model."""
        contents = [each.content for each in self.releases]
        first = contents.index(contents[-1])
        return self.releases[first - 1] if first else None

    def with_another(
        self, content: str | None, made_at: datetime, learnt_from: LearntFrom | None = None
    ) -> "Releases":
        """Made at a moment (aware)."""
        following = Release(
            number=len(self.releases) + 1, made_at=made_at, content=content, learnt_from=learnt_from
        )
        return self.model_copy(update={"releases": (*self.releases, following)})


def read_releases(folder: Path, organisation: str) -> Releases:
    """The releases; none where there never was any. Raises ``BrokenReleases``."""
    if not folder.is_dir():
        raise BrokenReleases(f"{folder} is no directory; make it, or leave LEARNED_DIR empty")
    file = _list_file(folder, organisation)
    try:
        return Releases.model_validate_json(file.read_bytes())
    except FileNotFoundError:
        return Releases(organisation=organisation)
    except (OSError, ValidationError) as error:
        raise BrokenReleases(f"{file} cannot be read ({type(error).__name__}); restore it from a copy") from None


def save_model(folder: Path, organisation: str, content: bytes) -> str:
    """Keeps a model's file; its hash."""
    found = fingerprint(content)
    replace(_model_file(folder, organisation, found), content)
    return found


def save_releases(folder: Path, releases: Releases) -> None:
    """From now on the last of them is what routing loads when it starts."""
    told = releases.model_dump_json(indent=2) + "\n"
    replace(_list_file(folder, releases.organisation), told.encode())


def load_release(
    folder: Path, organisation: str, release: Release, lexicon: Lexicon, version: ProfileVersion
) -> Released:
    """A release as routing uses it. Raises ``BrokenReleases``."""
    if release.content is None:
        return Released(release.version)
    file = _model_file(folder, organisation, release.content)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise BrokenReleases(f"{file} cannot be read ({error.strerror}); restore it, or roll back") from None
    if fingerprint(content) != release.content:
        raise BrokenReleases(f"{file} is not what was released; restore it from a copy, or roll back")
    try:
        model = read_model(content, organisation, lexicon, version)
    except BrokenModel as error:
        raise BrokenReleases(f"{file} {error}") from None
    return Released(release.version, named(model, release.number))


def load_current(folder: Path, profiles: Profiles, matter: Mapping[str, Matter]) -> dict[str, Released]:
    """What is in use, by organisation; organisations without a release are left out. Raises ``BrokenReleases``."""
    found: dict[str, Released] = {}
    for organisation, each in matter.items():
        current = read_releases(folder, organisation).current
        if current is not None:
            version = profiles[organisation].versions[-1]
            found[organisation] = load_release(folder, organisation, current, each.lexicon, version)
    return found


def _list_file(folder: Path, organisation: str) -> Path:
    return folder / f"{organisation}.json"


def _model_file(folder: Path, organisation: str, content: str) -> Path:
    return folder / f"{organisation}-{content[:16]}.npz"


def replace(file: Path, content: bytes) -> None:
    """Writes a file in one step."""
    # A service that starts at this moment finds the old file or the new one, never half of one.
    beside = file.with_name(f".{file.name}.new")
    with beside.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    beside.replace(file)
