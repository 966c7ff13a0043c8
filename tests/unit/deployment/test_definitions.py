"""The broker's definitions and the secrets, as data."""

import base64
import hashlib
import re
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy import secret_files
from deploy.documents.flow import ADDRESSES, sends
from deploy.rabbitmq.definitions import definitions, password_hash
from deploy.rabbitmq.users import NOTHING, USERS
from shared.messaging import topology

PASSWORDS = {user.name: f"password of {user.name}" for user in USERS}


def test_the_definitions_hold_the_whole_topology_and_every_user() -> None:
    made = definitions(PASSWORDS)

    assert {each["name"] for each in made["exchanges"]} == {each.name for each in topology.EXCHANGES}
    assert {each["name"]: each["arguments"] for each in made["queues"]} == {
        each.name: dict(each.arguments) for each in topology.QUEUES
    }
    bound = {(each["source"], each["routing_key"], each["destination"]) for each in made["bindings"]}
    assert bound == {
        (each.source, each.key, each.destination) for each in (*topology.BINDINGS, *topology.ENTRANCES)
    }
    assert [each["name"] for each in made["users"]] == [user.name for user in USERS]
    assert all(
        each["vhost"] == "contactpunt"
        for kind in ("queues", "permissions", "topic_permissions")
        for each in made[kind]
    )


def test_no_password_stands_in_the_definitions() -> None:
    told = str(definitions(PASSWORDS))
    assert not [password for password in PASSWORDS.values() if password in told]


@given(password=st.text(min_size=1), salt=st.binary(min_size=4, max_size=4))
def test_a_hash_is_salt_and_sha256_of_salt_and_password(password: str, salt: bytes) -> None:
    kept = base64.b64decode(password_hash(password, salt))
    assert kept == salt + hashlib.sha256(salt + password.encode()).digest()


def test_the_same_password_never_has_the_same_hash() -> None:
    assert len({password_hash("one") for _ in range(20)}) > 1


def test_every_pattern_matches_whole_names_only() -> None:
    patterns = [pattern for user in USERS for pattern in (user.configure, user.write, user.read)]
    patterns += [pattern for user in USERS for topic in user.topics for pattern in (topic.write, topic.read)]
    assert all(pattern == ".*" or (pattern[0] == "^" and pattern[-1] == "$") for pattern in patterns)
    assert all(re.compile(pattern) for pattern in patterns)


def test_every_topic_exchange_that_somebody_outside_or_a_service_writes_to_asks_for_keys() -> None:
    names = [each.name for each in topology.EXCHANGES]
    for user in USERS:
        if user.name == "admin":
            continue
        written = {name for name in names if re.search(user.write, name)}
        assert written == {each.exchange for each in user.topics if each.write != NOTHING}, user.name


def test_only_routing_and_the_admin_read_what_citizens_wrote() -> None:
    for queue in (topology.ROUTING_REQUESTED, topology.dead_queue(topology.ROUTING_REQUESTED)):
        assert [user.name for user in USERS if re.search(user.read, queue)] == ["routing", "admin"]


def test_what_is_sent_by_nobody_is_allowed_to_nobody() -> None:
    sent = {
        (each.exchange, each.key)
        for user in ("intake", "routing", "deadlines", "reporting")
        for each in sends(user)
    }
    for address in ADDRESSES:
        if address.exchange == topology.CONTACTS_EVENTS:
            allowed = [
                user.name
                for user in USERS
                for topic in user.topics
                if topic.exchange == address.exchange and re.search(topic.write, address.key)
            ]
            assert len(allowed) == 1, address.key
            assert (address.exchange, address.key) in sent


def test_secrets_are_made_once_and_shown_to_nobody_else(tmp_path: Path) -> None:
    directory = tmp_path / "secrets"
    tokens = secret_files.make(directory)
    before = {name: (directory / name).read_text() for name in secret_files.PASSWORDS}

    assert set(tokens) == {"ADAPTER_TOKEN", "HANDLER_TOKEN", "REPORTING_TOKEN", "ADMIN_TOKEN"}
    assert stat.S_IMODE(directory.stat().st_mode) == 0o700
    assert {file.name for file in directory.iterdir()} == set(secret_files.FILES)
    # Containers run as users that this machine does not know; the owner has to be able to write them anew.
    assert {stat.S_IMODE(file.stat().st_mode) for file in directory.iterdir()} == {0o644}
    assert not [token for token in tokens.values() if token in (directory / "tokens.json").read_text()]
    assert len(set(before.values())) == len(before)
    assert secret_files.make(directory) == {}
    assert {name: (directory / name).read_text() for name in secret_files.PASSWORDS} == before


def test_one_secret_is_renewed_and_the_definitions_with_it(tmp_path: Path) -> None:
    secret_files.make(tmp_path)
    before = {name: (tmp_path / name).read_text() for name in secret_files.FILES}

    assert secret_files.renew(tmp_path, "amqp_intake") == {}

    after = {name: (tmp_path / name).read_text() for name in secret_files.FILES}
    assert {name for name in before if before[name] != after[name]} == {"amqp_intake", "rabbitmq_definitions.json"}


@pytest.mark.parametrize("name", ["mongo_key", "erlang_cookie", "nothing", "../x"])
def test_what_data_stand_on_or_nobody_knows_is_not_renewed(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="is not one of"):
        secret_files.renew(tmp_path, name)


def test_renewed_tokens_are_shown(tmp_path: Path) -> None:
    first = secret_files.make(tmp_path)
    second = secret_files.renew(tmp_path, "tokens.json")
    assert first.keys() == second.keys()
    assert set(first.values()).isdisjoint(second.values())
