"""Every service says in one line why it cannot start."""

import importlib

import pytest

SERVICES = ("intake", "routing", "deadlines", "reporting")


@pytest.fixture(autouse=True)
def nothing_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AMQP_URL", "MONGO_URL", "TOKENS_FILE", "PROFILES_DIR", "CITIZEN_KEYS_FILE"):
        monkeypatch.delenv(name, raising=False)


@pytest.mark.parametrize("service", SERVICES)
def test_a_setting_that_is_missing_is_named(service: str) -> None:
    with pytest.raises(SystemExit) as ended:
        importlib.import_module(f"services.{service}.main").main()
    assert str(ended.value).startswith(f"{service} cannot start: AMQP_URL: is required")


@pytest.mark.parametrize("service", SERVICES)
def test_without_tokens_the_way_to_give_them_is_told(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMQP_URL", "amqp://localhost/")
    monkeypatch.setenv("MONGO_URL", "mongodb://localhost/")
    with pytest.raises(SystemExit) as ended:
        importlib.import_module(f"services.{service}.main").main()
    assert str(ended.value).startswith(f"{service} cannot start: set TOKENS_FILE")
