"""The broker and the database that the run starts itself."""

import asyncio
import signal
from pathlib import Path
from typing import Any

import aio_pika
from aio_pika.exceptions import AMQPException
from pamqp.common import FieldTable
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.mongod import mongo_refusal
from deploy.local.ports import LOOPBACK
from deploy.local.rabbitmq import amqp_refusal
from tests.integration.local_run.conftest import Terminal, await_line, ended, eventually, own_ports

QUEUE: FieldTable = {"x-queue-type": "quorum"}


async def keep_something(values: dict[str, str]) -> None:
    """A message in a quorum queue, and a document that a transaction wrote."""
    async with await aio_pika.connect(values["AMQP_URL"]) as connection:
        channel = await connection.channel()
        await channel.declare_queue("kept", durable=True, arguments=QUEUE)
        message = aio_pika.Message(b"kept", delivery_mode=aio_pika.DeliveryMode.PERSISTENT)
        await channel.default_exchange.publish(message, "kept")
    with MongoClient[dict[str, Any]](values["MONGO_URL"]) as client, client.start_session() as session:
        session.with_transaction(lambda inside: client.kept.things.insert_one({"kept": True}, session=inside))


async def what_was_kept(values: dict[str, str]) -> tuple[bytes | None, int]:
    """The message's body and the number of documents."""
    async with await aio_pika.connect(values["AMQP_URL"]) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("kept", durable=True, arguments=QUEUE)
        message = await queue.get(fail=False)
        body = message.body if message else None
        if message:
            await message.nack()
    with MongoClient[dict[str, Any]](values["MONGO_URL"]) as client:
        return body, client.kept.things.count_documents({})


async def until_both_answer(values: dict[str, str]) -> None:
    """Returns once clients can work again; the test's own time limit ends it where they never can."""
    while True:
        try:
            await what_was_kept(values)
        except (OSError, AMQPException, PyMongoError):
            await asyncio.sleep(0.2)
        else:
            return


def queue_is_known(terminal: Terminal) -> bool:
    """RabbitMQ 3.10 writes a new queue's name down some time after it has confirmed what is in it."""
    (names,) = terminal.run.data.glob("rabbitmq/mnesia/*/quorum/*/names.dets")
    return b"kept" in names.read_bytes()


def program_of(pid: int) -> str:
    return Path(f"/proc/{pid}/comm").read_text(encoding="ascii").strip()


async def test_they_survive_a_kill_end_with_the_run_and_keep_their_data_for_the_next(terminal: Terminal) -> None:
    process = terminal.begin("up", SAMPLE="none")
    await_line(process, "until Ctrl-C")
    values = terminal.values()
    await keep_something(values)
    eventually(lambda: queue_is_known(terminal), "the broker has written the new queue's name down")
    assert program_of(terminal.pid("rabbitmq")) == "beam.smp"
    assert program_of(terminal.pid("mongod")) == "mongod"

    terminal.kill("rabbitmq")
    terminal.kill("mongod")
    terminal.kill("epmd")
    await until_both_answer(values)
    assert await what_was_kept(values) == (b"kept", 1)

    process.send_signal(signal.SIGINT)
    code, output = ended(process)
    assert code == 0, output
    assert terminal.nothing_runs()

    terminal.variables = own_ports()
    up = terminal.type("up", DETACH="1", SAMPLE="none", KEEP="1")
    assert up.returncode == 0, up.stderr
    assert await what_was_kept(terminal.values()) == (b"kept", 1)
    assert terminal.type("down").returncode == 0
    assert terminal.nothing_runs()


async def test_nobody_gets_in_without_the_password_of_this_run(terminal: Terminal) -> None:
    up = terminal.type("up", DETACH="1", SAMPLE="none")
    assert up.returncode == 0, up.stderr
    amqp, mongo = (f"{LOOPBACK}:{terminal.variables[name]}" for name in ("AMQP_PORT", "MONGO_PORT"))

    assert "ACCESS_REFUSED" in (amqp_refusal(f"amqp://guest:guest@{amqp}/") or "")
    assert "requires authentication" in (mongo_refusal(f"mongodb://{mongo}/?replicaSet=rs0") or "")
    assert amqp_refusal(terminal.values()["AMQP_URL"]) is None
    assert mongo_refusal(terminal.values()["MONGO_URL"]) is None
