"""``dead-letters``: what the queues gave up."""

from typing import Annotated, Any

import httpx
import typer

from deploy.command_line.answers import AsJson, answer_of, console, tell_json, tell_table
from deploy.command_line.failure import CommandError
from deploy.command_line.place import SERVICES, Place, find_place

LetterId = Annotated[str, typer.Argument(metavar="ID", help="The letter's id out of the list.")]


def add_to(app: typer.Typer) -> None:
    """Adds the commands."""
    letters = typer.Typer(no_args_is_help=True, help="Look at dead letters, send them back, or let go of them.")
    app.add_typer(letters, name="dead-letters")

    @letters.command("list")
    def list_(*, as_json: AsJson = False) -> None:
        """What all queues gave up, the oldest of each first."""
        found = [letter for service in SERVICES for letter in _of(find_place(), service)]
        if as_json:
            tell_json(found)
        elif not found:
            console.print("There are no dead letters.")
        else:
            columns = ("id", "queue", "reason", "type", "reference", "given_up_at")
            tell_table("Dead letters", columns, [[each[name] for name in columns] for each in found])

    @letters.command()
    def show(
        letter: LetterId,
        *,
        body: Annotated[bool, typer.Option(help="Show what is in it too; it may be personal.")] = False,
        as_json: AsJson = False,
    ) -> None:
        """One letter: why it was given up, what that means, what to do."""
        found = _first(letter, lambda client: client.get(f"/dead-letters/{letter}", params={"body": body}))
        if as_json:
            tell_json(found)
        else:
            tell_table("", ("", ""), list(found.items()))

    @letters.command()
    def replay(letter: LetterId, *, as_json: AsJson = False) -> None:
        """Put a letter back into its queue. Safe: what was done already is not done twice."""
        done = _first(letter, lambda client: client.post(f"/dead-letters/{letter}/replay"))
        if as_json:
            tell_json(done)
        else:
            console.print(f"{letter} is back in {done['replayed']['queue']}", markup=False, highlight=False)

    @letters.command()
    def discard(
        letter: LetterId,
        *,
        reason: Annotated[str, typer.Option(help="Why; stays on record. Name no citizen.", prompt=True)],
        as_json: AsJson = False,
    ) -> None:
        """Let go of a letter. Who, when and why stay on record; what was in it does not."""
        done = _first(
            letter, lambda client: client.post(f"/dead-letters/{letter}/discard", json={"reason": reason})
        )
        if as_json:
            tell_json(done)
        else:
            console.print(f"{letter} is gone from {done['discarded']['queue']}", markup=False, highlight=False)


def _of(place: Place, service: str) -> list[dict[str, Any]]:
    with place.client(service, "admin") as client:
        letters: list[dict[str, Any]] = answer_of(client.get("/dead-letters"))["letters"]
        return letters


def _first(letter: str, ask: Any) -> dict[str, Any]:
    """The answer of the service that has the letter."""
    place = find_place()
    for service in SERVICES:
        with place.client(service, "admin") as client:
            response: httpx.Response = ask(client)
            if response.status_code != httpx.codes.NOT_FOUND:
                return answer_of(response)
    raise CommandError(
        f"No queue has a dead letter {letter}.", "It was settled, or has expired; ./contactpunt dead-letters list."
    )
