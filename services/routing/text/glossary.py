"""What dialects, English and French say for a Dutch word, so that a message in any of them is read as one."""

import hashlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import yaml

FILE = Path(__file__).parent.parent / "glossary.yaml"


class BrokenGlossary(ValueError):  # noqa: N818  it is told to the operator as a fact
    """The glossary cannot be used; the message says which word and why."""


def load_glossary(path: Path = FILE) -> Mapping[str, str]:
    """The Dutch word of each form. Raises ``BrokenGlossary`` for what is no word (a bare ``no`` is false in YAML),
    for a form of two words, and for one that is itself the word of others: what is read would depend on the order.
    """
    told = yaml.safe_load(path.read_text(encoding="utf-8"))
    words: dict[str, str] = {}
    for word, forms in told.items():
        for form in forms:
            if not isinstance(form, str):
                raise BrokenGlossary(f"{path.name}: {form!r} of {word} is no word; put it between quotes")
            if form in words:
                raise BrokenGlossary(f"{path.name}: {form} stands for {words[form]} and for {word}; choose one")
            if form in told:
                raise BrokenGlossary(f"{path.name}: {form} stands for {word} and is a word itself; leave one out")
            words[form] = word
    return MappingProxyType(words)


def content_hash(path: Path = FILE) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
