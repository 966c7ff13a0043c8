"""``python -m deploy.local up|down|status``: the local run from the command line."""

import logging
import sys
from collections.abc import Callable
from pathlib import Path

import typer

from deploy.local.failure import LocalRunError
from deploy.local.progress import complain
from deploy.local.run import LocalRun
from deploy.local.settings import LocalSettings, read_settings
from deploy.local.tokens import hashes, make_tokens


def commands(make_run: Callable[[LocalSettings], LocalRun] = LocalRun) -> typer.Typer:
    """The commands, for a run made of these settings."""
    app = typer.Typer(add_completion=False, no_args_is_help=True, help="Run all of Contactpunt on this machine.")

    @app.command()
    def up() -> None:
        """Start broker, database and services, load the sample year, stay until Ctrl-C (DETACH=1: return)."""
        raise typer.Exit(make_run(read_settings()).up())

    @app.command()
    def down() -> None:
        """Stop what runs; fine where nothing does."""
        make_run(read_settings()).down()

    @app.command()
    def status() -> None:
        """Say how everything is doing."""
        raise typer.Exit(make_run(read_settings()).status())

    @app.command()
    def tokens(file: Path) -> None:
        """Make a token per role: show them, this once, and keep their hashes in FILE, for services elsewhere."""
        made = make_tokens()
        file.write_text(hashes(made), encoding="utf-8")
        typer.echo("".join(f"{role.upper()}_TOKEN={token}\n" for role, token in made.items()), nl=False)

    return app


def main(make_run: Callable[[LocalSettings], LocalRun] = LocalRun) -> None:
    """Does what the command line says; an error that the reader can mend is told without a stack trace."""
    # A broker that is not there yet is expected here, not news.
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)
    logging.getLogger("aio_pika").setLevel(logging.CRITICAL)
    try:
        commands(make_run)()
    except LocalRunError as error:
        complain(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
