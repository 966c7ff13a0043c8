"""Loads the year and waits until the reports have counted all of it.

They may hold other contacts of that year besides, where a store is kept: every published count has to be reached,
and it is for the comparison to tell what goes beyond it.
"""

import asyncio
import time
from collections.abc import Callable, Sequence

import httpx
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from deploy.sample.comparison import Comparison, Reports, Table, settled_contacts, tables
from deploy.sample.published import leuven_2021
from deploy.sample.publishing import Handover, publish
from deploy.sample.settings import SampleError, SampleSettings

_LOOK_SECONDS = 0.5


def reports_client(settings: SampleSettings) -> httpx.Client:
    """A client of the reporting service that may read the reports."""
    token = settings.reporting_token.get_secret_value()
    return httpx.Client(base_url=settings.reporting_url, headers={"Authorization": f"Bearer {token}"}, timeout=30)


def all_comparisons(reports: Reports) -> list[Comparison]:
    """Every published table beside the reports' answer. Raises ``SampleError`` where they do not answer."""
    try:
        return [reports.compare(table) for table in tables(leuven_2021())]
    except httpx.HTTPError as error:
        raise SampleError(f"The reports do not answer: {error}") from error


def load(settings: SampleSettings, messages: Sequence[Handover], console: Console) -> None:
    """Publishes the messages and waits until every published count is reached.

    Raises ``SampleError`` where the broker takes no more, or the reports do not get any further.
    """
    columns = (TextColumn("{task.description:<28}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    started = time.monotonic()
    with Progress(*columns, console=console) as progress, reports_client(settings) as client:
        publishing = progress.add_task("handing the year in", total=len(messages))
        counting = progress.add_task("counted in the reports", total=_counted_in_all())
        amqp_url = settings.amqp_url.get_secret_value()
        asyncio.run(publish(amqp_url, messages, lambda count: progress.advance(publishing, count)))
        wait_until_counted(
            Reports(client), lambda right: progress.update(counting, completed=right), settings.sample_patience
        )
    console.print(f"{len(messages)} messages handed in and counted in {time.monotonic() - started:.1f} seconds")


def _awaited() -> list[Table]:
    return [settled_contacts(), *tables(leuven_2021())]


def _counted_in_all() -> int:
    return sum(sum(table.expected.values()) for table in _awaited())


def wait_until_counted(reports: Reports, advance: Callable[[int], None], patience: float) -> None:
    """Waits until every count is reached; ``advance`` is told how many of its contacts are counted rightly.

    Raises ``SampleError`` where nothing changes for the better in ``patience`` seconds.
    """
    best, give_up = -1, time.monotonic() + patience
    while True:
        right, problem = _look(reports)
        if not problem:
            advance(right)
            return
        if right > best:
            advance(right)
            best, give_up = right, time.monotonic() + patience
        if time.monotonic() > give_up:
            raise SampleError(
                f"The reports have not got any further for {patience:g} seconds. Where they are: {problem}\n"
                "Look at the services' /health/ready and logs, and at what is on contacts.rejected."
            )
        time.sleep(_LOOK_SECONDS)


def _look(reports: Reports) -> tuple[int, str]:
    """How much is counted rightly, and in words what is not."""
    try:
        found = [reports.compare(table) for table in _awaited()]
    except httpx.HTTPError as error:
        return -1, f"{type(error).__name__}: {error}"
    wrong = [f"{each.table.title}: {each.differences()[0]}" for each in found if not _is_reached(each)]
    return sum(_agreeing(each) for each in found), "; ".join(wrong)


def _is_reached(comparison: Comparison) -> bool:
    return _agreeing(comparison) == sum(comparison.table.expected.values())


def _agreeing(comparison: Comparison) -> int:
    expected = comparison.table.expected
    return sum(min(count, expected.get(key, 0)) for key, count in comparison.counted.items())
