import pytest
from pydantic import ValidationError

from shared.settings import ServiceSettings, starting

SECRET = "hunter-7431"
ADDRESSES = {"AMQP_URL": f"amqp://user:{SECRET}@broker/", "MONGO_URL": f"mongodb://user:{SECRET}@db/"}


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for field in ServiceSettings.model_fields:
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
