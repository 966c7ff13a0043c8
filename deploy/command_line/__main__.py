"""``python -m deploy.command_line``, or ``./contactpunt``: one program for everything that is done by hand."""

import sys

import httpx
import typer

from deploy.command_line import contacts, dead_letters, importing, installing, measuring, reports, running
from deploy.command_line.answers import FAILED, errors
from deploy.command_line.failure import CommandError
from deploy.local.failure import LocalRunError

app = typer.Typer(
    name="contactpunt",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    help="The one contact point of a city: run it, hand contacts in, see how it does, get its reports.\n\n"
    "Start with [bold]contactpunt up[/bold]; then [bold]contactpunt status[/bold] in another window. Commands "
    "speak to the local run, or to what INTAKE_URL, ROUTING_URL, DEADLINES_URL, REPORTING_URL, AMQP_URL and the "
    "tokens (ADAPTER_TOKEN, HANDLER_TOKEN, REPORTING_TOKEN, ADMIN_TOKEN) name in the environment. Exit codes: "
    "0 done, 1 failed, 2 typed wrongly, 3 something is not well.",
)
running.add_to(app)
contacts.add_to(app)
importing.add_to(app)
reports.add_to(app)
dead_letters.add_to(app)
measuring.add_to(app)
installing.add_to(app)


def main() -> None:
    """Does what was typed; an error that the reader can mend is told in two lines, without a stack trace."""
    try:
        app(prog_name="contactpunt")
    except CommandError as error:
        _complain(str(error), error.cure)
    except LocalRunError as error:
        _complain(str(error), "")
    except httpx.TransportError as error:
        address = error.request.url
        _complain(f"{address} does not answer ({type(error).__name__}).", "Look at ./contactpunt status.")


def _complain(wrong: str, cure: str) -> None:
    errors.print(f"error: {wrong}", style="bold red", markup=False)
    if cure:
        errors.print(cure, markup=False)
    sys.exit(FAILED)


if __name__ == "__main__":
    main()
