"""The adapter that the README shows works as it stands there."""

import re
from pathlib import Path

import aio_pika
import pytest
from pydantic import TypeAdapter

from shared.contracts.submission import Submission
from shared.messaging import topology

README = (Path(__file__).parents[3] / "README.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def test_the_submission_shown_is_one() -> None:
    (shown,) = blocks("json")
    assert Submission.model_validate_json(shown).organisation == "leuven"


def test_the_submission_sent_with_curl_is_one() -> None:
    (sent,) = re.findall(r"-d '(\{.*?\})'", README, re.DOTALL)
    assert TypeAdapter(Submission).validate_json(sent).submission_id == "form-2021-000043"


async def test_the_adapter_shown_reaches_intake(broker_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (adapter,) = blocks("python")
    namespace: dict[str, object] = {}
    exec(adapter.replace("asyncio.run(main())", ""), namespace)  # noqa: S102  it is ours, and this is the test
    monkeypatch.setenv("AMQP_URL", broker_url)
    async with await aio_pika.connect(broker_url) as connection:
        channel = await connection.channel()
        await topology.declare(await channel.get_underlay_channel())
        await namespace["main"]()  # type: ignore[operator]
        queue = await channel.get_queue(topology.INTAKE_LIVE)
        message = await queue.get(no_ack=True)
    assert Submission.model_validate_json(message.body).channel == "web_form"
    assert message.routing_key == "submission.leuven.web_form"
    assert message.delivery_mode is aio_pika.DeliveryMode.PERSISTENT
