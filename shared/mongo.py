"""The one place that opens MongoDB. Motor stays behind this module and the ``store.py`` files."""

from datetime import UTC
from typing import Any

from bson.codec_options import CodecOptions
from motor.motor_asyncio import AsyncIOMotorClient, AsyncIOMotorClientSession, AsyncIOMotorDatabase
from prometheus_client import CollectorRegistry
from pymongo import ReadPreference
from pymongo.read_concern import ReadConcern
from pymongo.write_concern import WriteConcern

from shared.operations.database_metrics import DatabaseMetrics

Document = dict[str, Any]
Client = AsyncIOMotorClient[Document]
Database = AsyncIOMotorDatabase[Document]
Session = AsyncIOMotorClientSession

DURABLE = WriteConcern(w="majority", j=True, wtimeout=10_000)
"""A write counts once a majority has it in its journal: what was acknowledged survives a lost machine."""
MAJORITY = ReadConcern("majority")


def open_client(url: str, service: str, registry: CollectorRegistry | None = None) -> Client:
    """A client for the replica set; connects on first use and reconnects by itself. With a ``registry`` its
    commands are measured there.
    """
    listeners = [DatabaseMetrics(registry)] if registry is not None else []
    return AsyncIOMotorClient(
        url,
        appname=f"contactpunt-{service}",
        serverSelectionTimeoutMS=5_000,
        connectTimeoutMS=5_000,
        socketTimeoutMS=60_000,
        tz_aware=True,
        event_listeners=listeners,
    )


def open_database(client: Client, prefix: str, service: str) -> Database:
    """The service's own database; no other service reads it."""
    return client.get_database(
        f"{prefix}_{service}",
        codec_options=CodecOptions(tz_aware=True, tzinfo=UTC),
        read_preference=ReadPreference.PRIMARY,
        read_concern=MAJORITY,
        write_concern=DURABLE,
    )


async def ping(client: Client) -> None:
    """Raises pymongo's error where the database does not answer within its time."""
    await client.admin.command("ping")
