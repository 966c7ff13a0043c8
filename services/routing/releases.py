"""The models that were put to use: ``python -m services.routing.releases show`` or ``roll-back``."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from services.routing.learning.command_line import refuse
from services.routing.learning.releases import BrokenReleases, Release, Releases, read_releases, save_releases

app = typer.Typer(help="Models that were learnt and put to use.", no_args_is_help=True)
Organisation = Annotated[str, typer.Option(help="Whose models")]
LearnedDir = Annotated[Path, typer.Option("--learned-dir", envvar="LEARNED_DIR", help="Where the models are kept")]


@app.command()
def show(organisation: Organisation, learned_dir: LearnedDir) -> None:
    """List the releases, the one in use last."""
    releases = _read(learned_dir, organisation)
    for each in releases.releases:
        typer.echo(_told(each))
    if not releases.releases:
        typer.echo("none; the product's own model is in use")


@app.command("roll-back")
def roll_back(
    organisation: Organisation,
    learned_dir: LearnedDir,
    to: Annotated[int | None, typer.Option(min=0, help="A release's number, 0 for the own model")] = None,
) -> None:
    """Put the model before the present one to use again, as a release of its own."""
    releases = _read(learned_dir, organisation)
    before = _wanted(releases, to)
    following = releases.with_another(
        before.content if before else None, datetime.now(UTC), before.learnt_from if before else None
    )
    save_releases(learned_dir, following)
    typer.echo(f"{_told(following.releases[-1])}; restart routing")


def _wanted(releases: Releases, to: int | None) -> Release | None:
    current = releases.current
    if to is not None:
        if to > len(releases.releases):
            refuse(f"--to: there is no release {to}; python -m services.routing.releases show lists them")
        return releases.releases[to - 1] if to else None
    if current is None or current.content is None:
        refuse("the product's own model is in use already; to use a learnt one again, name its release with --to")
    return releases.before()


def _read(folder: Path, organisation: str) -> Releases:
    try:
        return read_releases(folder, organisation)
    except BrokenReleases as error:
        refuse(error)


def _told(release: Release) -> str:
    made = f"release {release.number}, {release.made_at:%Y-%m-%d %H:%M} UTC, model version {release.version}"
    if release.content is None:
        return f"{made}: the product's own model"
    learnt = f", learnt from {release.learnt_from.contacts} contacts" if release.learnt_from else ""
    return f"{made}: #{release.content[:8]}{learnt}"


if __name__ == "__main__":
    app()
