"""``python -m benchmarks.two_ways``: the calculator of deadlines against a life lived day by day, at random.

The same seed makes the same histories. Ends with 1 and the history's number where the two disagree.
"""

from random import Random
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import track

from tests.unit.deadlines.histories import both_ways, history

app = typer.Typer(add_completion=False)


@app.command()
def compare(
    histories: Annotated[int, typer.Option(min=1, help="How many histories")] = 100_000,
    seed: Annotated[int, typer.Option(help="Where the random numbers begin")] = 1,
) -> None:
    """Reckon each history in both ways and compare."""
    console = Console()
    deadlines = 0
    for number in track(range(histories), description="both ways", console=console):
        course = history(Random(f"{seed}/{number}"))
        reckoned, lived = both_ways(course)
        deadlines += len(reckoned)
        if reckoned != lived:
            console.print(f"history {number} of seed {seed}: reckoned {reckoned}, lived {lived}")
            console.print(course.profile.versions[0].terms[0], course.received, course.follow_ups, course.as_of)
            raise typer.Exit(1)
    console.print(f"{histories} histories with {deadlines} deadlines: both ways agree on every one (seed {seed})")


if __name__ == "__main__":
    app()
