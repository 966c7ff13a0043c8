"""The sizes that ``contactpunt bench`` measures with are sizes that the measurements take."""

from typing import Any

import pytest
import typer

from benchmarks.__main__ import app
from deploy.command_line.measuring import _FIGURES, _command

OF_THE_PRODUCT = [name for name, figure in _FIGURES.items() if figure.module == "benchmarks"]


def sizes(command: list[str]) -> dict[str, Any]:
    """What a command would measure with. Fails where it would not take what it is given."""
    module, name, *arguments = command
    assert module == "benchmarks"
    group: Any = typer.main.get_command(app)
    found = group.get_command(group.make_context("benchmarks", [name]), name)
    given: dict[str, Any] = found.make_context(name, arguments).params
    return given


@pytest.mark.parametrize("name", OF_THE_PRODUCT)
def test_quick_is_smaller_and_both_are_taken(name: str) -> None:
    whole, quick = sizes(_command(name, quick=False)), sizes(_command(name, quick=True))
    smaller = [each for each, value in quick.items() if value != whole[each]]
    assert smaller
    assert all(quick[each] < whole[each] for each in smaller)


def test_every_figure_of_the_product_can_be_asked_for() -> None:
    commands = {each.name or (each.callback.__name__ if each.callback else "") for each in app.registered_commands}
    assert commands == {*OF_THE_PRODUCT, "page"}
