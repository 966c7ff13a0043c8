"""docker-compose.yml and what goes on top of it, as data; and a program that knows whether they are valid."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import yaml

from deploy.local import debian
from deploy.local.directory import PROJECT

FILE = PROJECT / "docker-compose.yml"
CLUSTER_FILE = PROJECT / "deploy" / "compose.cluster.yml"
CLUSTER_ENVIRONMENT = PROJECT / "deploy" / "cluster.env"
COMPOSE: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
CLUSTER: dict[str, Any] = yaml.safe_load(CLUSTER_FILE.read_text(encoding="utf-8"))
_OTHERWISE = "Or install Docker with its compose plugin."


def merged(directory: Path, *, cluster: bool) -> dict[str, Any]:
    """What compose makes of the files, every anchor and variable filled in. Fails where they are not valid."""
    command, file = _program(directory)
    files = ["--file", str(file)]
    if cluster:
        files = ["--env-file", str(CLUSTER_ENVIRONMENT), *files, "--file", str(CLUSTER_FILE)]
    variables = {name: value for name, value in os.environ.items() if not name.endswith("_PORT")}
    done = subprocess.run(
        [*command, *files, "--project-directory", str(PROJECT), "config"],
        cwd=PROJECT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = yaml.safe_load(done.stdout)
    return found


def _program(directory: Path) -> tuple[list[str], Path]:
    docker = shutil.which("docker")
    if docker and subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode == 0:
        return [docker, "compose"], FILE
    if shutil.which("docker-compose") is None:
        debian.install(["docker-compose"], otherwise=_OTHERWISE)
    # Debian's is of before projects could be named in the file.
    nameless = directory / "docker-compose.yml"
    nameless.write_text(
        re.sub(r"^name:.*\n", "", FILE.read_text(encoding="utf-8"), flags=re.MULTILINE), encoding="utf-8"
    )
    return [str(shutil.which("docker-compose"))], nameless
