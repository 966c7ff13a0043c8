"""What is installed where, and what the reader is told where nothing may be."""

import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from deploy.local import debian, mongod, paper, rabbitmq
from deploy.local.directory import PROJECT
from deploy.local.failure import LocalRunError

APT_GET = """#!/bin/sh
echo "$DEBIAN_FRONTEND apt-get $*" >> "$APT_LOG"
test -e "$POLICY" && "$POLICY"; echo "policy $?" >> "$APT_LOG"
echo "E: Unable to locate package $*"
exit "$APT_EXIT_CODE"
"""


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Debian on which this is root, with an apt-get that only writes down how it was called."""
    apt_get = tmp_path / "bin" / "apt-get"
    apt_get.parent.mkdir()
    apt_get.write_text(APT_GET, encoding="ascii")
    apt_get.chmod(0o755)
    version = tmp_path / "debian_version"
    version.write_text("12.0\n", encoding="ascii")
    policy = tmp_path / "policy-rc.d"
    monkeypatch.setattr(debian, "_DEBIAN", version)
    monkeypatch.setattr(debian, "_POLICY", policy)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", f"{apt_get.parent}:/usr/bin:/bin")
    monkeypatch.setenv("APT_LOG", str(tmp_path / "apt.log"))
    monkeypatch.setenv("POLICY", str(policy))
    monkeypatch.setenv("APT_EXIT_CODE", "0")
    return tmp_path


def calls(machine: Path) -> list[str]:
    log = machine / "apt.log"
    return log.read_text(encoding="ascii").splitlines() if log.exists() else []


def test_packages_are_installed_without_questions_and_without_starting_anything(machine: Path) -> None:
    debian.install(["rabbitmq-server"], otherwise="")

    update, update_policy, install, install_policy = calls(machine)
    assert update == "noninteractive apt-get update"
    assert install.startswith("noninteractive apt-get install --yes --no-install-recommends ")
    assert install.endswith(" rabbitmq-server")
    assert update_policy == install_policy == "policy 101"
    assert not (machine / "policy-rc.d").exists()


def test_a_policy_that_the_machine_has_stands(machine: Path) -> None:
    policy = machine / "policy-rc.d"
    policy.write_text("#!/bin/sh\nexit 104\n", encoding="ascii")
    policy.chmod(0o755)

    debian.install(["rabbitmq-server"], otherwise="")

    assert "policy 104" in calls(machine)
    assert policy.read_text(encoding="ascii").endswith("exit 104\n")


def test_one_installation_waits_for_another(machine: Path) -> None:
    slow = machine / "bin" / "apt-get"
    slow.write_text(APT_GET.replace("echo", "sleep 0.1; echo", 1), encoding="ascii")
    packages = [f"package-{number}" for number in range(4)]

    with ThreadPoolExecutor() as pool:
        list(pool.map(lambda package: debian.install([package], otherwise=""), packages))

    told = calls(machine)
    installed = [call.rpartition(" ")[2] for call in told[2::4]]
    assert sorted(installed) == packages
    assert told[0::4] == ["noninteractive apt-get update"] * 4
    assert told[1::2] == ["policy 101"] * 8


def test_what_apt_get_says_when_it_fails_is_handed_on(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("APT_EXIT_CODE", "100")

    with pytest.raises(
        LocalRunError, match=r"(?s)apt-get update failed.*Unable to locate package.*do something else"
    ):
        debian.install(["rabbitmq-server"], otherwise="do something else")

    assert not (machine / "policy-rc.d").exists()


def test_without_root_nothing_is_tried_and_the_command_is_told(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)

    with pytest.raises(
        LocalRunError, match=r"(?s)not root.*Run as root: apt-get install a b\n.*do something else"
    ):
        debian.install(["a", "b"], otherwise="do something else")

    assert calls(machine) == []


def test_where_it_is_not_debian_nothing_is_tried(machine: Path) -> None:
    (machine / "debian_version").unlink()

    with pytest.raises(LocalRunError, match="not Debian"):
        debian.install(["rabbitmq-server"], otherwise="")

    assert calls(machine) == []


def test_without_rabbitmq_and_without_root_the_ways_out_are_told(
    machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    monkeypatch.setattr(rabbitmq, "_SERVER", machine / "nowhere")
    monkeypatch.setenv("PATH", str(machine / "bin"))
    monkeypatch.delenv("RABBITMQ_SERVER", raising=False)

    with pytest.raises(LocalRunError, match=r"(?s)apt-get install rabbitmq-server.*AMQP_URL=amqp://"):
        rabbitmq.ensure_installed(print)


def test_without_rabbitmq_it_is_installed(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rabbitmq, "_SERVER", machine / "nowhere")
    monkeypatch.setenv("PATH", f"{machine / 'bin'}:/bin")
    monkeypatch.setattr(rabbitmq, "_which", lambda _name: None)

    with pytest.raises(LocalRunError, match="is installed but"):
        rabbitmq.ensure_installed(print)

    assert any(call.endswith(" rabbitmq-server") for call in calls(machine))


@pytest.mark.parametrize(
    ("program", "told"),
    [
        ("", "No such file"),
        ("#!/bin/sh\necho 'wrong version of everything' >&2; exit 1\n", "wrong version of everything"),
        ("#!/bin/sh\nkill -ILL $$\n", "AVX"),
    ],
)
def test_a_mongod_that_does_not_run_is_told_with_the_ways_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, told: str
) -> None:
    named = tmp_path / "mongod"
    if program:
        named.write_text(program, encoding="ascii")
        named.chmod(0o755)
    monkeypatch.setenv("MONGOD", str(named))

    with pytest.raises(LocalRunError) as raised:
        mongod.ensure_installed(print)

    assert told in str(raised.value)
    assert "MONGO_URL=mongodb://" in str(raised.value)


def test_a_library_that_mongod_lacks_is_installed(machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    named = machine / "mongod"
    named.write_text(
        '#!/bin/sh\ngrep -q libcurl4 "$APT_LOG" && exit 0\necho "libcurl.so.4: not found" >&2; exit 127\n',
        encoding="ascii",
    )
    monkeypatch.setenv("MONGOD", str(named))

    assert mongod.ensure_installed(print) == named
    assert os.access(named, os.X_OK)


@pytest.mark.parametrize(
    ("lock", "told"),
    [("requirements/none.txt", "requirements/none.txt is not there"), ("requirements/dev.txt", "")],
)
def test_the_bootstrap_says_what_is_wrong_and_does_nothing_twice(lock: str, told: str, tmp_path: Path) -> None:
    script = tmp_path / "deploy" / "local" / "bootstrap.sh"
    script.parent.mkdir(parents=True)
    script.write_bytes((PROJECT / "deploy/local/bootstrap.sh").read_bytes())
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "dev.txt").write_text("# nothing to install\n", encoding="ascii")

    first, second = (
        subprocess.run(["/bin/sh", script, lock], capture_output=True, text=True, check=False) for _ in range(2)
    )

    if told:
        assert first.returncode == 1
        assert told in first.stderr
    else:
        assert first.returncode == 0, first.stderr
        assert "making .venv" in first.stdout
        assert second.returncode == 0
        assert second.stdout == ""


class TestWhatPdfsAreMadeWith:
    def test_nothing_is_installed_where_it_is_there(self, machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(paper, "missing", list)
        paper.ensure_installed(print)
        assert calls(machine) == []

    def test_it_is_installed_where_it_is_missing(
        self, machine: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(paper, "missing", lambda: ["libpango-1.0.so.0"])
        paper.ensure_installed(print)
        assert calls(machine)[2].endswith(" libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation")
        assert "installing" in capsys.readouterr().out

    @pytest.mark.usefixtures("machine")
    def test_the_run_goes_on_without_it_where_it_may_not_be(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(paper, "missing", lambda: ["libpango-1.0.so.0"])
        monkeypatch.setattr(os, "geteuid", lambda: 1000)
        paper.ensure_installed(print)
        told = capsys.readouterr().out
        assert "PDF reports cannot be made here" in told
        assert "Run as root: apt-get install libpango-1.0-0" in told
