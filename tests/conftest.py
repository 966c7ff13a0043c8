"""What all tests share: the real broker and database, started when the first test asks for them."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.remote import Producer

from tests.backends import Broker, own_databases, running_broker, running_database
from tests.logs import loggers_forget, logging_put_back
from tests.side_by_side import FolderByFolder, turn

# How long an example takes depends on what else the machine is doing.
settings.register_profile("without a clock", deadline=None)
settings.load_profile("without a clock")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=turn)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FolderByFolder:
    config.option.loadscopereorder = False
    return FolderByFolder(config, log)


@pytest.fixture(scope="session", autouse=True)
def no_logger_keeps_its_configuration() -> Iterator[None]:
    """See ``loggers_forget``."""
    with loggers_forget():
        yield


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    """Takes back what a test configures, so that no other one depends on its order."""
    with logging_put_back():
        yield


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where all processes of these tests keep what routing has trained: the first that needs it trains it."""
    own = tmp_path_factory.getbasetemp()
    return (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "models"


@pytest.fixture(scope="session")
def broker() -> Iterator[Broker]:
    """The real RabbitMQ."""
    with running_broker() as running:
        yield running


@pytest.fixture(scope="session")
def amqp_url(broker: Broker) -> str:
    """Address of the real RabbitMQ; what is declared there stays there. See ``broker_url``."""
    return broker.url


@pytest.fixture
def broker_url(broker: Broker) -> Iterator[str]:
    """Address of a RabbitMQ that holds nothing yet, of this test alone."""
    with broker.clean() as url:
        yield url


@pytest.fixture(scope="session")
def mongo_url() -> Iterator[str]:
    """Address of the real MongoDB replica set."""
    with running_database() as url:
        yield url


@pytest.fixture
def mongo_prefix(mongo_url: str) -> Iterator[str]:
    """A prefix for database names of this test alone; the databases are dropped afterwards."""
    with own_databases(mongo_url) as prefix:
        yield prefix
