"""LibreOffice for the tests that open files as people do: the one that is there, else Debian's."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from deploy.local import debian
from deploy.local.failure import LocalRunError

_NAMES = ("soffice", "libreoffice")
_OTHERWISE = "Or install LibreOffice Calc in another way, so that soffice is on the PATH."
_PATIENCE = 240.0


def _found() -> str | None:
    return next((path for path in map(shutil.which, _NAMES) if path), None)


def ensure_installed(say: Callable[[str], None]) -> str:
    """Its path; from Debian where it is missing. Raises ``LocalRunError`` where that may not be."""
    found = _found()
    if found is None:
        if debian.why_not() is None:
            say("installing LibreOffice Calc from Debian; half a minute, once")
        debian.install(["libreoffice-calc-nogui"], otherwise=_OTHERWISE)
        found = _found()
    if found is None:
        raise LocalRunError(f"LibreOffice is installed but not on the PATH.\n       {_OTHERWISE}")
    return found


def convert(path: Path, to: str, options: Sequence[str] = ()) -> Path:
    """Converts a file in a folder of its own and answers that folder. Needs ``ensure_installed`` first."""
    office, out = _found(), path.parent / f"{path.stem}-converted"
    assert office is not None
    with tempfile.TemporaryDirectory() as home:
        # A profile of its own: with the usual one a second run would hand its work to the first.
        command = [office, f"-env:UserInstallation=file://{home}", "--headless", *options]
        done = subprocess.run(
            [*command, "--convert-to", to, "--outdir", str(out), str(path)],
            env={**os.environ, "HOME": home},
            capture_output=True,
            text=True,
            timeout=_PATIENCE,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return out
