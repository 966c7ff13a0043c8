"""``python -m deploy.local up|down|status``: the local run from the command line."""

import logging
import sys

import typer

from deploy.local.failure import LocalRunError
from deploy.local.progress import complain
from deploy.local.run import LocalRun
from deploy.local.settings import read_settings

app = typer.Typer(add_completion=False, no_args_is_help=True, help="Run all of Contactpunt on this machine.")


@app.command()
def up() -> None:
    """Start broker, database and services, load the sample year, stay until Ctrl-C (DETACH=1: return)."""
    raise typer.Exit(LocalRun(read_settings()).up())


@app.command()
def down() -> None:
    """Stop what runs; fine where nothing does."""
    LocalRun(read_settings()).down()


@app.command()
def status() -> None:
    """Say how everything is doing."""
    raise typer.Exit(LocalRun(read_settings()).status())


def main() -> None:
    """The command line; an error that the reader can mend is told without a stack trace."""
    # A broker that is not there yet is expected here, not news.
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)
    logging.getLogger("aio_pika").setLevel(logging.CRITICAL)
    try:
        app()
    except LocalRunError as error:
        complain(str(error))
        sys.exit(1)


if __name__ == "__main__":
    main()
