"""The course of an import: check, hand in, write down, a group of rows at a time."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final, NamedTuple

from deploy.command_line.import_checks import Checks, routing_key
from deploy.command_line.import_files import Row
from deploy.command_line.import_handover import Handover, Message
from deploy.command_line.import_journal import Journal

GROUP: Final = 200


class ImportResult(NamedTuple):
    """Rows by what became of them. ``skipped`` were done by an earlier run of the same command.

    ``taken_in`` is False where intake has not worked its queue off yet, so that it may refuse more of them.
    """

    handed_in: int
    with_errors: int
    refused: int
    skipped: int
    taken_in: bool = True


async def import_rows(
    rows: Iterable[Row],
    checks: Checks,
    journal: Journal,
    handover: Handover | None,
    advance: Callable[[int], None],
) -> ImportResult:
    """Imports the rows; without a ``handover`` they are only checked. ``advance`` is told how many are done."""
    skipped = journal.done
    course = _Course(checks, journal, handover, advance)
    if handover is None:
        for group in _grouped(rows):
            await course.take(group)
        return ImportResult(course.handed_in, course.with_errors, 0, skipped)
    async with handover.open():
        for group in _grouped(rows):
            await course.take(group)
        taken_in = await handover.settle()
        course.write_down_refusals()
    return ImportResult(course.handed_in, course.with_errors, course.refused, skipped, taken_in)


class _Course:
    def __init__(
        self, checks: Checks, journal: Journal, handover: Handover | None, advance: Callable[[int], None]
    ) -> None:
        self._checks = checks
        self._journal = journal
        self._handover = handover
        self._advance = advance
        self.handed_in = self.with_errors = self.refused = 0

    async def take(self, group: list[Row]) -> None:
        sound = [message for message in map(_message, group) if self._is_sound(message)]
        if self._handover is not None:
            await self._handover.hand_in(sound)
            self.write_down_refusals()
        # Only now: who is interrupted before this hands the group in again, and nothing is counted twice.
        self._journal.advance(len(group))
        self.handed_in += len(sound)
        self._advance(len(group))

    def write_down_refusals(self) -> None:
        for refusal in self._handover.refusals() if self._handover else ():
            self._journal.tell(refusal.line, refusal.errors, refusal.body)
            self.refused += 1

    def _is_sound(self, message: Message) -> bool:
        errors = self._checks.errors(message.body, message.key)
        if errors:
            self._journal.tell(message.line, errors, message.body)
            self.with_errors += 1
        return not errors


def _message(row: Row) -> Message:
    return Message(row.line, routing_key(row.body), row.body)


def _grouped(rows: Iterable[Row]) -> Iterator[list[Row]]:
    left = iter(rows)
    while group := list(islice(left, GROUP)):
        yield group
