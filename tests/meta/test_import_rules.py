from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.meta.repository import ROOT

PACKAGES = ("marketplace", "indexer", "api", "scripts")


@pytest.fixture
def empty_project(tmp_path: Path) -> Path:
    """The project's rules over packages that hold nothing yet."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    for package in PACKAGES:
        write(tmp_path, f"{package}/__init__.py", "")
    shutil.copytree(ROOT / "scripts" / "house", tmp_path / "scripts" / "house")
    return tmp_path


def write(project: Path, name: str, text: str) -> None:
    """Put a module into the project, with the packages around it."""
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    for folder in list(path.relative_to(project).parents)[:-1]:
        (project / folder / "__init__.py").touch()
    path.write_text(text, encoding="utf-8")


def lint_imports(project: Path) -> tuple[int, str]:
    """import-linter's exit code and words."""
    run = subprocess.run(  # noqa: S603 - import-linter of this environment
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache", "--no-logo"],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout + run.stderr


def test_packages_that_are_not_written_yet_break_no_rule(empty_project: Path) -> None:
    code, said = lint_imports(empty_project)
    assert code == 0, said
    assert "0 broken" in said


@pytest.mark.parametrize(
    ("module", "text", "rule"),
    [
        ("marketplace/a.py", "import indexer", "Dependencies point one way"),
        ("indexer/a.py", "from api import x", "Dependencies point one way"),
        ("api/a.py", "import scripts", "Dependencies point one way"),
        ("marketplace/domain/a.py", "import pydantic", "The domain stands on"),
        ("marketplace/domain/a.py", "import marketplace.chain", "The domain stands on"),
        ("marketplace/orders/a.py", "import web3", "web3 comes in"),
        ("indexer/sync/a.py", "from web3.types import BlockData", "web3 comes in"),
        ("api/gate/a.py", "import web3", "web3 comes in"),
        ("scripts/a.py", "import web3", "web3 comes in"),
        ("marketplace/chain/a.py", "import eth_tester", "The tester chain"),
        ("scripts/a.py", "import eth", "The tester chain"),
        ("indexer/a.py", "import fastapi", "FastAPI serves"),
        ("marketplace/devnet/a.py", "import fastapi", "FastAPI serves"),
        ("marketplace/launch/a.py", "import sqlalchemy", "SQL lives"),
        ("scripts/a.py", "from alembic import op", "SQL lives"),
        ("api/a.py", "import indexer.store", "The API reads the mirror"),
        ("api/a.py", "from indexer.sync import head", "The API reads the mirror"),
    ],
)
def test_a_forbidden_import_breaks_its_rule(
    empty_project: Path, module: str, text: str, rule: str
) -> None:
    for target in ("indexer/store/x.py", "indexer/sync/head.py", "marketplace/chain/x.py"):
        write(empty_project, target, "")
    write(empty_project, "api/x.py", "")
    write(empty_project, module, f"{text}\n")
    code, said = lint_imports(empty_project)
    assert code != 0
    assert [line for line in said.splitlines() if line.startswith(rule) and "BROKEN" in line], said


def test_the_doors_let_through_whom_they_name(empty_project: Path) -> None:
    for module, text in {
        "marketplace/bindings/a.py": "import web3",
        "marketplace/chain/a.py": "import web3",
        "indexer/rpc/a.py": "import web3",
        "indexer/queries.py": "import indexer.store.x",
        "indexer/store/x.py": "import sqlalchemy",
        "marketplace/storage/a.py": "import sqlalchemy, alembic",
        "api/auth/a.py": "import web3, fastapi, indexer.queries",
        "marketplace/devnet/chain.py": "import eth_tester, eth",
        "marketplace/devnet/server.py": "import fastapi",
        "marketplace/domain/a.py": "import dataclasses, marketplace.domain.b",
        "marketplace/domain/b.py": "",
    }.items():
        write(empty_project, module, f"{text}\n")
    code, said = lint_imports(empty_project)
    assert code == 0, said
