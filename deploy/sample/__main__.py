"""``python -m deploy.sample load|table|check``: the sample year from the command line."""

import logging
import sys
from typing import Annotated

import typer
from rich.console import Console

from deploy.sample.comparison import Reports
from deploy.sample.loading import all_comparisons, load, reports_client
from deploy.sample.publishing import handovers
from deploy.sample.result_table import show
from deploy.sample.settings import SampleError, read_settings

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help="Leuven's year 2021: 252 contacts with published sums."
)
_console = Console()


@app.command("load")
def load_year(
    shuffle: Annotated[
        int | None, typer.Option(help="Hand in in another order; the same number, the same order")
    ] = None,
    repeat: Annotated[int, typer.Option(min=1, help="Hand everything in so many times")] = 1,
) -> None:
    """Publish the year and wait until the reports count all of it."""
    load(read_settings(), handovers(shuffle, repeat), _console)


@app.command()
def table() -> None:
    """Print line, channel and month by line beside the published figures; exit code 1 where they differ."""
    with reports_client(read_settings()) as client:
        agree = show(all_comparisons(Reports(client)), _console)
    raise typer.Exit(0 if agree else 1)


@app.command()
def check() -> None:
    """Compare every published table, one line each; exit code 1 where one differs."""
    with reports_client(read_settings()) as client:
        comparisons = all_comparisons(Reports(client))
    for each in comparisons:
        _console.print(f"{'OK' if each.agrees else 'differs':<8}{each.table.title}", highlight=False)
        for difference in each.differences():
            _console.print(f"        {difference}", highlight=False)
    raise typer.Exit(0 if all(each.agrees for each in comparisons) else 1)


def main() -> None:
    """The command line; an error that the reader can mend is told without a stack trace."""
    # A broker that is away for a moment is expected here, and told only where it stays away.
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)
    try:
        app()
    except SampleError as error:
        Console(stderr=True).print(f"\nerror: {error}", markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
