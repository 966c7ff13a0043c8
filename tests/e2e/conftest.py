"""One running product for the tests that leave it standing."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from tests.backends import docker_answers, own_databases
from tests.e2e.product import Product, running

Place = Callable[[], AbstractContextManager[dict[str, str]]]


@pytest.fixture(scope="session")
def place(request: pytest.FixtureRequest, models_dir: Path) -> Place:
    """Gives a place with nothing in it: variables for a broker and database of the environment or of Docker.

    Where there are none the product starts its own, and then these can be killed as well. What routing has trained
    is handed on from one to the next.
    """
    models = {"MODELS_DIR": str(models_dir)}
    named = os.environ.get("AMQP_URL") or os.environ.get("MONGO_URL")
    private = not named and not docker_answers()

    @contextmanager
    def empty() -> Iterator[dict[str, str]]:
        if private:
            yield models
            return
        mongo_url = request.getfixturevalue("mongo_url")
        with request.getfixturevalue("broker").clean() as amqp_url, own_databases(mongo_url) as prefix:
            yield {"AMQP_URL": amqp_url, "MONGO_URL": mongo_url, "MONGO_PREFIX": prefix, **models}

    return empty


@pytest.fixture(scope="module")
def product(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """The product, running, with nothing in it."""
    with place() as given, running(tmp_path_factory.mktemp("product"), given) as started:
        yield started
