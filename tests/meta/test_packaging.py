from __future__ import annotations

import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

from tests.meta.repository import ROOT, files


def packages() -> list[str]:
    """The packages that pyproject.toml installs."""
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    named: list[str] = pyproject["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    return named


def test_every_package_of_the_top_level_is_installed() -> None:
    found = {path.parts[0] for path in files() if path.parts[1:] == ("__init__.py",)}
    assert found - {"tests"} == set(packages())


def test_a_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    subprocess.run(  # noqa: S603 - hatchling of this environment
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = {Path(name) for name in archive.namelist()}
    expected = {path for path in files() if path.parts[0] in packages()}
    assert expected - held == set()
