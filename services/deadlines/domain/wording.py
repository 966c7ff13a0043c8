"""How a date came about, in sentences that a person can follow."""

from datetime import UTC, date, datetime

from services.deadlines.domain.days import Stop
from shared.profiles import Term

_UNITS = {"calendar_days": "calendar day", "working_days": "working day", "weeks": "week"}


def _on(day: date) -> str:
    return f"{day:%A} {day.isoformat()}"


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def term_runs(term: Term, version: str, day_0: date, begins_with: str, zone: str) -> list[str]:
    assumed = " (an assumption: no source tells the term)" if term.assumption else ""
    unit = _UNITS[term.length.unit] + ("" if term.length.value == 1 else "s")
    return [
        f"Term {term.id} of profile version {version}: {term.length.value} {unit}{assumed}.",
        f"Day 0 is {_on(day_0)}, the local day of {begins_with} ({zone}).",
    ]


def stopped(stop: Stop, asked_on: date, until: str) -> str:
    if stop.days < 1:
        return f"Information was requested on {_on(asked_on)}; {until} on the same local day: nothing changes."
    return (
        f"Information was requested on {_on(asked_on)}, {until} on {_on(stop.last)}: {_days(stop.days)}, "
        f"{stop.first.isoformat()} to {stop.last.isoformat()}, are not counted."
    )


def not_counted(first: date, last: date, name: str) -> str:
    if first == last:
        return f"{first.isoformat()} not counted: {name}."
    return f"{first.isoformat()} to {last.isoformat()} not counted ({_days((last - first).days + 1)}): {name}."


def rolled(end: date, why: str, due_on: date) -> str:
    return f"The count ends on {_on(end)}, no working day ({why}): the end moves to {_on(due_on)}."


def no_pause(asked_on: date) -> str:
    return f"Information was requested on {_on(asked_on)}; this term does not pause."


def pause_too_late(asked_on: date) -> str:
    return f"Information was requested on {_on(asked_on)}, after the deadline had passed: nothing changes."


def extended(on: date, days: int, last: date) -> str:
    return f"Extended on {_on(on)} by {_days(days)}, to {_on(last)}."


def extension_without_effect(on: date, why: str) -> str:
    return f"The extension of {_on(on)} has no effect: {why}."


def not_reopened(on: date) -> str:
    return f"Reopened on {_on(on)}, while this term was still running: nothing changes."


def handed_over(on: date, to: str, left: int) -> str:
    clock = f"{_days(left)} left" if left >= 0 else f"{_days(-left)} over"
    return f"Handed over to {to} on {_on(on)}: the clock goes on, {clock}."


def end(due_on: date, due_at: datetime) -> str:
    late_from = due_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return f"The last day in time is {_on(due_on)}; it is late from {late_from} on."


def happened(what: str, on: date, taken: int, over: int) -> str:
    in_time = "in time" if over == 0 else f"{_days(over)} late"
    counted = "1 day that counts" if taken == 1 else f"{_days(taken)} that count"
    return f"The contact was {what} on {_on(on)}, after {counted} for us: {in_time}."


def withdrawn(on: date, *, missed: bool) -> str:
    if missed:
        return f"Withdrawn on {_on(on)}, after the deadline had passed: it stays missed."
    return f"Withdrawn on {_on(on)}: nothing is owed any more."


def stands(state: str, as_of_day: date) -> str:
    return f"On {_on(as_of_day)} it is {state}."
