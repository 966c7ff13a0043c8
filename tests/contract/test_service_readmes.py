"""What a service's README says comes in and goes out is what the topology and the documents say."""

import re

import pytest

from deploy.documents.asyncapi import asyncapi_document, channel_name
from deploy.documents.flow import ADDRESSES, CONSUMES, Address, matches, reaches, sends
from deploy.documents.openapi import openapi_document
from shared.messaging import topology
from tests.contract.readme_tables import Listed, Readme


def covers(listed: Listed, address: Address) -> bool:
    """Whether what is listed means this address; a pattern may mean several, a key one of those of an address."""
    key = re.sub(r"\{[^}]+\}", "*", address.key)
    return listed.exchange == address.exchange and (matches(listed.key, key) or matches(key, listed.key))


@pytest.mark.parametrize("service", CONSUMES)
def test_the_queues_are_those_of_the_service(service: str) -> None:
    assert {listed.queue for listed in Readme(service).incoming()} == set(CONSUMES[service])


@pytest.mark.parametrize("service", CONSUMES)
def test_what_is_listed_as_coming_in_can_come_in(service: str) -> None:
    for listed in Readme(service).incoming():
        assert listed.queue is not None
        means = [address for address in ADDRESSES if covers(listed, address) and reaches(address, listed.queue)]
        assert means or is_entrance(listed), listed


def is_entrance(listed: Listed) -> bool:
    """Whatever fits no other key of ``contacts.inbound`` comes to the live queue as well."""
    return listed == Listed(topology.CONTACTS_INBOUND, topology.INTAKE_LIVE, "#")


@pytest.mark.parametrize("service", CONSUMES)
def test_what_can_come_in_is_listed(service: str) -> None:
    incoming = Readme(service).incoming()
    for queue in CONSUMES[service]:
        for address in ADDRESSES:
            if reaches(address, queue):
                assert any(listed.queue == queue and covers(listed, address) for listed in incoming), (
                    queue,
                    address,
                )


@pytest.mark.parametrize("service", CONSUMES)
def test_what_is_listed_as_going_out_is_what_is_sent(service: str) -> None:
    outgoing = Readme(service).outgoing()
    for listed in outgoing:
        assert any(covers(listed, address) for address in sends(service)), listed
    for address in sends(service):
        assert any(covers(listed, address) for listed in outgoing), address


@pytest.mark.parametrize("service", CONSUMES)
def test_the_asyncapi_document_says_the_same(service: str) -> None:
    operations = asyncapi_document()["operations"]
    received = {f"{service}:receive:{listed.queue}" for listed in Readme(service).incoming()}
    sent = {
        f"{service}:send:{channel_name(address)}"
        for listed in Readme(service).outgoing()
        for address in sends(service)
        if covers(listed, address)
    }
    assert received | sent == {name for name in operations if name.startswith(f"{service}:")}


@pytest.mark.parametrize("service", CONSUMES)
def test_the_endpoints_are_those_of_the_openapi_document(service: str) -> None:
    served = {re.sub(r"\{[^}]*\}", "{}", path) for path in openapi_document(service)["paths"]}
    assert Readme(service).paths() == served
