"""The AsyncAPI 3 document of the whole: every address, queue, message and header, out of topology and contract."""

from typing import Any

from faststream.specification.asyncapi.v3_0_0.schema import ApplicationSchema

from deploy.documents.flow import ADDRESSES, CONSUMES, REJECTION, SENDS, UNREAD, Address, arrives, sends
from deploy.documents.schemas import ENVELOPE, FOLLOW_UP, REJECTION_ERRORS, SUBMISSION
from shared.contracts.events import EVENT_TYPES
from shared.contracts.routing_request import ROUTING_REQUESTED
from shared.messaging import topology

Json = dict[str, Any]

_PARAMETERS = {
    "organisation": "Id of the organisation's profile; the same as in the body.",
    "channel": "The submission's channel; the same as in the body.",
    "kind": "The follow-up's kind; the same as in the body.",
}
_REJECTION_HEADERS = {
    "errors": ("string", "What is wrong, as JSON."),
    "rejection_id": ("string", "Of these bytes, refused for these reasons under this key."),
    "rejected_at": ("string", "When, RFC 3339."),
    "original_routing_key": ("string", "The routing key it came under."),
    "size": ("integer", "Bytes of the whole body."),
    "sha256": ("string", "SHA-256 (hex) of the whole body."),
    "truncated": ("boolean", "Whether the body was over the limit and is not whole here."),
    "correlation_id": ("string", "The one it came with, if any."),
}
_TRACE_HEADERS = {
    "traceparent": "The sender's place in its trace, as the W3C writes it; goes on with the contact where traced.",
    "tracestate": "What goes with it, at most 512 characters; no personal data.",
}
_BUNDLED = "True where services get the event in a bundle as well: not in their queues by itself, nor mandatory."
_EXCHANGES_TOLD = {
    topology.SERVICES_EVENTS: "Events on their way to the services' queues: those that came to contacts.events "
    "without the header bundled, and bundles of those with it. A bundle has the header members, how many are in "
    "it, the events' own routing key, and for a body two lines an event, its headers as JSON and its body. "
    "Requests on contacts.routing come in bundles too. For the services alone: another version may have it "
    "otherwise."
}
_PUBLISHING = {"deliveryMode": 2, "mandatory": True, "ack": True, "bindingVersion": "0.3.0"}


def asyncapi_document() -> Json:
    """The document. Raises ``pydantic.ValidationError`` where FastStream's model of AsyncAPI 3 refuses it."""
    document = {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Contactpunt",
            "version": "1",
            "description": "Messages between channel adapters and the services intake, routing, deadlines and "
            "reporting. Bodies are JSON in UTF-8, at most 1 MiB; messages are persistent and published with "
            "confirms. Events carry their envelope in the AMQP headers.",
            "license": {"name": "EUPL-1.2", "url": "https://eupl.eu/1.2/en/"},
        },
        "defaultContentType": "application/json",
        "servers": {
            "broker": {
                "host": "127.0.0.1:5672",
                "pathname": "/",
                "protocol": "amqp",
                "protocolVersion": "0.9.1",
                "description": "RabbitMQ 3.10 or later; host and credentials come from AMQP_URL.",
            }
        },
        "channels": {**_addresses(), **_queues()},
        "operations": {**_sending(), **_receiving()},
        "components": {"messages": _messages()},
        "x-exchanges": [_exchange(each) for each in topology.EXCHANGES],
        "x-bindings": [
            {"source": each.source, "key": each.key, "destination": each.destination}
            | ({"arguments": dict(each.arguments)} if each.arguments else {})
            for each in (*topology.ENTRANCES, *topology.BINDINGS)
        ],
    }
    ApplicationSchema.model_validate(document)
    return document


def channel_name(address: Address) -> str:
    """How the document calls an address: the exchange and its key without the braces."""
    return f"{address.exchange}:{address.key.replace('{', '').replace('}', '')}"


def _addresses() -> Json:
    kinds = {each.name: each.kind for each in topology.EXCHANGES}
    return {
        channel_name(address): {
            "address": address.key,
            "description": address.summary,
            "parameters": {
                name: {"description": told} for name, told in _PARAMETERS.items() if f"{{{name}}}" in address.key
            },
            "messages": _in_channel(address.messages),
            "bindings": {
                "amqp": {
                    "is": "routingKey",
                    "exchange": {
                        "name": address.exchange,
                        "type": kinds[address.exchange],
                        "durable": True,
                        "autoDelete": False,
                        "vhost": "/",
                    },
                    "bindingVersion": "0.3.0",
                }
            },
        }
        for address in ADDRESSES
    }


def _queues() -> Json:
    of_working_queues = {
        queue.name: _queue(queue, _queue_description(queue.name, working.name), _in_channel(arrives(working.name)))
        for working in topology.WORKING_QUEUES
        for queue in working.queues()
    }
    record = "A record of the dead letters that administrators let go of: who, when and why. Worked off by nobody."
    return of_working_queues | {topology.DISCARDED: _queue(topology.DISCARDED_QUEUE, record, {})}


def _queue(queue: topology.Queue, description: str, messages: Json) -> Json:
    address = {"name": queue.name, "durable": True, "exclusive": False, "autoDelete": False, "vhost": "/"}
    return {
        "address": queue.name,
        "description": description,
        "messages": messages,
        "bindings": {"amqp": {"is": "queue", "queue": address, "bindingVersion": "0.3.0"}},
        "x-arguments": dict(queue.arguments),
    }


def _queue_description(name: str, working: str) -> str:
    if name == topology.dead_queue(working):
        return f"What {working} gave up."
    if name == topology.retry_queue(working):
        return f"Where a message waits before it comes back to {working}."
    return "Worked off by " + next(service for service, queues in CONSUMES.items() if name in queues) + "."


def _sending() -> Json:
    return {
        f"{service}:send:{channel_name(address)}": {
            "action": "send",
            "channel": {"$ref": f"#/channels/{_pointer(channel_name(address))}"},
            "summary": f"{service} publishes {', '.join(address.messages)}",
            "bindings": {"amqp": _PUBLISHING | {"mandatory": UNREAD.isdisjoint(address.messages)}},
            "messages": _of_channel(channel_name(address), address.messages),
        }
        for service in SENDS
        for address in sends(service)
    }


def _receiving() -> Json:
    return {
        f"{service}:receive:{queue}": {
            "action": "receive",
            "channel": {"$ref": f"#/channels/{_pointer(queue)}"},
            "summary": f"{service} works off {queue}",
            "bindings": {"amqp": {"ack": True, "bindingVersion": "0.3.0"}},
            "messages": _of_channel(queue, arrives(queue)),
        }
        for service, queues in CONSUMES.items()
        for queue in queues
    }


def _messages() -> Json:
    plain = {
        name: {
            "name": name,
            "title": title,
            "contentType": "application/json",
            "headers": {
                "type": "object",
                "properties": {
                    header: {"type": "string", "description": told} for header, told in _TRACE_HEADERS.items()
                },
            },
            "payload": {"$ref": f"./schemas/{name}.json"},
        }
        for name, title in ((SUBMISSION, "Submission"), (FOLLOW_UP, "Follow-up"))
    }
    enveloped = {
        name: {
            "name": name,
            "title": name,
            "contentType": "application/json",
            "headers": _event_headers() if name in EVENT_TYPES else {"$ref": f"./schemas/{ENVELOPE}.json"},
            "payload": {"$ref": f"./schemas/{name}.json"},
            "correlationId": {"location": "$message.header#/correlation_id"},
        }
        for name in (*EVENT_TYPES, ROUTING_REQUESTED)
    }
    rejection: Json = {
        "name": REJECTION,
        "title": "Rejection",
        "description": "The refused bytes as they came; of a body over 1 MiB the first 64 KiB.",
        "headers": {
            "type": "object",
            "required": [name for name in _REJECTION_HEADERS if name != "correlation_id"],
            "properties": {
                name: {"type": kind, "description": told} for name, (kind, told) in _REJECTION_HEADERS.items()
            },
        },
        "payload": {"description": "Any bytes."},
    }
    rejection["headers"]["properties"]["errors"] |= {
        "contentMediaType": "application/json",
        "contentSchema": {"$ref": f"./schemas/{REJECTION_ERRORS}.json"},
    }
    return {**plain, **enveloped, REJECTION: rejection}


def _event_headers() -> Json:
    bundled = {topology.BUNDLED: {"type": "boolean", "description": _BUNDLED}}
    return {"allOf": [{"$ref": f"./schemas/{ENVELOPE}.json"}, {"type": "object", "properties": bundled}]}


def _exchange(exchange: topology.Exchange) -> Json:
    return {
        "name": exchange.name,
        "type": exchange.kind,
        "durable": True,
        "internal": exchange.internal,
        "arguments": dict(exchange.arguments),
        **({"description": _EXCHANGES_TOLD[exchange.name]} if exchange.name in _EXCHANGES_TOLD else {}),
    }


def _in_channel(messages: tuple[str, ...]) -> Json:
    return {name: {"$ref": f"#/components/messages/{name}"} for name in messages}


def _of_channel(channel: str, messages: tuple[str, ...]) -> list[Json]:
    return [{"$ref": f"#/channels/{_pointer(channel)}/messages/{name}"} for name in messages]


def _pointer(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")
