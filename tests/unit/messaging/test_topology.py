"""The topology as data: complete and without contradictions."""

from shared.messaging import topology


def test_names_are_unique() -> None:
    names = [queue.name for queue in topology.QUEUES] + [exchange.name for exchange in topology.EXCHANGES]
    assert len(names) == len(set(names))


def test_everything_that_is_bound_is_declared() -> None:
    exchanges = {exchange.name for exchange in topology.EXCHANGES}
    queues = {queue.name for queue in topology.QUEUES}
    for binding in topology.BINDINGS:
        assert binding.source in exchanges
        assert binding.destination in queues
    for binding in topology.ENTRANCES:
        assert {binding.source, binding.destination} <= exchanges


def test_what_adapters_may_declare_has_no_arguments() -> None:
    public = [exchange for exchange in topology.EXCHANGES if exchange.name.startswith("contacts.")]
    assert len(public) == 5
    assert all((e.kind, e.internal, dict(e.arguments)) == ("topic", False, {}) for e in public)


def test_every_queue_leads_somewhere_that_exists() -> None:
    queues = {queue.name: queue for queue in topology.QUEUES}
    for working in topology.WORKING_QUEUES:
        assert queues[working.name].arguments["x-dead-letter-routing-key"] == working.name
        assert topology.dead_queue(working.name) in queues
        retry = queues.get(topology.retry_queue(working.name))
        assert (retry is not None) == working.has_retry == topology.has_retry_queue(working.name)
        if retry is not None:
            assert retry.arguments["x-dead-letter-exchange"] == topology.DEFAULT_EXCHANGE
            assert retry.arguments["x-dead-letter-routing-key"] == working.name


def test_text_that_is_given_up_expires() -> None:
    assert topology.DEAD_TEXT_TTL_MS == 30 * 24 * 60 * 60 * 1000
    expiring = {queue.name for queue in topology.QUEUES if queue.arguments.get("x-message-ttl") == 2_592_000_000}
    assert expiring == {topology.dead_queue(topology.ROUTING_REQUESTED)}
