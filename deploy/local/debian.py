"""What Debian's packages give, installed where that is allowed."""

import fcntl
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from deploy.local.failure import LocalRunError

_DEBIAN = Path("/etc/debian_version")
_POLICY = Path("/usr/sbin/policy-rc.d")
_DENY = "#!/bin/sh\n# For as long as Contactpunt installs packages: nothing starts by itself.\nexit 101\n"
_OPTIONS = ("--yes", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300")


def why_not() -> str | None:
    """Why packages cannot be installed here, or None where they can."""
    if not _DEBIAN.exists() or shutil.which("apt-get") is None:
        return "this is not Debian, so it cannot be installed from here"
    if os.geteuid() != 0:
        return "only root may install packages, and this is not root"
    return None


def install(packages: Sequence[str], *, otherwise: str) -> None:
    """Installs the packages from Debian; where another process installs something, after that.

    Raises ``LocalRunError`` where that cannot be; ``otherwise`` says what else the reader can do.
    """
    reason = why_not()
    command = f"apt-get install {' '.join(packages)}"
    if reason:
        raise LocalRunError(
            f"{' '.join(packages)} is missing, and {reason}.\n       Run as root: {command}\n       {otherwise}"
        )
    with _alone(), _nothing_starts_by_itself():
        for arguments in (("update",), ("install", *_OPTIONS, *packages)):
            _apt_get(arguments, otherwise)


def _apt_get(arguments: Sequence[str], otherwise: str) -> None:
    done = subprocess.run(
        ["apt-get", *arguments],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        end = "\n".join(f"    {line}" for line in done.stdout.splitlines()[-15:])
        raise LocalRunError(f"apt-get {' '.join(arguments)} failed:\n{end}\n       {otherwise}")


@contextmanager
def _alone() -> Iterator[None]:
    """Two installations at once would take away each other's policy, and apt-get waits for no other's update."""
    directory = os.open(_POLICY.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(directory, fcntl.LOCK_EX)
        yield
    finally:
        os.close(directory)


@contextmanager
def _nothing_starts_by_itself() -> Iterator[None]:
    """Debian starts a service with its package unless a policy forbids it; where there is a policy, it stands."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text(_DENY, encoding="ascii")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()
