"""The local run's command line, with stand-ins for the four services and for the sample year."""

import os
import sys
from pathlib import Path

from deploy.local.__main__ import main
from deploy.local.run import LocalRun
from deploy.local.settings import LocalSettings

HERE = Path(__file__).resolve().parent
SERVICE = str(HERE / os.environ.get("STAND_IN", "stand_in.py"))
SAMPLE = str(HERE / "sample_stand_in.py")


def run_with_stand_ins(settings: LocalSettings) -> LocalRun:
    return LocalRun(
        settings, command=lambda name: (sys.executable, SERVICE, name), sample=(sys.executable, SAMPLE)
    )


if __name__ == "__main__":
    main(run_with_stand_ins)
