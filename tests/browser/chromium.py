"""Chromium for the tests in a browser: the one that is there, else Debian's."""

import shutil
from collections.abc import Callable

from deploy.local import debian
from deploy.local.failure import LocalRunError

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_OTHERWISE = f"Or install Chromium or Chrome in another way, so that one of {', '.join(_NAMES)} is on the PATH."
# Root has no sandbox; the rest keeps the browser from asking the outside world for anything.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)


def _found() -> str | None:
    return next((path for path in map(shutil.which, _NAMES) if path), None)


def ensure_installed(say: Callable[[str], None]) -> str:
    """The browser's path; from Debian where it is missing. Raises ``LocalRunError`` where that may not be."""
    found = _found()
    if found is None:
        if debian.why_not() is None:
            say("installing Chromium from Debian; about a minute, once")
        debian.install(["chromium"], otherwise=_OTHERWISE)
        found = _found()
    if found is None:
        raise LocalRunError(f"chromium is installed but not on the PATH.\n       {_OTHERWISE}")
    return found
