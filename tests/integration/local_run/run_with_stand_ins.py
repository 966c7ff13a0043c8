"""The local run's command line with stand-ins for the four services and for the sample year."""

import sys
from pathlib import Path

import deploy.local.__main__ as command_line
from deploy.local.run import LocalRun
from deploy.local.settings import LocalSettings

HERE = Path(__file__).resolve().parent


def run_with_stand_ins(settings: LocalSettings) -> LocalRun:
    return LocalRun(
        settings,
        command=lambda name: (sys.executable, str(HERE / "stand_in.py"), name),
        sample=(sys.executable, str(HERE / "sample_stand_in.py")),
    )


if __name__ == "__main__":
    command_line.LocalRun = run_with_stand_ins  # type: ignore[assignment,misc]
    command_line.main()
