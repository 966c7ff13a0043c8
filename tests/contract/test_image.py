"""The image, held against the code without building it: what goes in is enough, and no more."""

import ast
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from fnmatch import fnmatch
from importlib.metadata import packages_distributions
from pathlib import Path, PurePosixPath

import httpx
import pytest

from deploy.local.directory import PROJECT
from deploy.local.plain_http import NO_CERTIFICATES
from deploy.local.ports import LOOPBACK, free_port
from deploy.local.services import SERVICES
from shared.operations.process_metrics import REVISION_FILE
from tests.e2e.product import eventually

DOCKERFILE = (PROJECT / "deploy" / "Dockerfile").read_text(encoding="utf-8")
IGNORED = (PROJECT / ".dockerignore").read_text(encoding="utf-8").splitlines()
COPIES = re.findall(r"^COPY (?!--from)(\S+) (\S+)$", DOCKERFILE, flags=re.MULTILINE)
NOWHERE = free_port(21_890)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """What the last stage copies, laid out as in the image; nobody may write to it."""
    root = tmp_path_factory.mktemp("image") / "app"
    for source, target in COPIES:
        if target.startswith("/"):
            continue
        at = root / target / Path(source).name if target.endswith("/") else root / target
        at.parent.mkdir(parents=True, exist_ok=True)
        if (PROJECT / source).is_dir():
            shutil.copytree(PROJECT / source, at, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / source, at)
    everything = [root, *root.rglob("*")]
    for path in everything:
        path.chmod(path.stat().st_mode & ~(stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH))
    yield root
    for path in everything:
        path.chmod(path.stat().st_mode | stat.S_IWUSR)


def test_what_is_copied_exists_and_is_let_through_and_nothing_else_is() -> None:
    sources = {str(PurePosixPath(source)) for source, _ in COPIES}
    assert all((PROJECT / source).exists() for source in sources)
    assert {line[1:] for line in IGNORED if line.startswith("!")} == sources
    assert IGNORED[1] == "*"


def test_the_image_runs_without_root_and_with_locked_packages() -> None:
    assert re.search(r"^USER 10001$", DOCKERFILE, flags=re.MULTILINE)
    assert "--require-hashes" in DOCKERFILE
    assert re.findall(r"^FROM (\S+)", DOCKERFILE, flags=re.MULTILINE) == ["${PYTHON}", "${PYTHON}"]
    assert "HEALTHCHECK" in DOCKERFILE
    assert REVISION_FILE == PROJECT / "REVISION"
    assert re.search(r"> REVISION\b", DOCKERFILE)


def test_every_file_of_services_and_shared_is_in_the_image(tree: Path) -> None:
    listed = subprocess.run(
        [str(shutil.which("git")), "ls-files", "--cached", "--others", "--exclude-standard", "shared", "services"],
        cwd=PROJECT, capture_output=True, text=True, check=True,
    ).stdout.splitlines()  # fmt: skip
    wanted = [name for name in listed if (PROJECT / name).exists()]
    assert {Path(name).suffix for name in wanted} >= {".py", ".yaml", ".html", ".css", ".jsonl"}
    assert [name for name in wanted if not (tree / name).exists()] == []
    patterns = [line for line in IGNORED if not line.startswith(("!", "#")) and line != "*"]
    assert [name for name in wanted if any(fnmatch(name, each.replace("**", "*")) for each in patterns)] == []


def test_every_package_that_is_imported_is_locked_for_the_image() -> None:
    locked = set(re.findall(r"^([a-z0-9.-]+)==", (PROJECT / "requirements/service.txt").read_text(), re.MULTILINE))
    distributions = packages_distributions()
    missing = set()
    for source, _ in COPIES:
        path = PROJECT / source
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            if file.suffix != ".py":
                continue
            for name in _imported(file):
                if name in sys.stdlib_module_names or (PROJECT / name).is_dir():
                    continue
                known = {each.lower().replace("_", "-") for each in distributions.get(name, [name])}
                if not known & locked:
                    missing.add((name, str(file.relative_to(PROJECT))))
    assert not missing


def _imported(file: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_what_the_image_holds_imports_nothing_of_deploy_that_it_does_not_hold(tree: Path) -> None:
    for file in tree.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if (
                isinstance(node, ast.ImportFrom)
                and node.module
                and node.module.split(".")[0] in ("deploy", "tests")
            ):
                assert (tree / node.module.replace(".", "/")).with_suffix(".py").exists() or (
                    tree / node.module.replace(".", "/")
                ).is_dir(), f"{file}: {node.module}"


@pytest.mark.parametrize("name", SERVICES)
def test_each_service_starts_from_a_tree_that_it_cannot_write_to_and_answers(
    tree: Path, tmp_path: Path, name: str
) -> None:
    port = free_port(21_860)
    tokens = tmp_path / "tokens"
    tokens.write_text('{"tokens": []}', encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONDONTWRITEBYTECODE": "1",
        "HOST": LOOPBACK,
        f"{name.upper()}_PORT": str(port),
        "TOKENS_FILE": str(tokens),
        "AMQP_URL": f"amqp://{LOOPBACK}:{NOWHERE}/",
        "MONGO_URL": f"mongodb://{LOOPBACK}:{NOWHERE}/?replicaSet=rs0",
    }
    log = tmp_path / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [*_without_rights(), sys.executable, "-m", f"services.{name}.main"],
            cwd=tree,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        try:

            def lives() -> bool | None:
                assert process.poll() is None, log.read_text(encoding="utf-8")
                return (
                    httpx.get(
                        f"http://{LOOPBACK}:{port}/health/live", timeout=5, verify=NO_CERTIFICATES
                    ).is_success
                    or None
                )

            assert eventually(lives, f"{name} live")
            # Broker and database are not there: it lives, and says that it is not ready.
            check = subprocess.run([sys.executable, "ready.py", str(port)], cwd=tree, env=environment, check=False)
            assert check.returncode == 1
        finally:
            process.terminate()
            process.wait(60)
    assert not list(tree.rglob("__pycache__"))


def _without_rights() -> list[str]:
    """Root may write whatever a file's mode says; without its capabilities it may not."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0 or setpriv is None:
        return []
    return [setpriv, "--inh-caps=-all", "--bounding-set=-all", "--no-new-privs"]
