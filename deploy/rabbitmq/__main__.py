"""``python -m deploy.rabbitmq``: writes the definitions, and shows who may do what."""

import json
from pathlib import Path
from typing import Annotated

import typer

from deploy.rabbitmq.definitions import VHOST, definitions
from deploy.rabbitmq.users import USERS
from deploy.secret_files import amqp_passwords

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help="Definitions for RabbitMQ: exchanges, queues, bindings, and one user of least permission per client.",
)


@app.command("definitions")
def write_definitions(
    secrets: Annotated[Path, typer.Argument(help="Directory with a password per user: amqp_intake …")],
    vhost: Annotated[str, typer.Option(help="Virtual host that everything stands in")] = VHOST,
    prefix: Annotated[str, typer.Option(help="Goes before the users' names, on a broker shared with others")] = "",
) -> None:
    """Print the definitions as JSON; they hold hashes of the passwords in SECRETS, not the passwords.

    RabbitMQ takes them in with load_definitions in rabbitmq.conf, or with rabbitmqctl import_definitions.
    """
    passwords = amqp_passwords(secrets)
    if not passwords:
        raise typer.BadParameter(
            f"{secrets} holds no file amqp_<user>; ./contactpunt secrets {secrets} makes them"
        )
    typer.echo(json.dumps(definitions(passwords, vhost=vhost, prefix=prefix), indent=2))


@app.command()
def users() -> None:
    """Show every user with what it may configure, write and read, and under which routing keys."""
    for user in USERS:
        typer.echo(f"{user.name}: {user.purpose}")
        for what in ("configure", "write", "read"):
            typer.echo(f"  {what:<10}{getattr(user, what)}")
        for topic in user.topics:
            typer.echo(f"  {topic.exchange}: publishes under {topic.write}, binds under {topic.read}")


if __name__ == "__main__":
    app()
