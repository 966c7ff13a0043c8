"""Tells stored contacts and events again, so that what was dead-lettered after it was stored can be repaired.

Every message goes out under the id it had before: for consumers it is nothing new.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Annotated

import typer
from prometheus_client import CollectorRegistry
from rich.progress import Progress

from services.intake.settings import IntakeSettings
from services.intake.store import Store
from services.intake.telling import Publishes, event_message, registration_messages
from shared.logging import configure_logging
from shared.messaging.message import OutgoingMessage
from shared.messaging.messaging import Messaging
from shared.mongo import open_client, open_database

GROUP = 100


async def tell_again(
    store: Store,
    publisher: Publishes,
    *,
    organisation: str | None = None,
    reference: str | None = None,
    others_too: bool = False,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Publishes every contact's registration, request to routing and follow-ups again; with ``others_too`` other
    services' events as well. Gives the number of messages; ``progress`` hears the number of contacts done.
    """
    told = 0
    async for messages, contacts in _groups(store, organisation, reference, others_too=others_too):
        await publisher.publish_all(messages)
        told += len(messages)
        progress(contacts)
    return told


async def _groups(
    store: Store, organisation: str | None, reference: str | None, *, others_too: bool
) -> AsyncIterator[tuple[list[OutgoingMessage], int]]:
    messages: list[OutgoingMessage] = []
    references: list[str] = []
    async for contact in store.contacts.each(organisation, reference):
        messages += registration_messages(contact)
        references.append(contact.reference)
        if len(references) == GROUP:
            yield messages + await _events(store, references, others_too=others_too), len(references)
            messages, references = [], []
    if references:
        yield messages + await _events(store, references, others_too=others_too), len(references)


async def _events(store: Store, references: list[str], *, others_too: bool) -> list[OutgoingMessage]:
    return [event_message(event) for event in await store.events.of(references, only_own=not others_too)]


async def _run(
    settings: IntakeSettings, organisation: str | None, reference: str | None, *, others_too: bool
) -> int:
    client = open_client(settings.mongo_url.get_secret_value(), "intake-republish")
    database = open_database(client, settings.mongo_prefix, "intake")
    store = Store(database, reference_block=settings.reference_block)
    messaging = Messaging(
        settings.amqp_url.get_secret_value(), "intake-republish", CollectorRegistry(), settings.topology
    )
    try:
        await messaging.start()
        with Progress() as bar:
            task = bar.add_task("contacts", total=await store.contacts.count(organisation, reference))
            return await tell_again(
                store,
                messaging.publisher,
                organisation=organisation,
                reference=reference,
                others_too=others_too,
                progress=lambda done: bar.advance(task, done),
            )
    finally:
        await messaging.stop()
        client.close()


def republish(
    organisation: Annotated[str | None, typer.Option(help="Only this organisation's contacts")] = None,
    reference: Annotated[str | None, typer.Option(help="Only this contact")] = None,
    others_too: Annotated[bool, typer.Option("--all", help="Other services' stored events as well")] = False,
) -> None:
    """Publishes stored contacts and their events again; consumers take it for nothing new."""
    settings = IntakeSettings()
    configure_logging("intake-republish", "WARNING")
    told = asyncio.run(_run(settings, organisation, reference, others_too=others_too))
    typer.echo(f"{told} messages published again")
    if reference is not None and told == 0:
        typer.echo(f"There is no registered contact {reference}; check the reference.", err=True)
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(republish)
