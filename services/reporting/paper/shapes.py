"""What charts are drawn with. Across in percent, down in pixels: bars grow with the page, text does not."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from textwrap import wrap
from typing import Final

NARROWEST: Final = 272
"""Pixels that a chart has on the narrowest screen, 320 pixels wide with a scroll bar."""
LETTER: Final = 7.6
"""Pixels that a letter takes at most, on average: what is not measured must fit in any font."""
FIGURE: Final = 9.2
"""Pixels that a sign of a figure takes, which is set in bold."""
SMALL_LETTER: Final = 6.5
SMALL_FIGURE: Final = 7.5
"""The same beneath and above columns, where the page's style sets them smaller on narrow screens."""
LINE: Final = 18
LETTERS_IN_A_LINE: Final = int(NARROWEST / LETTER)
PATTERNS: Final = ("solid", "stripes", "dots", "plain", "rules", "checks")
"""Fills that can be told apart without colour, the most different ones first."""


@dataclass(frozen=True)
class Rect:
    """A rectangle; ``shift`` moves it to the right by pixels."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    shift: int = 0


@dataclass(frozen=True)
class Mark:
    """A line, across or down, that shows where an earlier period stood; ``x`` and ``to_x`` are percents."""

    x: float
    to_x: float
    y: float
    to_y: float
    shift: int = 0


@dataclass(frozen=True)
class Words:
    """A line of text at ``x`` percent and ``dx`` pixels; ``strong`` is a figure, ``light`` what follows it."""

    x: float
    y: float
    text: str
    dx: float = 0
    anchor: str = "start"
    strong: bool = False
    light: str = ""


@dataclass
class Chart:
    """A chart, with what it shows told in words."""

    id: str
    title: str
    description: str
    height: float = 0
    patterns: set[str] = field(default_factory=set)
    rects: list[Rect] = field(default_factory=list)
    marks: list[Mark] = field(default_factory=list)
    words: list[Words] = field(default_factory=list)
    swatches: list[Rect] = field(default_factory=list)

    def rect(self, rect: Rect) -> None:
        self.rects.append(rect)
        self.patterns.add(rect.fill)


def lines_of(text: str) -> list[str]:
    """A label in lines that fit on the narrowest screen."""
    return wrap(text, LETTERS_IN_A_LINE) or [""]


def reach(words: Words) -> float:
    """Pixels that a line of text takes."""
    return len(words.text) * (FIGURE if words.strong else LETTER) + len(words.light) * LETTER


def letters(texts: Sequence[str]) -> int:
    """Letters of the longest."""
    return max(map(len, texts), default=0)
