from __future__ import annotations

import os
import re
import shlex
import subprocess
import tomllib

from tests.meta.repository import ROOT
from tests.simulation.__main__ import DEFAULT_SEEDS

MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-zA-Z][\w-]*):(?!=)", MAKEFILE, re.MULTILINE))


def make(*arguments: str) -> str:
    """What make prints for these arguments."""
    run = subprocess.run(  # noqa: S603 - a target of our own Makefile
        ["make", "--no-print-directory", *arguments],  # noqa: S607 - make is wherever the developer has it
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def test_help_explains_every_target() -> None:
    explained = set(re.findall(r"^  ([a-z-]+) +\S.*$", make("help"), re.MULTILINE))
    assert explained == TARGETS


def test_make_without_a_target_explains() -> None:
    assert make() == make("help")


def test_no_target_depends_on_a_file_of_its_name() -> None:
    phony = set(re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE))
    assert phony == TARGETS


def options(*arguments: str) -> list[str]:
    """The words that `seats` would be given."""
    (command,) = re.findall(r"bin/seats ((?:\\\n|.)*)", make("--dry-run", *arguments))
    return shlex.split(command.replace("\\\n", ""))


def test_the_smoke_run_is_given_what_was_set_and_nothing_else() -> None:
    assert options("smoke") == ["smoke"]
    given = ["SEED=-7", "PRICE_WEI=1", "ROYALTY_BPS=0", "PORT=0", "RPC_PORT=8545", "KEEP=1"]
    asked = "smoke --port 0 --rpc-port 8545 --seed -7 --price-wei 1 --royalty-bps 0 --keep"
    assert options("smoke", *given) == shlex.split(asked)
    assert options("smoke", "SEED=", "KEEP=0") == ["smoke"]
    assert options("smoke", "PRICE_WEI=it's 5") == ["smoke", "--price-wei", "it's 5"]


def parts() -> set[str]:
    """What `make test` runs."""
    found = re.search(r"^parts := (.+)$", MAKEFILE, re.MULTILINE)
    assert found is not None
    return set(re.split(r"[ +]", found[1]))


def test_every_part_of_the_test_run_is_a_target() -> None:
    assert parts() - TARGETS == set()


def test_contributing_gives_each_part_its_minutes() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| `([a-z-]+)` \|", text, re.MULTILINE))
    assert parts() - rows == set()


def test_ci_runs_what_the_readme_names() -> None:
    commands = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert commands[-1] == "exec make test"


def test_hooks_run_targets() -> None:
    called = {
        hook.name: hook.read_text(encoding="utf-8").split()[-1]
        for hook in (ROOT / ".githooks").iterdir()
    }
    assert called == {"pre-commit": "quick", "pre-push": "test"}


def test_the_deep_run_goes_deeper_than_the_default() -> None:
    profiles = tomllib.loads((ROOT / "foundry.toml").read_text(encoding="utf-8"))["profile"]
    assert "FOUNDRY_PROFILE := deep" in MAKEFILE
    for kind, runs_by_default in (("fuzz", 256), ("invariant", 256)):
        default = profiles["default"].get(kind, {}).get("runs", runs_by_default)
        assert profiles["deep"][kind]["runs"] > default


def test_a_deep_run_has_one_seed_however_long_it_takes() -> None:
    """A variable that is asked for anew at each use would give each part a second of its own."""
    asked = "$(info $(flavor SEED) $(origin SEED))"
    made = subprocess.run(
        ["make", "-s", "-f", "-", "help"],  # noqa: S607 - make is wherever the developer has it
        cwd=ROOT,
        input=f"include Makefile\n{asked}\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert made.stdout.splitlines()[0] == "simple file"


def test_fifty_lives_of_the_mirror_are_part_of_the_test_run() -> None:
    assert "simulate" in parts()
    assert lived() == ["-m", "tests.simulation"]
    assert DEFAULT_SEEDS >= 50


def test_two_thousand_are_part_of_the_deep_run() -> None:
    deep = dict(re.findall(r"^test-deep: export (\w+) := (.+)$", MAKEFILE, re.MULTILINE))
    assert int(deep["SEEDS"]) >= 2_000
    asked = ["-m", "tests.simulation", "--seeds", deep["SEEDS"], "--from", "7"]
    assert lived(SEEDS=deep["SEEDS"], FROM="7") == asked


def lived(**exported: str) -> list[str]:
    """What the simulation is called with where a target exports these variables."""
    named = {"SEEDS", "FROM", "DATABASE"}
    inherited = {name: value for name, value in os.environ.items() if name not in named}
    run = subprocess.run(
        ["make", "--no-print-directory", "--dry-run", "simulate"],  # noqa: S607 - make is wherever the developer has it
        cwd=ROOT,
        env=inherited | exported,
        capture_output=True,
        text=True,
        check=True,
    )
    return shlex.split(run.stdout.splitlines()[-1])[1:]
