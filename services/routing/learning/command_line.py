"""What the commands about learning have in common: options, and the end where something cannot be used."""

from pathlib import Path
from typing import Annotated, NoReturn

import typer

UNUSABLE = 2
"""Exit code where something that was given cannot be used."""

LearnedDir = Annotated[
    Path | None,
    typer.Option("--learned-dir", envvar="LEARNED_DIR", help="Where models are kept that routing loads at start"),
]
ProfilesDir = Annotated[
    Path | None,
    typer.Option("--profiles-dir", envvar="PROFILES_DIR", help="Other profiles than those that come along"),
]


def refuse(told: object) -> NoReturn:
    """Ends the command, saying what cannot be used."""
    typer.echo(str(told), err=True)
    raise typer.Exit(UNUSABLE)
