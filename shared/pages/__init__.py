"""Pages that people look at: one look for all of them, rendered on the server, in Dutch and English.

A service keeps its templates in its own folder ``templates`` and extends ``base.html`` from here.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from shared.profiles.label import Label

Language = Literal["nl", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("nl", "en")
SECURITY: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
"""Headers of every page: nothing from elsewhere, no script, no frame, no copy kept."""
_HERE = Path(__file__).parent


def render(templates: Path, name: str, language: Language, words: Mapping[str, Label], **values: Any) -> str:
    """A page from ``templates / name``, in a language.

    In a template ``say("word")`` reads from ``words`` and ``read(label)`` a label in the language of the page;
    ``style`` is what all pages look like. Everything is escaped. Raises ``jinja2.UndefinedError`` for a value that
    the template wants and does not get.
    """

    def read(label: Label) -> str:
        return str(getattr(label, language))

    def say(word: str) -> str:
        return read(words[word])

    template = _environment(templates).get_template(name)
    return template.render(language=language, say=say, read=read, style=_style(), **values)


@cache
def _environment(templates: Path) -> Environment:
    return Environment(
        loader=FileSystemLoader([templates, _HERE]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@cache
def _style() -> Markup:
    return Markup((_HERE / "style.css").read_text(encoding="utf-8"))  # noqa: S704  it is ours, and no text of others
