"""``python -m deploy.secrets``: makes the secrets of an installation, once, and renews single ones."""

from pathlib import Path
from typing import Annotated

import typer

from deploy import secret_files

_DIRECTORY = Annotated[Path, typer.Argument(help="Where they are kept; docker-compose.yml expects .secrets")]


def make_secrets(
    directory: _DIRECTORY = Path(".secrets"),
    renew: Annotated[str | None, typer.Option(help="Renew this one secret, for example amqp_intake")] = None,
) -> None:
    """Make what is missing of passwords, keys, tokens and the broker's definitions. Nothing that exists changes.

    Bearer tokens are printed when they are made, this once: only their hashes are kept.
    """
    try:
        shown = secret_files.make(directory) if renew is None else secret_files.renew(directory, renew)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--renew") from None
    for name, token in shown.items():
        typer.echo(f"{name}={token}")
    done = "are complete" if renew is None else f"have a new {renew}"
    typer.echo(f"the secrets in {directory} {done}", err=True)


if __name__ == "__main__":
    typer.run(make_secrets)
