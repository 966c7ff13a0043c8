"""``secrets``: what an installation with containers keeps to itself."""

from pathlib import Path
from typing import Annotated

import typer

from deploy.command_line.answers import AsJson, tell_json
from deploy.command_line.failure import CommandError


def add_to(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(epilog="Example: contactpunt secrets --renew amqp_intake")
    def secrets(
        directory: Annotated[
            Path, typer.Argument(help="Where they are kept; docker-compose.yml expects .secrets.")
        ] = Path(".secrets"),
        renew: Annotated[str | None, typer.Option(help="Renew this one, for example amqp_intake.")] = None,
        as_json: AsJson = False,
    ) -> None:
        """Make the passwords, keys, bearer tokens and broker definitions of an installation with containers.

        What exists already stays as it is. Tokens are shown when they are made, this once: only their hashes are
        kept.
        """
        from deploy import secret_files  # noqa: PLC0415  others need not wait for it

        try:
            made = secret_files.make(directory) if renew is None else secret_files.renew(directory, renew)
        except ValueError as error:
            raise CommandError(str(error), "See docs/operations/deployment.md on renewing secrets.") from None
        if as_json:
            tell_json({"directory": str(directory), "renewed": renew, "tokens": made})
            return
        for name, token in made.items():
            typer.echo(f"{name}={token}")
        typer.echo(f"{directory}: {'complete' if renew is None else f'{renew} is new'}", err=True)
