"""The libraries that PDF reports are made with: installed where that is allowed, done without where not."""

from collections.abc import Callable

from deploy.local import debian
from deploy.local.failure import LocalRunError
from services.reporting.paper.libraries import DEBIAN_PACKAGES, missing

_WITHOUT = "All else works without."


def ensure_installed(say: Callable[[str], None]) -> None:
    """Installs from Debian what is missing. Where that cannot be it says so: reports are then to be had in every
    form but PDF.
    """
    if not missing():
        return
    if debian.why_not() is None:
        say("installing what PDFs are made with from Debian; seconds, once")
    try:
        debian.install(DEBIAN_PACKAGES, otherwise=_WITHOUT)
    except LocalRunError as error:
        say(f"PDF reports cannot be made here: {error}")
