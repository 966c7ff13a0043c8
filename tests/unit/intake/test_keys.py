"""The keys that citizens are known again by are read, or the service says what is wrong with them."""

from pathlib import Path

import pytest

from services.intake.keys import NoKeys, load_keys

KEY = "0123456789abcdef" * 4


def test_keys_stand_one_a_line(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    file.write_text(f"{KEY}\n\n{KEY[::-1]}{KEY}\n", encoding="ascii")
    assert load_keys(file) == (bytes.fromhex(KEY), bytes.fromhex(KEY[::-1] + KEY))


def test_without_a_file_there_are_none() -> None:
    assert load_keys(None) == ()


@pytest.mark.parametrize("text", ["", "\n", "geheim", KEY[:-2], KEY[:-1], KEY.upper(), f"{KEY} x", "\u00e9"])
def test_what_is_no_key_is_told_without_showing_it(tmp_path: Path, text: str) -> None:
    file = tmp_path / "keys"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(NoKeys, match="CITIZEN_KEYS_FILE") as caught:
        load_keys(file)
    assert not text.strip() or text.strip() not in str(caught.value).replace(str(file), "")


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(NoKeys, match=str(tmp_path)):
        load_keys(tmp_path / "keys")
