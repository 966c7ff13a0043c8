"""The command that checks profiles."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from shared.profiles.check import main
from shared.profiles.loader import PROFILES
from tests.unit.profiles.slips import LEUVEN, SOUND, changed


def test_the_command_tells_that_all_is_fine(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == len(list(PROFILES.glob("*.yaml")))
    assert all(": fine, " in line for line in printed)


def test_the_command_tells_every_fault_of_every_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken, fine, gone = tmp_path / "leuven.yaml", tmp_path / "leiden.yaml", tmp_path / "gone.yaml"
    broken.write_text(changed(LEUVEN, "by: [month]", "by: [maand]"), encoding="utf-8")
    shutil.copy(PROFILES / "leiden.yaml", fine)
    assert main([str(broken), str(fine), str(gone)]) == 1
    printed = capsys.readouterr().out
    assert re.search(
        rf"^{broken}:\d+: versions\.0\.annual_report\.4\.by\.0: maand is no dimension; .* \[unknown_dimension\]$",
        printed,
        re.MULTILINE,
    )
    assert f"{fine}: fine, 1 version(s)" in printed
    assert (
        f"{gone}:1: cannot be read (No such file or directory); name a file that is there [unreadable]" in printed
    )


def test_the_command_finds_prefixes_that_two_files_share(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "leiden.yaml"
    file.write_text(changed(SOUND["leiden"], "reference_prefix: LEI", "reference_prefix: LEU"), encoding="utf-8")
    assert main([str(PROFILES / "leuven.yaml"), str(file)]) == 1
    assert f"{file}:10: reference_prefix: LEU is the prefix of leuven already" in capsys.readouterr().out


def test_the_command_runs_by_itself(tmp_path: Path) -> None:
    file = tmp_path / "leuven.yaml"
    file.write_text("id: leuven\n", encoding="utf-8")
    command = [sys.executable, "-m", "shared.profiles.check", str(file)]
    root = Path(__file__).parents[3]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=root, env=dict(os.environ))
    assert ended.returncode == 1
    assert f"{file}:1: versions: is required; give it [missing]" in ended.stdout
    assert ended.stderr == ""
