"""The first result: the year's main tables, counted and published side by side."""

from rich.console import Console
from rich.table import Table as Grid

from deploy.sample.comparison import Comparison

_SHOWN = ("contacts by line", "contacts by channel", "contacts by month and line")


def show(comparisons: list[Comparison], console: Console) -> bool:
    """Prints the main tables. Whether all of them agree."""
    shown = [each for each in comparisons if each.table.title in _SHOWN]
    for comparison in shown:
        console.print(_grid(comparison))
    agree = all(comparison.agrees for comparison in shown)
    console.print("Counted and published agree." if agree else "Counted and published differ where marked.")
    return agree


def _grid(comparison: Comparison) -> Grid:
    expected, counted = comparison.table.expected, comparison.counted
    grid = Grid(title=f"Leuven 2021: {comparison.table.title}")
    if len(comparison.table.by) == 1:
        for heading in (comparison.table.by[0], "counted", "published", ""):
            grid.add_column(heading, justify="left" if heading == comparison.table.by[0] else "right")
        for key in sorted(expected.keys() | counted.keys()):
            wanted, found = expected.get(key, 0), counted.get(key, 0)
            grid.add_row(key[0], str(found), str(wanted), _mark(found, wanted))
        return grid
    rows = sorted({key[0] for key in expected.keys() | counted.keys()})
    columns = sorted({key[1] for key in expected.keys() | counted.keys()})
    grid.add_column(comparison.table.by[0])
    for column in columns:
        grid.add_column(f"{column}\ncounted / published", justify="right")
    for row in rows:
        pairs = [(counted.get((row, column), 0), expected.get((row, column), 0)) for column in columns]
        grid.add_row(row, *(f"{found} / {wanted} {_mark(found, wanted)}" for found, wanted in pairs))
    return grid


def _mark(found: int, wanted: int) -> str:
    return "✓" if found == wanted else "✗"
