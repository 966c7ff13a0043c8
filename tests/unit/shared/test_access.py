import hashlib
import hmac
from pathlib import Path
from typing import Annotated

import httpx
import pytest
from fastapi import APIRouter, Depends

from shared.access import NoTokens, Role, TokenHash, Tokens, load_tokens, require
from tests.unit.shared.apps import app_with, client_of


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


SECRETS = {role: f"{role}-4f0c9a" for role in Role}
TOKENS = Tokens(
    tokens=tuple(TokenHash(role=role, name="test", sha256=hashed(secret)) for role, secret in SECRETS.items())
)

router = APIRouter()


@router.get("/handlers")
async def for_handlers(holder: Annotated[TokenHash, Depends(require(Role.HANDLER, Role.REPORTING))]) -> str:
    return holder.role


@router.get("/admins")
async def for_admins(holder: Annotated[TokenHash, Depends(require())]) -> str:
    return holder.role


async def asked(path: str, headers: dict[str, str]) -> httpx.Response:
    async with client_of(app_with(router, tokens=TOKENS)) as client:
        return await client.get(path, headers=headers)


@pytest.mark.parametrize("role", [Role.HANDLER, Role.REPORTING, Role.ADMIN])
async def test_a_role_that_may(role: Role) -> None:
    answer = await asked("/handlers", {"Authorization": f"Bearer {SECRETS[role]}"})
    assert (answer.status_code, answer.json()) == (200, role)


@pytest.mark.parametrize(("path", "role"), [("/handlers", Role.ADAPTER), ("/admins", Role.HANDLER)])
async def test_a_role_that_may_not(path: str, role: Role) -> None:
    answer = await asked(path, {"Authorization": f"Bearer {SECRETS[role]}"})
    assert answer.status_code == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert role in answer.json()["detail"]
    assert "admin" in answer.json()["detail"]
    assert SECRETS[role] not in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": ""},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": f"Basic {SECRETS[Role.ADMIN]}"},
        {"Authorization": SECRETS[Role.ADMIN]},
        {"Authorization": f"Bearer {hashed(SECRETS[Role.ADMIN])}"},
        {"Authorization": f"Bearer {SECRETS[Role.ADMIN]} "[:-2]},
        {"Authorization": f"Bearer {'x' * 20_000}"},
    ],
)
async def test_who_shows_no_valid_token(headers: dict[str, str]) -> None:
    answer = await asked("/admins", headers)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"
    assert "Authorization: Bearer" in answer.json()["detail"]


async def test_the_word_bearer_may_be_written_in_any_case() -> None:
    answer = await asked("/admins", {"Authorization": f"bearer {SECRETS[Role.ADMIN]}"})
    assert answer.status_code == 200


async def test_without_tokens_nobody_may() -> None:
    async with client_of(app_with(router)) as client:
        answer = await client.get("/admins", headers={"Authorization": f"Bearer {SECRETS[Role.ADMIN]}"})
    assert answer.status_code == 401


def test_every_hash_is_compared_in_constant_time(monkeypatch: pytest.MonkeyPatch) -> None:
    compared: list[tuple[str, str]] = []
    real = hmac.compare_digest

    def recording(known: str, presented: str) -> bool:
        compared.append((known, presented))
        return real(known, presented)

    monkeypatch.setattr(hmac, "compare_digest", recording)
    assert TOKENS.holder(SECRETS[Role.ADAPTER]) == TOKENS.tokens[0]
    assert compared == [(token.sha256, hashed(SECRETS[Role.ADAPTER])) for token in TOKENS.tokens]


def test_what_is_kept_holds_no_token() -> None:
    kept = TOKENS.model_dump_json()
    assert not any(secret in kept for secret in SECRETS.values())


def test_tokens_come_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(TOKENS.model_dump_json())
    assert load_tokens(file) == TOKENS


@pytest.mark.parametrize(
    "content",
    [
        "",
        "[]",
        '{"tokens": [{"role": "king", "name": "x", "sha256": "' + "0" * 64 + '"}]}',
        '{"tokens": [{"role": "admin", "name": "x", "sha256": "plain-token"}]}',
        '{"tokens": [{"role": "admin", "name": "x", "token": "plain-token"}]}',
        '{"secrets": []}',
    ],
)
def test_a_file_that_cannot_be_used_is_named(content: str, tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.write_text(content)
    with pytest.raises(NoTokens, match=r"tokens\.json cannot be used"):
        load_tokens(file)


def test_a_file_that_cannot_be_used_is_not_shown(tmp_path: Path) -> None:
    file = tmp_path / "tokens.json"
    file.write_text('{"tokens": [{"role": "admin", "name": "x", "sha256": "plain-token"}]}')
    with pytest.raises(NoTokens) as caught:
        load_tokens(file)
    assert "plain-token" not in str(caught.value)


@pytest.mark.parametrize("where", [None, Path("/nowhere/tokens.json")])
def test_without_a_file_a_service_does_not_start(where: Path | None) -> None:
    with pytest.raises(NoTokens):
        load_tokens(where)
