"""Contacts counted: from counters where they can answer, from facts where they cannot, alike."""

from collections.abc import Mapping

from services.reporting.domain.annual import Counted
from services.reporting.domain.counting import Table, covering_table, project
from services.reporting.domain.dimensions import SEVERAL
from services.reporting.domain.question import Question
from services.reporting.store import Reading
from services.reporting.store.collections import Generation
from services.reporting.store.reading import MonthlyCells


async def count(reading: Reading, question: Question, *, from_facts: bool = False) -> Counted:
    """Contacts by group and in all. ``from_facts`` leaves the counters aside: the answer has to be the same."""
    if question.months is not None and not from_facts:
        generation = await reading.generation(question.organisation)
        tables = tables_for(question, generation)
        if tables is not None:
            return from_cells(question, tables, await reading.cells(generation, set(tables), *question.months))
    groups = await reading.counts(question)
    several = SEVERAL.intersection(question.group_by)
    return Counted(groups, await reading.total(question) if several else groups.total())


def tables_for(question: Question, generation: Generation) -> tuple[Table, Table] | None:
    """The tables that answer for rows and for the total, None where not both can be had."""
    filters = frozenset((name, len(values) > 1) for name, values in question.filters.items())
    rows = covering_table(generation.tables, question.group_by, filters)
    if rows is None or SEVERAL.isdisjoint(question.group_by):
        # Rows that count each contact once add up to the total.
        return None if rows is None else (rows, rows)
    totals = covering_table(generation.tables, (), filters)
    return None if totals is None else (rows, totals)


def from_cells(question: Question, tables: tuple[Table, Table], cells: Mapping[Table, MonthlyCells]) -> Counted:
    """The answer out of the cells of the tables for rows and total."""
    rows, totals = tables
    groups = project(cells[rows], rows, question.group_by, question.filters)
    if rows == totals:
        return Counted(groups, groups.total())
    return Counted(groups, project(cells[totals], totals, (), question.filters).total())
