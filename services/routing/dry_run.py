"""What a changed profile, or another model, would have decided over past contacts; nothing is published.

``python -m services.routing.dry_run --profile changed/leuven.yaml --contacts FILE``. Ends with 0 where each
contact is decided the same, with 1 where one is not, with 2 where something that was given cannot be used.
"""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import orjson
import typer

from services.routing.domain.changes import Changes
from services.routing.learning.command_line import LearnedDir, ProfilesDir, refuse
from services.routing.learning.fetching import NotFetched, admin_client, fetched
from services.routing.learning.past_contacts import BrokenExport, parse_past_contacts, read_past_contacts
from services.routing.learning.releases import BrokenReleases, load_release, read_releases
from services.routing.learning.trying import Trial, Way
from services.routing.text.corpus import BrokenCorpus
from services.routing.text.lexicon import BrokenLexicon
from services.routing.text.matter import Matter, matter_of
from services.routing.text.model import TextModel
from services.routing.text.training import train
from shared.contracts.past_contact import PastContact
from shared.profiles import BrokenProfile, Profile, Profiles, load_profile, load_profiles

EVERY = 1000
OWN = 0


def dry_run(
    *,
    profile: Annotated[
        Path | None, typer.Option(help="The changed profile, named after its organisation like <id>.yaml")
    ] = None,
    organisation: Annotated[str | None, typer.Option(help="Whose contacts, where no profile is given")] = None,
    contacts: Annotated[
        Path | None, typer.Option(help="Past contacts as intake exports them", exists=True, dir_okay=False)
    ] = None,
    intake_url: Annotated[str | None, typer.Option(help="Fetch them from there, with ADMIN_TOKEN")] = None,
    release: Annotated[int | None, typer.Option(min=0, help="Another model: a release, 0 for the own one")] = None,
    learned_dir: LearnedDir = None,
    profiles_dir: ProfilesDir = None,
    examples: Annotated[int, typer.Option(min=0, help="Examples of each change")] = 3,
    show_text: Annotated[bool, typer.Option("--show-text", help="With what the citizens wrote")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As JSON")] = False,
) -> None:
    """Decides past contacts by the present and by the changed profile, and counts what comes out otherwise."""
    if profile is None and (release is None or organisation is None):
        refuse("give --profile with a changed profile, or --organisation and --release for another model")
    if (contacts is None) == (intake_url is None):
        refuse("give the contacts either as --contacts FILE or as --intake-url URL")
    trial = Trial(Changes(examples))
    try:
        before, now = _ways(profile, organisation, release, profiles_dir, learned_dir)
        with _contacts(before.profile.id, contacts, intake_url) as told:
            trial.run(_counted(told), before, now)
    except BrokenProfile as broken:
        refuse("\n".join(f"{fault} [{fault.code}]" for fault in broken.faults))
    except (BrokenExport, BrokenReleases, BrokenCorpus, BrokenLexicon, NotFetched) as error:
        refuse(error)
    typer.echo(f"before: {before}\nnow:    {now}", err=True)
    if as_json:
        typer.echo(orjson.dumps(trial.as_json(show_text=show_text), option=orjson.OPT_INDENT_2).decode())
    else:
        typer.echo(trial.as_text(show_text=show_text))
    raise typer.Exit(1 if trial.changes.any else 0)


def _ways(
    file: Path | None,
    organisation: str | None,
    release: int | None,
    profiles_dir: Path | None,
    folder: Path | None,
) -> tuple[Way, Way]:
    changed = load_profile(file) if file else None
    profiles = load_profiles(profiles_dir)
    present = profiles.get(changed.id if changed else organisation or "")
    if present is None:
        refuse(f"there is no present profile of that id to compare with; there are: {', '.join(sorted(profiles))}")
    changed = changed or present
    before = Way(present, _model(present, folder, None))
    if changed.content_hash != present.content_hash and changed.revision <= present.revision:
        typer.echo(f"note: raise revision above {present.revision} before this profile is put to use", err=True)
    same = release is None and not _learnt(present.id, folder)
    if same:
        # Whether its own words still fit the changed profile is asked all the same: routing would not start.
        matter_of(Profiles({changed.id: changed}))
        return before, Way(changed, before.model)
    return before, Way(changed, _model(changed, folder, release))


def _learnt(organisation: str, folder: Path | None) -> bool:
    current = read_releases(folder, organisation).current if folder else None
    return bool(current and current.content)


def _model(profile: Profile, folder: Path | None, number: int | None) -> TextModel | None:
    """The model of a release, of the one in use where no number is given; None where no text is read."""
    matter = matter_of(Profiles({profile.id: profile})).get(profile.id)
    if matter is None:
        return None
    return _released(profile, matter, folder, number) or _trained(matter)


def _released(profile: Profile, matter: Matter, folder: Path | None, number: int | None) -> TextModel | None:
    releases = read_releases(folder, profile.id).releases if folder else ()
    wanted = len(releases) if number is None else number
    if wanted > len(releases):
        refuse(f"--release: there is no release {wanted}; python -m services.routing.releases show lists them")
    if wanted == OWN or folder is None:
        return None
    return load_release(folder, profile.id, releases[wanted - 1], matter.lexicon, profile.versions[-1]).model


def _trained(matter: Matter) -> TextModel:
    typer.echo("training the product's own model …", err=True)
    return train(*matter)


@contextmanager
def _contacts(organisation: str, file: Path | None, intake_url: str | None) -> Iterator[Iterable[PastContact]]:
    if file is not None:
        yield read_past_contacts(file, organisation)
        return
    with admin_client(intake_url or "") as client:
        yield parse_past_contacts(fetched(client, organisation), "intake", organisation)


def _counted(contacts: Iterable[PastContact]) -> Iterator[PastContact]:
    for number, contact in enumerate(contacts, start=1):
        if number % EVERY == 0:
            typer.echo(f"{number} contacts decided …", err=True)
        yield contact


if __name__ == "__main__":
    typer.run(dry_run)
