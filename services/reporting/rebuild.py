"""Counts all contacts anew and compares or replaces the counters: ``python -m services.reporting.rebuild``.

Exits with 0 where everything is equal or was written, with 1 where something differs or could not be done.
"""

import asyncio
import sys
from collections.abc import Sequence
from typing import Annotated, Any

import orjson
import typer
from pydantic import ValidationError
from pymongo.errors import PyMongoError
from rich.console import Console
from rich.table import Table as PrintedTable

from services.reporting.domain.counting import EVENTS, Cell, tables_of
from services.reporting.settings import ReportingSettings
from services.reporting.store import Collections, prepare
from services.reporting.store.recount import Abandoned, Comparison, Recount
from shared.clock import system_clock
from shared.mongo import open_client, open_database
from shared.profiles import BrokenProfile, Profile, load_profiles

_MOST_ROWS = 50
_app = typer.Typer(add_completion=False)


@_app.command()
def rebuild(
    compare: Annotated[bool, typer.Option("--compare", help="Only compare; change nothing.")] = False,
    organisation: Annotated[str | None, typer.Option(help="Only this organisation; default all.")] = None,
    facts: Annotated[
        bool,
        typer.Option("--facts", help="Make the facts anew out of their events as well (compare: check them)."),
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Answer in JSON, for programs.")] = False,
) -> None:
    """Sums what every contact contributes and compares it with the counters, or writes them anew."""
    # For programs there is nothing on standard output but the answer.
    console = Console(stderr=as_json)
    try:
        settings = ReportingSettings()
        done = asyncio.run(_run(settings, console, compare=compare, organisation=organisation, facts=facts))
    except (PyMongoError, Abandoned, BrokenProfile, _Unknown) as error:
        console.print(f"[red]not done:[/red] {error}")
        raise typer.Exit(1) from None
    except ValidationError as error:
        missing = ", ".join(str(each["loc"][0]).upper() for each in error.errors())
        console.print(f"[red]not done:[/red] set {missing} in the environment")
        raise typer.Exit(1) from None
    if as_json:
        sys.stdout.buffer.write(orjson.dumps(done, option=orjson.OPT_INDENT_2) + b"\n")
    raise typer.Exit(0 if all(each["right"] for each in done) else 1)


class _Unknown(Exception):  # noqa: N818  it is told to the operator as a fact
    """There is no such organisation."""


async def _run(
    settings: ReportingSettings, console: Console, *, compare: bool, organisation: str | None, facts: bool
) -> list[dict[str, Any]]:
    profiles = load_profiles(settings.profiles_dir)
    if organisation is not None and organisation not in profiles:
        raise _Unknown(f"there is no organisation {organisation}; known are {', '.join(sorted(profiles))}")
    chosen = [profile for name, profile in profiles.items() if organisation in (None, name)]
    client = open_client(settings.mongo_url.get_secret_value(), "reporting-rebuild")
    try:
        collections = Collections(open_database(client, settings.mongo_prefix, "reporting"))
        if not compare:
            await prepare(collections, {profile.id: tables_of(profile) for profile in chosen})
        return [await _one(collections, profile, console, compare=compare, facts=facts) for profile in chosen]
    finally:
        client.close()


async def _one(
    collections: Collections, profile: Profile, console: Console, *, compare: bool, facts: bool
) -> dict[str, Any]:
    recount = Recount(collections, profile, system_clock)
    if compare:
        comparison = await recount.compare(fold_anew=facts)
        _tell(console, profile.id, comparison)
        return _compared(profile.id, comparison)
    counters, contacts = await recount.write(fold_anew=facts)
    console.print(f"{profile.id}: written: {counters} counters over {contacts} facts")
    return {"organisation": profile.id, "right": True, "written": True, "counters": counters, "facts": contacts}


def _compared(organisation: str, comparison: Comparison) -> dict[str, Any]:
    differences = [
        {
            "month": cell.month,
            "table": cell.table,
            "cell": cell.key,
            "counter": comparison.counted[cell],
            "facts": comparison.summed[cell],
        }
        for cell in comparison.differences[:_MOST_ROWS]
    ]
    return {
        "organisation": organisation,
        "right": not comparison.differences and not comparison.unfolded,
        "written": False,
        "counters": len(comparison.counted),
        "facts": comparison.facts,
        "differing_counters": len(comparison.differences),
        "first_differences": differences,
        "differing_facts": len(comparison.unfolded),
        "first_facts": list(comparison.unfolded[:_MOST_ROWS]),
    }


def _tell(console: Console, organisation: str, comparison: Comparison) -> None:
    differences = comparison.differences
    if differences:
        console.print(_table(organisation, comparison, differences[:_MOST_ROWS]))
        if len(differences) > _MOST_ROWS:
            console.print(f"and {len(differences) - _MOST_ROWS} more")
    else:
        counters = len(comparison.counted)
        events = sum(count for cell, count in comparison.summed.items() if cell.table == EVENTS)
        console.print(
            f"{organisation}: equal: {counters} counters over {comparison.facts} facts of {events} events"
        )
    for reference in comparison.unfolded[:_MOST_ROWS]:
        console.print(f"{organisation}: the fact of {reference} is not what its events come to")


def _table(organisation: str, comparison: Comparison, cells: Sequence[Cell]) -> PrintedTable:
    printed = PrintedTable(title=f"{organisation}: {len(comparison.differences)} counters differ")
    for heading in ("month", "table", "cell", "counter", "facts"):
        printed.add_column(heading)
    for cell in cells:
        numbers = (str(comparison.counted[cell]), str(comparison.summed[cell]))
        printed.add_row(cell.month, ", ".join(cell.table) or "contacts", cell.key, *numbers)
    return printed


if __name__ == "__main__":
    _app()
