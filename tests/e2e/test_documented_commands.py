"""What the README, the handbook and the pages for operations tell to type works as it stands, on a fresh clone."""

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from deploy.local import debian
from deploy.local.directory import PROJECT
from deploy.local.ports import free_port
from tests import documented
from tests.e2e.conftest import Place
from tests.e2e.product import eventually

_PORTS = (
    *("INTAKE_PORT", "ROUTING_PORT", "DEADLINES_PORT", "REPORTING_PORT"),
    *("AMQP_PORT", "RABBITMQ_MANAGEMENT_PORT", "RABBITMQ_PROMETHEUS_PORT", "MONGO_PORT"),
)
_FIRST_PORT = 21_901
_LEARN = "python -m services.routing.learn --organisation leuven --corrections past.jsonl"
_NOT_RUN = {
    "make test": "would run this test again",
    _LEARN: "trains for a minute or two",
    f"{_LEARN} --apply": "trains for a minute or two, and wants a better model than a sample year can give",
    "python -m services.routing.releases roll-back --organisation leuven": "wants a release that was put to use",
}
"""Commands that are held against what their program says of itself, and not run; with why."""
_SAVED = re.compile(r"Save it as `(voorbeeldstad\.yaml)`.*?^```yaml\n(.*?)^```", re.DOTALL | re.MULTILINE)
# A request that is refused is a failure here, whatever the reader makes of it.
_PRELUDE = 'set -eu\ncurl() { command curl --fail-with-body "$@"; }\n'


@dataclass(frozen=True)
class Clone:
    """A fresh clone in which the product runs, and the environment of somebody who works in it."""

    directory: Path
    environment: Mapping[str, str]

    def type(self, script: str, *, code: int | None = 0) -> str:
        """What a shell in the clone says to this; it is to end with this code."""
        done = subprocess.run(
            ["/bin/bash", "-c", _PRELUDE + script],
            cwd=self.directory,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=200,
            check=False,
        )
        assert code in (None, done.returncode), f"ended with {done.returncode}:\n{script}\n{done.stdout}"
        return done.stdout

    def is_well(self) -> bool | None:
        return self.type("./contactpunt status", code=None).endswith("All is well.\n") or None


@pytest.fixture(scope="module")
def clone(place: Place, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """The clone shares the packages of this environment: installing them is what other tests are about."""
    missing = [program for program in ("git", "curl", "make") if shutil.which(program) is None]
    if missing:
        debian.install(missing, otherwise=f"Or put {', '.join(missing)} on the PATH in another way.")
    directory = tmp_path_factory.mktemp("fresh") / "contactpunt"
    if (PROJECT / ".git").exists():
        clone = ["git", "-c", "safe.directory=*", "clone", "--quiet", str(PROJECT), str(directory)]
        subprocess.run(clone, check=True)
    else:
        shutil.copytree(
            PROJECT, directory, ignore=shutil.ignore_patterns(".venv", ".local", "__pycache__", ".*_cache")
        )
    (directory / ".venv").symlink_to((PROJECT / ".venv").resolve())
    ports = {name: str(free_port(_FIRST_PORT + 10 * number)) for number, name in enumerate(_PORTS)}
    with place() as given:
        made = Clone(directory, {**os.environ, **ports, **given, "DETACH": "1", "TERM": "dumb"})
        try:
            made.type("make run")
            eventually(made.is_well, "the clone's product well")
            yield made
        finally:
            made.type("make stop")


@pytest.mark.parametrize("page", documented.PAGES, ids=documented.name)
def test_a_block_says_what_it_is(page: Path) -> None:
    assert {language for language, _ in documented.blocks(page)} <= documented.LANGUAGES


@pytest.mark.parametrize(
    "page", [page for page in documented.PAGES if documented.typed(page)], ids=documented.name
)
def test_what_a_page_tells_to_type_works(page: Path, clone: Clone) -> None:
    if saved := _SAVED.search(page.read_text(encoding="utf-8")):
        own = clone.directory / "shared" / "profiles" / "organisations" / saved[1]
        own.write_text(saved[2], encoding="utf-8")
    lines = [line for line in documented.typed(page) if documented.command(line) not in _NOT_RUN]
    clone.type("\n".join(lines))


@pytest.mark.parametrize(
    ("page", "block"),
    [
        (page, text)
        for page in documented.PAGES
        for language, text in documented.blocks(page)
        if language == documented.WITH_CONTAINERS
    ],
)
def test_what_is_typed_for_containers_is_for_them_and_can_be_typed(page: Path, block: str) -> None:
    assert "docker " in block, documented.name(page)
    looked_at = subprocess.run(
        ["/bin/bash", "-n"], input=block, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False
    )
    assert (looked_at.returncode, looked_at.stdout) == (0, "")


@pytest.mark.parametrize("command", _NOT_RUN)
def test_what_is_not_run_is_as_its_program_has_it(command: str, clone: Clone) -> None:
    assert any(documented.command(line) == command for page in documented.PAGES for line in documented.typed(page))
    if command.startswith("make "):
        clone.type(command.replace("make ", "make --dry-run "))
        return
    words = shlex.split(command)
    options = {word for word in words if word.startswith("--")}
    program = words[: words.index(next(word for word in words if word.startswith("--")))]
    told = clone.type(f". .venv/bin/activate; COLUMNS=200 {shlex.join(program)} --help")
    assert {option for option in options if option not in told} == set()
