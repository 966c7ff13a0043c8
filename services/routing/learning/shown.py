"""A comparison as a table and a line or two: numbers alone."""

from collections.abc import Iterable

from services.routing.learning.comparing import Compared, Comparison, Stood

_HEAD = ("", "contacts", "right before", "right now", "only before", "only now", "p")


def table(comparison: Comparison) -> str:
    """How often each model is right, by question; then what each decides without review."""
    rows = [_row(name, each) for name, each in comparison.questions.items()]
    stood = [f"{when}: {_stood(each)}" for when, each in (("before", comparison.old), ("now", comparison.new))]
    return "\n".join([*_columns([_HEAD, *rows]), *stood])


def _row(name: str, each: Compared) -> tuple[str, ...]:
    right = (f"{count} ({count / max(each.contacts, 1):.0%})" for count in (each.old, each.new))
    return name, str(each.contacts), *right, str(each.only_old), str(each.only_new), f"{each.chance:.3f}"


def _stood(each: Stood) -> str:
    return (
        f"{each.decided} of {each.contacts} decided without review ({each.share:.0%}), of these line and "
        f"directorate right {each.right} ({each.share_right:.0%})"
    )


def _columns(rows: list[tuple[str, ...]]) -> Iterable[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        first, *others = (cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join([first.strip().ljust(widths[0]), *others])
