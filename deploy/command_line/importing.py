"""``import``: a file of contacts and follow-ups, JSON Lines or CSV, handed in on the queue for imports."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from deploy.command_line.answers import FAILED, AsJson, console, errors, tell_json
from deploy.command_line.place import find_place

if TYPE_CHECKING:
    from deploy.command_line.import_journal import Journal
    from deploy.command_line.import_run import ImportResult


def add_to(app: typer.Typer) -> None:
    """Adds the command."""

    @app.command(
        "import",
        epilog="Examples: contactpunt import contacts.jsonl --dry-run; contactpunt import contacts.csv",
    )
    def import_(
        file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="Ends in .jsonl or .csv.")],
        *,
        dry_run: Annotated[bool, typer.Option(help="Check every row, hand in nothing.")] = False,
        errors_to: Annotated[
            Path | None,
            typer.Option(
                "--errors", help="Where rows with errors go; otherwise into FILE.errors.jsonl, beside it."
            ),
        ] = None,
        restart: Annotated[bool, typer.Option(help="Begin with the first row, whatever was done before.")] = False,
        profiles: Annotated[Path | None, typer.Option(help="Other profiles than those that come along.")] = None,
        as_json: AsJson = False,
    ) -> None:
        """Hand in a file of submissions and follow-ups. Live contacts overtake them.

        JSON Lines: one message a line, as docs/contract/schemas has it. CSV: a header row with the names of the
        fields, those within others with a dot (citizen.email, about.directorate, data.qualification); separated
        by comma, semicolon or tab; several values in a cell with |, truth as true or false; an empty cell is a
        field that is not there.

        Every row is checked before it is handed in, by intake's own rules. Rows with errors go to a file with
        line, field and cure; the others are handed in. Try --dry-run first: it hands in nothing.

        After an interruption the same command goes on where it was (FILE.progress beside it remembers); a row
        that is handed in twice counts once. Exit code 1 where any row has errors.
        """
        # Other commands need not wait for the profiles and the broker's client to be loaded.
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        from deploy.command_line.import_checks import Checks  # noqa: PLC0415
        from deploy.command_line.import_files import count_rows, read_rows  # noqa: PLC0415
        from deploy.command_line.import_handover import Handover  # noqa: PLC0415
        from deploy.command_line.import_journal import Journal  # noqa: PLC0415
        from deploy.command_line.import_run import import_rows  # noqa: PLC0415

        journal = Journal(file, errors_to, keeps=not dry_run)
        journal.open(restart=restart)
        checks = Checks.of(profiles)
        total = count_rows(file)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=errors, disable=as_json) as progress:
            task = progress.add_task("checking" if dry_run else "handing in", total=total, completed=journal.done)
            handover = None if dry_run else Handover(find_place().get("AMQP_URL"))
            rows = read_rows(file, skip=journal.done)
            result = asyncio.run(
                import_rows(rows, checks, journal, handover, lambda count: progress.advance(task, count))
            )
        _tell(result, journal, dry_run=dry_run, as_json=as_json)
        if result.with_errors or result.refused:
            raise typer.Exit(FAILED)


def _tell(result: "ImportResult", journal: "Journal", *, dry_run: bool, as_json: bool) -> None:
    told = result._asdict() | {"dry_run": dry_run, "errors_file": str(journal.errors_file)}
    if as_json:
        tell_json(told)
        return
    what = "would be handed in" if dry_run else "handed in"
    console.print(
        f"{result.handed_in} {what}, {result.with_errors} with errors, {result.refused} refused by intake"
    )
    if result.skipped:
        console.print(f"{result.skipped} were done before; --restart begins anew")
    if not result.taken_in:
        console.print(
            "Intake has not taken all of them in yet and may refuse some; they wait. GET /rejections tells then."
        )
    if result.with_errors or result.refused:
        console.print(f"Errors, with line, field and cure: {journal.errors_file}", markup=False, highlight=False)
