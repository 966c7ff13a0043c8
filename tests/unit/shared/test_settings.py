from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from shared.settings import ServiceSettings, starting

SECRET = "hunter-7431"
ADDRESSES = {"AMQP_URL": f"amqp://user:{SECRET}@broker/", "MONGO_URL": f"mongodb://user:{SECRET}@db/"}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in (*ServiceSettings.model_fields, "secrets_dir"):
        monkeypatch.delenv(field.upper(), raising=False)
    for name, value in ADDRESSES.items():
        monkeypatch.setenv(name, value)


def test_addresses_are_enough() -> None:
    settings = ServiceSettings()
    assert (settings.host, settings.mongo_prefix, settings.tokens_file) == ("127.0.0.1", "contactpunt", None)
    assert settings.amqp_url.get_secret_value() == ADDRESSES["AMQP_URL"]


def test_passwords_are_not_shown() -> None:
    assert SECRET not in repr(ServiceSettings())
    assert SECRET not in str(ServiceSettings().model_dump())


@pytest.mark.parametrize(
    ("name", "value"),
    [("MONGO_PREFIX", "Contact-Punt"), ("MONGO_PREFIX", ""), ("PREFETCH", "0"), ("PREFETCH", "many")],
)
def test_an_error_names_the_variable_and_shows_no_password(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        ServiceSettings()
    assert name.lower() in str(caught.value)
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("name", ADDRESSES)
def test_an_address_that_is_missing_is_named_and_the_other_not_shown(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(name)
    with pytest.raises(ValidationError) as caught:
        ServiceSettings()
    assert name.lower() in str(caught.value)
    assert SECRET not in str(caught.value)


class BrokenError(Exception):
    """An error whose words are fit for an operator."""


def test_what_is_missing_ends_the_start_with_the_names_of_the_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MONGO_URL")
    monkeypatch.setenv("PREFETCH", "many")
    with pytest.raises(SystemExit) as ended, starting("intake"):
        ServiceSettings()
    told = str(ended.value)
    assert told.startswith("intake cannot start: ")
    assert "MONGO_URL: is required; give it" in told
    assert "PREFETCH: " in told
    assert SECRET not in told


def test_what_is_broken_is_told_in_its_own_words() -> None:
    with pytest.raises(SystemExit) as ended, starting("intake", BrokenError):
        raise BrokenError("the file is not there; make it")
    assert str(ended.value) == "intake cannot start: the file is not there; make it"


def test_an_error_that_nobody_foresaw_stays_one() -> None:
    with pytest.raises(BrokenError), starting("intake"):
        raise BrokenError


def test_a_file_of_secrets_stands_for_a_variable_and_the_variable_goes_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ADDRESSES:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    monkeypatch.setenv("MONGO_PREFIX", "mine")
    for name, value in (
        ("amqp_url", "amqp://file/"),
        ("mongo_url", "mongodb://file/"),
        ("mongo_prefix", "theirs"),
    ):
        (tmp_path / name).write_text(f"{value}\n", encoding="utf-8")

    settings = ServiceSettings()

    assert settings.amqp_url.get_secret_value() == "amqp://file/"
    assert settings.mongo_url.get_secret_value() == "mongodb://file/"
    assert settings.mongo_prefix == "mine"


@pytest.mark.parametrize(
    ("name", "url", "completed"),
    [
        (
            "amqp",
            "amqp://intake@broker:5672/contactpunt?name=x",
            "amqp://intake:p%40%3A%2Fw@broker:5672/contactpunt?name=x",
        ),
        (
            "mongo",
            "mongodb://intake@one:27017,two:27017/?replicaSet=rs0",
            "mongodb://intake:p%40%3A%2Fw@one:27017,two:27017/?replicaSet=rs0",
        ),
    ],
)
def test_a_password_of_its_own_completes_an_address(
    name: str, url: str, completed: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(f"{name.upper()}_URL", url)
    monkeypatch.setenv("SECRETS_DIR", str(tmp_path))
    (tmp_path / f"{name}_password").write_text("p@:/w", encoding="utf-8")

    address: SecretStr = getattr(ServiceSettings(), f"{name}_url")

    assert address.get_secret_value() == completed


@pytest.mark.parametrize("url", ["amqp://broker/", f"amqp://intake:{SECRET}@broker/"])
def test_a_password_needs_an_address_that_names_a_user_alone(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMQP_URL", url)
    monkeypatch.setenv("AMQP_PASSWORD", SECRET)

    with pytest.raises(ValidationError, match="must name a user and no password") as caught:
        ServiceSettings()

    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("value", ["collector:4318", "4318", "ftp://collector", "http://"])
def test_an_address_for_traces_that_is_none_is_named(value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", value)
    with pytest.raises(SystemExit, match="OTEL_EXPORTER_OTLP_ENDPOINT: "), starting("intake"):
        ServiceSettings()


def test_an_empty_address_for_traces_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "")
    assert ServiceSettings().otel_exporter_otlp_endpoint is None


def test_what_the_receiver_of_traces_asks_for_is_a_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", f"authorization={SECRET}")
    assert SECRET not in repr(ServiceSettings())
