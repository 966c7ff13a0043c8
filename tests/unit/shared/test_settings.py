import pytest
from pydantic import ValidationError

from shared.settings import ServiceSettings

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
