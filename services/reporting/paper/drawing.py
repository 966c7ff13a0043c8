"""Puts charts together. Nothing is told by colour alone: figures stand beside their bars, parts have patterns."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from services.reporting.paper.shapes import (
    LETTER,
    LINE,
    NARROWEST,
    PATTERNS,
    SMALL_FIGURE,
    SMALL_LETTER,
    Chart,
    Mark,
    Rect,
    Words,
    letters,
    lines_of,
    reach,
)

_BAR: Final = 16
_GAP: Final = 10
_PLOT: Final = 170
_SWATCH: Final = 14
_BESIDE: Final = 12
"""Labels up to so many letters stand beside their bars, longer ones above."""
_LEAST_FOR_BARS: Final = 35.0
"""Percent of the width that bars keep on the narrowest screen."""
_ALL: Final = 99.5
_NEAR: Final = 18


@dataclass(frozen=True)
class Bar:
    """A value with its label, and the same of an earlier period; ``text`` is how it reads."""

    label: str
    value: float | None
    text: str
    before: float | None = None
    text_before: str = ""


def draw_bars(chart: Chart, bars: Sequence[Bar], legend: tuple[str, str | None]) -> None:
    """Bars across, one below the other, with a mark where the earlier period stood."""
    now, before = legend
    beside = [f" · {before}: {bar.text_before}" if before and bar.text_before else "" for bar in bars]
    shift, room = _room(bars, beside)
    if room < _LEAST_FOR_BARS:
        shift, room = 0, _width_left(bars, beside, 0)
    if room < _LEAST_FOR_BARS:
        beside = [""] * len(bars)
        shift, room = _room(bars, beside)
    scale = room / (max(max(bar.value or 0, bar.before or 0) for bar in bars) or 1)
    y = _legend(chart, [(now, "solid")], before)
    for bar, more in zip(bars, beside, strict=True):
        y = _label(chart, bar.label, y, shift)
        width, mark = scale * (bar.value or 0), scale * (bar.before or 0)
        chart.rect(Rect(0, y, max(width, 0.2), _BAR, "solid", shift))
        if bar.before is not None and before:
            chart.marks.append(Mark(mark, mark, y - 3, y + _BAR + 3, shift))
        chart.words.append(_figure(max(width, mark), y + 13, bar.text, shift, more))
        y += _BAR + _GAP
    chart.height = y


def fit_in_columns(bars: Sequence[Bar]) -> bool:
    """Whether labels and figures have room beside each other on the narrowest screen."""
    widest = max(
        letters([bar.text for bar in bars]) * SMALL_FIGURE, letters([bar.label for bar in bars]) * SMALL_LETTER
    )
    return widest <= NARROWEST / len(bars)


def draw_columns(chart: Chart, bars: Sequence[Bar], legend: tuple[str, str | None]) -> None:
    """Columns side by side for periods, with a mark where the earlier period stood."""
    now, before = legend
    top = _legend(chart, [(now, "solid")], before) + LINE
    bottom, wide = top + _PLOT, 100 / len(bars)
    scale = _PLOT / (max(max(bar.value or 0, bar.before or 0) for bar in bars) or 1)
    for place, bar in enumerate(bars):
        left, height, mark = place * wide, scale * (bar.value or 0), scale * (bar.before or 0)
        chart.rect(Rect(left + 0.16 * wide, bottom - height, 0.68 * wide, max(height, 1), "solid"))
        above = height
        if bar.before is not None and before:
            chart.marks.append(Mark(left + 0.06 * wide, left + 0.94 * wide, bottom - mark, bottom - mark))
            above = mark if 0 <= mark - height < _NEAR else height
        middle = left + wide / 2
        chart.words.append(Words(middle, bottom - above - 5, bar.text or "-", anchor="middle", strong=True))
        chart.words.append(Words(middle, bottom + LINE, bar.label, anchor="middle"))
    chart.height = bottom + LINE + 6


def draw_parts(
    chart: Chart, rows: Sequence[tuple[str, Sequence[float]]], parts: Sequence[str], read: Callable[[float], str]
) -> None:
    """Bars across in parts, each part with a pattern of its own and the whole at the end."""
    bars = [Bar(label, sum(counts), read(sum(counts))) for label, counts in rows]
    shift, room = _room(bars, [""] * len(bars))
    scale = room / (max(bar.value or 0 for bar in bars) or 1)
    y = _legend(chart, list(zip(parts, PATTERNS, strict=False)), None)
    for bar, (_, counts) in zip(bars, rows, strict=True):
        y = _label(chart, bar.label, y, shift)
        x = 0.0
        for count, fill in zip(counts, PATTERNS, strict=False):
            if count:
                chart.rect(Rect(x, y, scale * count, _BAR, fill, shift))
            x += scale * count
        chart.words.append(_figure(x, y + 13, bar.text, shift))
        y += _BAR + _GAP
    chart.height = y


def _room(bars: Sequence[Bar], beside: Sequence[str]) -> tuple[int, float]:
    """Pixels for labels beside the bars, and percent of the width that bars may take beside those and figures."""
    longest = letters([bar.label for bar in bars])
    shift = int(longest * LETTER) + 8 if longest <= _BESIDE else 0
    return shift, _width_left(bars, beside, shift)


def _width_left(bars: Sequence[Bar], beside: Sequence[str], shift: int) -> float:
    figures = [_figure(0, 0, bar.text, 0, more) for bar, more in zip(bars, beside, strict=True)]
    taken = shift + max(map(reach, figures)) + 10
    return min(_ALL, 100 * (1 - taken / NARROWEST))


def _figure(x: float, y: float, text: str, shift: int, more: str = "") -> Words:
    return Words(x, y, text or "-", dx=shift + 8, strong=True, light=more)


def _label(chart: Chart, label: str, y: float, shift: int) -> float:
    if shift:
        chart.words.append(Words(0, y + 13, label))
        return y
    for line in lines_of(label):
        chart.words.append(Words(0, y + 13, line))
        y += LINE
    return y + 2


def _legend(chart: Chart, entries: Sequence[tuple[str, str]], mark: str | None) -> float:
    """Entries beside each other while they fit on the narrowest screen. Answers where the chart goes on."""
    x, y = 0.0, 0.0
    for text, fill in [*entries, *([(mark, "mark")] if mark else [])]:
        shown = lines_of(text)[0]
        width = _SWATCH + 6 + len(shown) * LETTER
        if x and x + width > NARROWEST:
            x, y = 0, y + LINE + 4
        chart.swatches.append(Rect(x, y, _SWATCH, _SWATCH, fill))
        chart.patterns.add(fill)
        chart.words.append(Words(0, y + 12, shown, dx=x + _SWATCH + 6))
        x += width + 14
    return y + LINE + _GAP
