"""``submit`` and ``follow-up``: one contact, one thing that happened to it."""

import json
import sys
import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from deploy.command_line.answers import AsJson, answer_of, console, tell_json
from deploy.command_line.failure import CommandError
from deploy.command_line.place import find_place

_SUBMISSION_FILE = typer.Argument(
    metavar="[FILE]", help="A submission as JSON; - reads standard input. Without it, the options make one."
)


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""

    @app.command(epilog="Example: contactpunt submit -o leuven --text 'De stoep ligt los.' --nature complaint")
    def submit(
        file: Annotated[str | None, _SUBMISSION_FILE] = None,
        *,
        organisation: Annotated[str, typer.Option("-o", "--organisation", help="Id of its profile.")] = "leuven",
        text: Annotated[str | None, typer.Option(help="What the citizen says.")] = None,
        subject: Annotated[str | None, typer.Option(help="A line that says what it is about.")] = None,
        channel: Annotated[str, typer.Option(help="email, web_form, phone, visit, letter …")] = "phone",
        nature: Annotated[
            str | None, typer.Option(help="question, report, complaint, suggestion, compliment.")
        ] = None,
        as_json: AsJson = False,
    ) -> None:
        """Hand in one contact and get its number.

        With a FILE everything is as it stands there (fields: docs/contract/schemas/submission.v1.json), and the
        same submission_id handed in again gives the same number. What is wrong is told field by field.
        """
        if file is not None:
            body = read_json(file)
        elif text is not None:
            body = {
                "submission_id": f"cli-{uuid.uuid4()}",
                "organisation": organisation,
                "channel": channel,
                "received_at": datetime.now(UTC).isoformat(),
                "nature": nature,
                "subject": subject,
                "text": text,
            }
        else:
            raise CommandError("There is nothing to hand in.", "Name a FILE with a submission, or give --text.")
        with find_place().client("intake", "adapter") as client:
            answer = answer_of(client.post("/contacts", json=body))
        if as_json:
            tell_json(answer)
        else:
            console.print(f"{answer['reference']}  {answer['status_url']}", markup=False, highlight=False)

    @app.command(
        "follow-up",
        epilog="Example: contactpunt follow-up LEU-2026-000001 answered",
    )
    def follow_up(
        reference: Annotated[str, typer.Argument(help="The contact's number.")],
        kind: Annotated[str, typer.Argument(help="acknowledged, answered, closed, transferred …")],
        *,
        data: Annotated[str, typer.Option(help="What comes with it, as JSON.")] = "{}",
        at: Annotated[str | None, typer.Option(help="When, RFC 3339 with offset; default now.")] = None,
        organisation: Annotated[str, typer.Option("-o", "--organisation", help="Id of its profile.")] = "leuven",
        as_json: AsJson = False,
    ) -> None:
        """Tell that something happened to a contact.

        Kinds: acknowledged, answered, closed, reopened, information_requested, information_received, extended,
        transferred, withdrawn, escalated, surveyed. What comes with each stands in
        docs/contract/schemas/follow_up.v1.json: closing takes --data '{"qualification": "founded"}', answering
        takes '{}'.
        """
        body = {
            "follow_up_id": f"cli-{uuid.uuid4()}",
            "organisation": organisation,
            "kind": kind,
            "occurred_at": at or datetime.now(UTC).isoformat(),
            "data": parse(data, "--data"),
        }
        with find_place().client("intake", "handler") as client:
            answer = answer_of(client.post(f"/contacts/{reference}/follow-ups", json=body))
        if as_json:
            tell_json(answer)
        else:
            console.print(f"{reference}: {kind} taken in", markup=False, highlight=False)


def read_json(file: str) -> Any:
    """The JSON in a file, or on standard input for ``-``. Raises ``CommandError`` that says where it is broken."""
    try:
        text = sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file} cannot be read: {error}", "Name a JSON file in UTF-8.") from None
    return parse(text, file)


def parse(text: str, where: str) -> Any:
    """Raises ``CommandError`` where the text is not JSON."""
    try:
        return json.loads(text)
    except ValueError as error:
        raise CommandError(f"{where} is not JSON: {error}", "Mend it, and try again.") from None
