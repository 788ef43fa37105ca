from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.chain import WrongNode
from api.server import AddressTaken
from indexer.fitting import ConfigurationDiffers
from indexer.reads.levels import BlockNotMirrored
from indexer.rpc.errors import ChainDiffers, ClockWrong, ContractMissing, NodeUnfit
from indexer.rpc.transport import NodeAddressInvalid
from marketplace.bindings.artifacts import ArtifactMissingError
from marketplace.bindings.verification import WrongChain
from marketplace.chain.errors import InsufficientFunds
from marketplace.client.errors import (
    ApiAddressInvalid,
    ApiUnavailable,
    PreparedOtherwise,
    RecordingCut,
)
from marketplace.domain.addresses import ZERO_ADDRESS
from marketplace.domain.errors import (
    ChainUnavailable,
    ContractReverted,
    MirrorInconsistent,
    RuleViolated,
    SeatmarketError,
)
from marketplace.domain.money import Wei
from marketplace.launch.faults import LaunchFileInvalid, LaunchFileUnreadable
from marketplace.storage.errors import DatabaseLockedError, StoreForeignError
from scripts import cli, exit_codes
from scripts.demo.folder import FolderUnusable
from scripts.demo.stage import PortUnavailable
from scripts.exit_codes import EXIT_CODES, exit_code
from scripts.launching import LaunchUnsettled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.seats_command import SeatsCommand

ROW = re.compile(r"^\| (\d+) \| (.+?) \|(.*)\|$", re.MULTILINE)
GUIDE = Path(__file__).parents[3] / "docs" / "commands.md"


def kinds(root: type[SeatmarketError]) -> Iterator[type[SeatmarketError]]:
    """A class and all below it that anything imported so far defines."""
    yield root
    for below in root.__subclasses__():
        yield from kinds(below)


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (LaunchFileUnreadable("x", "is empty", "fill it"), 2),
        (LaunchFileInvalid("x", []), 2),
        (RuleViolated("no"), 3),
        (ContractReverted("no"), 3),
        (InsufficientFunds(ZERO_ADDRESS, Wei(0), Wei(1)), 3),
        (ChainUnavailable("away"), 4),
        (PortUnavailable(8545, "--rpc-port", "is taken"), 5),
        (WrongChain(1, 2), 6),
        (MirrorInconsistent("odd"), 6),
        (ApiUnavailable("silent", 1), 4),
        (RecordingCut(1, 2), 4),
        (PreparedOtherwise("mint", "it costs more"), 6),
        (DatabaseLockedError("api.db"), 4),
        (BlockNotMirrored(9, 8), 4),
        (AddressTaken("127.0.0.1", 8000, "is taken"), 5),
        (WrongNode("another chain"), 6),
        (FolderUnusable(Path("x"), "full"), 2),
        (LaunchUnsettled("0x", "0x", 1), 4),
        (ApiAddressInvalid("it is no web address"), 2),
        (ChainDiffers("chain id", "1", "2"), 6),
        (NodeUnfit("it has no logs"), 6),
        (ContractMissing(ZERO_ADDRESS, 1), 6),
        (ClockWrong(90, 60), 6),
        (ConfigurationDiffers("seats"), 6),
        (NodeAddressInvalid("ftp://x"), 2),
        (ArtifactMissingError("Shop"), 6),
        (StoreForeignError("API", "api.db", None, "odd"), 6),
    ],
)
def test_an_error_has_the_exit_code_of_its_nearest_kind(error: SeatmarketError, code: int) -> None:
    assert exit_code(error) == code


def test_every_code_of_the_table_belongs_to_an_error() -> None:
    assert set(EXIT_CODES) - {kind.code for kind in kinds(SeatmarketError)} == set()


def test_an_error_outside_the_table_is_a_defect_and_keeps_its_traceback() -> None:
    with pytest.raises(SeatmarketError):
        exit_code(SeatmarketError("of no kind"))


def test_the_guide_has_the_same_table() -> None:
    documented = ROW.findall(str(exit_codes.__doc__))
    assert ROW.findall(GUIDE.read_text(encoding="utf-8")) == documented
    codes = {int(code) for code, _, _ in documented}
    assert codes == {0, 1, 130, *EXIT_CODES.values()}


def test_the_guide_has_every_command() -> None:
    text = GUIDE.read_text(encoding="utf-8")
    named = re.findall(r"^\| `seats ([\w-]+)", text, re.MULTILINE)
    commands = {name.replace("-", "_") for name in named}
    assert commands == {
        *(str(one.callback.__name__) for one in cli.app.registered_commands if one.callback),
        *(str(one.name) for one in cli.app.registered_groups),
    }


def test_a_defect_keeps_its_traceback(seats: SeatsCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(cli, "app", broken)
    with pytest.raises(ZeroDivisionError):
        seats("show", "1")


def test_help_names_every_command_with_what_it_does(seats: SeatsCommand) -> None:
    said = seats("--help")
    assert said.exit == 0
    for name in ("demo", "smoke", "devnet", "new", "plan", "launch", "publish", "show", "index"):
        assert re.search(rf"^  {name} +[A-Z]\w+ ", said.out, re.MULTILINE), said.out


def test_a_command_that_does_not_exist_is_a_usage_error(seats: SeatsCommand) -> None:
    said = seats("lunch")
    assert said.exit == 2
    assert "launch" in said.err
