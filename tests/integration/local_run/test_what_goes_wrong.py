"""Starts that cannot succeed: each says what is wrong and what to do, and leaves nothing running."""

import signal
import socket

import pytest

from deploy.local.ports import LOOPBACK
from tests.integration.local_run.conftest import Terminal, ended, eventually


@pytest.mark.parametrize(
    ("variable", "listener"),
    [
        ("INTAKE_PORT", "intake"),
        ("REPORTING_PORT", "reporting"),
        ("AMQP_PORT", "RabbitMQ"),
        ("RABBITMQ_MANAGEMENT_PORT", "RabbitMQ's management"),
        ("MONGO_PORT", "MongoDB"),
    ],
)
def test_a_port_that_is_taken_is_named_with_its_service_and_the_way_out(
    terminal: Terminal, variable: str, listener: str
) -> None:
    with socket.create_server((LOOPBACK, 0)) as other:
        number = str(other.getsockname()[1])
        terminal.variables[variable] = number

        up = terminal.type("up", DETACH="1")

    assert up.returncode == 1
    assert f"Port {number} for {listener} is taken" in up.stderr
    assert f"{variable}=" in up.stderr
    assert "Traceback" not in up.stderr
    assert terminal.nothing_runs()


def test_all_ports_that_are_taken_are_named_at_once(terminal: Terminal) -> None:
    terminal.variables["ROUTING_PORT"] = terminal.variables["INTAKE_PORT"]
    with socket.create_server((LOOPBACK, 0)) as other:
        terminal.variables["MONGO_PORT"] = str(other.getsockname()[1])

        up = terminal.type("up", DETACH="1")

    assert "for routing is meant for intake (INTAKE_PORT) too" in up.stderr
    assert "for MongoDB is taken" in up.stderr


@pytest.mark.parametrize(
    ("variables", "told"),
    [
        ({"INTAKE_PORT": "eight"}, "INTAKE_PORT"),
        ({"INTAKE_PORT": "70000"}, "INTAKE_PORT"),
        ({"SAMPLE": "decade"}, "SAMPLE"),
        ({"DETACH": "perhaps"}, "DETACH"),
    ],
)
def test_a_variable_that_is_wrong_is_named(terminal: Terminal, variables: dict[str, str], told: str) -> None:
    up = terminal.type("up", **variables)

    assert up.returncode == 1
    assert told in up.stderr
    assert variables[told] in up.stderr
    assert "Traceback" not in up.stderr


@pytest.mark.parametrize(
    ("variable", "url"),
    [
        ("AMQP_URL", "amqp://somebody:hush-hush@127.0.0.1:1/"),
        ("MONGO_URL", "mongodb://somebody:hush-hush@127.0.0.1:1/?replicaSet=rs0"),
    ],
)
def test_a_broker_or_database_that_does_not_answer_is_named_without_its_password(
    quick: Terminal, variable: str, url: str
) -> None:
    up = quick.type("up", DETACH="1", **{variable: url})

    assert up.returncode == 1
    assert variable in up.stderr
    assert "127.0.0.1" in up.stderr
    assert "hush-hush" not in up.stderr + up.stdout
    assert quick.nothing_runs()


def test_a_service_that_cannot_start_is_shown_with_its_last_words(quick: Terminal) -> None:
    up = quick.type("up", DETACH="1", STAND_IN="failing_stand_in.py")

    assert up.returncode == 1
    assert "intake ends again and again" in up.stderr
    assert "line 3: no such calendar" in up.stderr
    assert quick.nothing_runs()
    assert not quick.run.environment_file.exists()


def test_a_sample_that_cannot_be_loaded_ends_the_start(quick: Terminal) -> None:
    up = quick.type("up", DETACH="1", SAMPLE_EXIT_CODE="7")

    assert up.returncode == 1
    assert "exit code 7" in up.stderr
    assert quick.nothing_runs()


def test_a_start_that_is_broken_off_leaves_nothing(terminal: Terminal) -> None:
    process = terminal.begin("up")
    eventually(lambda: terminal.run.pid("rabbitmq").exists(), "the broker is being started")

    process.send_signal(signal.SIGINT)

    code, output = ended(process)
    assert code == 130, output
    assert terminal.nothing_runs()


def test_down_breaks_off_a_start_that_is_under_way_and_a_second_start_waits_its_turn(terminal: Terminal) -> None:
    process = terminal.begin("up")
    eventually(lambda: terminal.run.pid("mongod").exists(), "the database is being started")

    second = terminal.type("up")
    down = terminal.type("down")

    assert second.returncode == 1
    assert "under way" in second.stderr
    assert down.returncode == 0, down.stderr
    assert ended(process)[0] == 130
    assert terminal.nothing_runs()
