"""Learns from what people corrected: ``python -m services.routing.learn --organisation ID --corrections FILE``.

Trains a new model, compares it with the present one on contacts that were held back, and says which is better.
Only ``--apply`` puts the new one to use, and only if it is better. Ends with 0 where it is better, with 1 where it
is not or nothing can be said, with 2 where something that was given cannot be used.
"""

import os
import time
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from services.routing.learning.candidate import Bench, Candidate, make_candidate
from services.routing.learning.command_line import LearnedDir, ProfilesDir, refuse
from services.routing.learning.comparing import Verdict, verdict
from services.routing.learning.labels import Source
from services.routing.learning.past_contacts import BrokenExport, read_past_contacts
from services.routing.learning.releases import (
    BrokenReleases,
    LearntFrom,
    load_release,
    read_releases,
    save_model,
    save_releases,
)
from services.routing.learning.shown import table
from services.routing.learning.splitting import Division, Lessons, Sides
from services.routing.learning.weights import written
from services.routing.text.corpus import BrokenCorpus
from services.routing.text.lexicon import BrokenLexicon
from services.routing.text.matter import Matter, matter_of
from services.routing.text.model import TextModel
from services.routing.text.training import train
from shared.contracts.past_contact import PastContact
from shared.profiles import BrokenProfile, Profile, load_profiles

EVERY = 10_000


class Given(NamedTuple):
    """What the command was told."""

    organisation: str
    corrections: Path
    division: Division
    most: int
    learned_dir: Path | None


def learn(
    *,
    organisation: Annotated[str, typer.Option(help="Whose model")],
    corrections: Annotated[
        Path, typer.Option(help="Past contacts as intake exports them, JSON Lines", exists=True, dir_okay=False)
    ],
    hold_back: Annotated[float, typer.Option(min=0.05, max=0.9, help="Share that is not learnt from")] = 0.2,
    seed: Annotated[int, typer.Option(help="Which contacts these are; keep it")] = 7,
    most: Annotated[int, typer.Option(min=1, help="Contacts that are used; more take longer")] = 20_000,
    learned_dir: LearnedDir = None,
    profiles_dir: ProfilesDir = None,
    apply: Annotated[bool, typer.Option("--apply", help="Put the new model to use if it is better")] = False,
    force: Annotated[bool, typer.Option("--force", help="With --apply: even if it is not")] = False,
) -> None:
    """Trains a new model on what people corrected and says whether it is better than the present one."""
    if apply and learned_dir is None:
        refuse("--apply needs a place for the model: give --learned-dir or set LEARNED_DIR, for routing as well")
    if apply and not os.access(learned_dir or "", os.W_OK):
        refuse(f"--learned-dir: {learned_dir} cannot be written to; make it, or call this as its owner")
    given = Given(organisation, corrections, Division(hold_back, seed), most, learned_dir)
    try:
        _same_division_as_before(given)
        bench = bench_of(organisation, profiles_dir, learned_dir)
        sides = _sides(given, bench.profile)
        candidate = make_candidate(bench, sides, given.division, step=_Clock().tell)
        decided = _tell(bench.present, candidate)
        if apply and (decided.better or force):
            _put_to_use(given, bench.matter, candidate)
        elif apply:
            typer.echo("Nothing was changed.")
    except (BrokenExport, BrokenReleases, BrokenProfile, BrokenCorpus, BrokenLexicon) as error:
        refuse(error)
    raise typer.Exit(0 if decided.better else 1)


def bench_of(organisation: str, profiles_dir: Path | None, learned_dir: Path | None) -> Bench:
    """The organisation's profile, what its model learns from, and the model that routing would load now."""
    profiles = load_profiles(profiles_dir)
    if organisation not in profiles:
        refuse(f"--organisation: {organisation} is not known here; give one of {', '.join(sorted(profiles))}")
    matter = matter_of(profiles).get(organisation)
    if matter is None:
        refuse(f"--organisation: {organisation} has no corpus and no word lists to begin with; see the handbook")
    profile = profiles[organisation]
    return Bench(matter, profile, _present(organisation, profile, matter, learned_dir))


def _present(organisation: str, profile: Profile, matter: Matter, learned_dir: Path | None) -> TextModel:
    current = read_releases(learned_dir, organisation).current if learned_dir else None
    if learned_dir and current:
        try:
            released = load_release(learned_dir, organisation, current, matter.lexicon, profile.versions[-1])
        except BrokenReleases as error:
            # Learning again is what mends it.
            typer.echo(f"the present release cannot be compared with: {error}", err=True)
        else:
            if released.model:
                return released.model
    typer.echo("training the product's own model …", err=True)
    return train(*matter)


def _same_division_as_before(given: Given) -> None:
    """The present model must not have learnt what it is to be judged by."""
    current = read_releases(given.learned_dir, given.organisation).current if given.learned_dir else None
    before = current.learnt_from if current else None
    if before and (given.division.seed != before.seed or given.division.share > before.hold_back):
        refuse(
            f"--hold-back, --seed: the present model held back {before.hold_back} with seed {before.seed}, and "
            f"would be judged by contacts that it has learnt; give the same seed and at most that share"
        )


def _sides(given: Given, profile: Profile) -> Sides:
    lessons = Lessons(given.most, given.division.seed)
    told = read_past_contacts(given.corrections, given.organisation)
    lessons.add(_counted(told), profile.versions[-1])
    sides = lessons.sides(given.division)
    for name, side in sides._asdict().items():
        sources = ", ".join(f"{sum(each.source is source for each in side)} {source}" for source in Source)
        typer.echo(f"{name.replace('_', ' ')}: {len(side)} contacts ({sources})")
    for why, count in sorted(lessons.useless.items()):
        typer.echo(f"left out: {count}, because {why}")
    if not sides.learnt:
        refuse(
            f"{given.corrections}: there is nothing to learn from in it; export contacts that people dealt with"
        )
    return sides


def _counted(contacts: Iterable[PastContact]) -> Iterator[PastContact]:
    for number, contact in enumerate(contacts, start=1):
        if number % EVERY == 0:
            typer.echo(f"{number} contacts read …", err=True)
        yield contact


def _tell(present: TextModel, candidate: Candidate) -> Verdict:
    decided = verdict(candidate.held_back, candidate.own)
    typer.echo(f"\nPresent model {present.name}, new model out of {candidate.learnt} contacts besides the corpus")
    typer.echo(f"\nOn the contacts held back:\n{table(candidate.held_back)}")
    typer.echo(f"\nOn messages of the corpus held back, without and with the contacts:\n{table(candidate.own)}")
    typer.echo(f"\n{decided.sentence}")
    return decided


def _put_to_use(given: Given, matter: Matter, candidate: Candidate) -> None:
    assert given.learned_dir is not None  # noqa: S101  asked for at the beginning
    content = save_model(
        given.learned_dir, given.organisation, written(candidate.model, given.organisation, matter.lexicon)
    )
    learnt_from = LearntFrom(contacts=candidate.learnt, hold_back=given.division.share, seed=given.division.seed)
    releases = read_releases(given.learned_dir, given.organisation).with_another(
        content, datetime.now(UTC), learnt_from
    )
    save_releases(given.learned_dir, releases)
    assert releases.current is not None  # noqa: S101  it was made just now
    typer.echo(
        f"Release {releases.current.number} (model version {releases.current.version}) is what routing loads from "
        f"now on; restart it. To go back: python -m services.routing.releases roll-back "
        f"--organisation {given.organisation}"
    )


class _Clock:
    """Tells what is being done, and when since the beginning."""

    def __init__(self) -> None:
        self._begun = time.monotonic()

    def tell(self, told: str) -> None:
        typer.echo(f"{time.monotonic() - self._begun:4.0f} s  {told} …", err=True)


if __name__ == "__main__":
    typer.run(learn)
