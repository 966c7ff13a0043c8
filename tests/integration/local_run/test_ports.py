"""Ports that nobody has to find: no two runs get the same one, whoever chooses it and whenever."""

import subprocess
import sys

from deploy.local.directory import PROJECT
from deploy.local.ports import claim, free_port, refusal

_FIRST = 22_900
_CHOOSE = f"from deploy.local.ports import free_port; print(free_port({_FIRST}))"


def test_what_was_chosen_or_claimed_is_nobody_elses_also_while_nothing_listens_there() -> None:
    chosen = free_port(_FIRST)
    claimed = chosen + 1
    assert claim(claimed)
    assert not claim(claimed)
    assert refusal(chosen) is None
    assert refusal(claimed) is None
    assert free_port(_FIRST) > claimed
    other = subprocess.run(
        [sys.executable, "-c", _CHOOSE], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    assert int(other.stdout) > claimed
