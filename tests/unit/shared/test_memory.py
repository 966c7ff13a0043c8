"""What was freed goes back to the system, also where it lay between what is still needed."""

import subprocess
import sys

import pytest

_PROGRAM = """
from pathlib import Path
from shared.memory import {how}

def mebibytes():
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("Pss_Anon:")).split()[1]) / 1024

pieces = [bytearray(60_000 if number % 2 else 600) for number in range(2_000)]
for piece in pieces:
    piece[:] = b"x" * len(piece)
kept = pieces[::2]
del pieces, piece
before = mebibytes()
{how}()
print(before - mebibytes())
"""


@pytest.mark.parametrize("how", ["trim", "give_back"])
def test_freed_memory_between_pieces_that_are_kept_is_given_back(how: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM.format(how=how)], capture_output=True, text=True, check=True
    )
    assert float(done.stdout) > 40


_SERVING = """
import gc
import uvicorn
from fastapi import FastAPI
from shared.http import serve

def told(*_, **__):
    print(gc.get_freeze_count(), *gc.get_threshold())

uvicorn.run = told
serve(FastAPI(), "127.0.0.1", 0)
"""


def test_what_a_service_made_to_start_with_is_not_looked_through_for_garbage() -> None:
    done = subprocess.run([sys.executable, "-c", _SERVING], capture_output=True, text=True, check=True)
    frozen, *thresholds = map(int, done.stdout.split())
    assert frozen > 10_000
    assert thresholds == [10_000, 20, 20]
