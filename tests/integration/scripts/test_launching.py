from __future__ import annotations

import fcntl
import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest

from marketplace.bindings.addresses import wire_address
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.chain.connection import open_node
from marketplace.chain.errors import ReceiptTimedOut
from marketplace.chain.keys import UnsignedTransaction
from marketplace.chain.receipts import Patience
from marketplace.chain.sender import Sender, SendingLimits
from marketplace.devnet.accounts import account_named
from marketplace.domain.ids import DropId
from marketplace.domain.money import Wei
from marketplace.domain.times import utc_text
from marketplace.launch.canonical import terms_hash
from marketplace.launch.record import Intention, intend, read_record, record_path
from scripts import launching
from scripts.demo.stage import address_named, signer_named, stage
from scripts.launching import settle
from tests.unit.marketplace.launch.texts import with_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from web3 import Web3

    from marketplace.launch.record import LaunchRecord
    from scripts.demo.stage import Stage
    from tests.seats_command import SeatsCommand

ROOT: Final = Path(__file__).parents[3]
TEXT: Final = with_line("starts = 2030-01-11T19:00:00+02:00", 'starts = "launch + 20 days"')
EVE: Final = address_named("eve")
CHAIN_ID: Final = 31337
UNFILLED: Final = f"0x{0:064x}"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A launch file that never grows old."""
    path = tmp_path / "drop.toml"
    path.write_text(TEXT, "utf-8")
    return path


@pytest.fixture
def seats_here(seats: SeatsCommand, market: Stage, monkeypatch: pytest.MonkeyPatch) -> SeatsCommand:
    """The command with the market and eve's key in its environment."""
    monkeypatch.setenv("SEATS_RPC", market.url)
    monkeypatch.setenv("SEATS_CONTRACT", market.market.seats.address)
    monkeypatch.setenv("SEATS_KEY", f"0x{account_named('eve').private_key.hex()}")
    return seats


@pytest.fixture
def held_back(market: Stage) -> Iterator[Web3]:
    """The chain, mining only when it is told to."""
    web3 = node_of(market)
    ask(web3, "evm_setAutomine", False)  # noqa: FBT003 - JSON-RPC has positions only
    yield web3
    ask(web3, "evm_setAutomine", True)  # noqa: FBT003 - JSON-RPC has positions only


def node_of(market: Stage) -> Web3:
    return open_node(market.url, CHAIN_ID)


def ask(web3: Web3, method: str, *params: object) -> None:
    web3.provider.make_request(method, list(params))  # type: ignore[arg-type] # web3 wants its own kind of str


def killed(step: str, file: Path) -> None:
    """Launch in a process that is killed at a step."""
    command = [sys.executable, "-m", "tests.integration.scripts.dying", step, "launch", str(file)]
    ended = subprocess.run(command, cwd=ROOT, check=False, capture_output=True)  # noqa: S603 - our own interpreter
    assert ended.returncode == -signal.SIGKILL, ended.stderr.decode()


def record_of(file: Path) -> LaunchRecord:
    return read_record(record_path(file))


def drops(market: Stage) -> int:
    return market.market.seats.drop_count()


def nonce_of(market: Stage) -> int:
    return node_of(market).eth.get_transaction_count(wire_address(EVE))


def pay(market: Stage) -> None:
    """Let eve use a nonce for something else."""
    payment = PreparedTransaction(to=address_named("ada"), data=b"", summary="Pay", value=Wei(1))
    market.sender("eve").send(payment)


def intention(market: Stage, **changes: object) -> Intention:
    """An intention of eve's that no node knows of, for the next nonce."""
    settled = market.market.settled()
    made = Intention(
        chain_id=CHAIN_ID,
        contract=market.market.seats.address,
        mentor=EVE,
        nonce=nonce_of(market),
        max_fee="1000000000",
        transaction_hash=f"0x{7:064x}",
        settled_block=settled.number,
        settled_block_hash=f"0x{settled.hash.hex()}",
        terms_hash=UNFILLED,
        terms="{}\n",
    )
    return made.model_copy(update=changes)


def patient(market: Stage) -> Sender:
    """Eve's sender, which waits for nothing."""
    limits = SendingLimits(patience=Patience(seconds=0))
    return Sender(node_of(market), signer_named("eve"), CHAIN_ID, limits)


@pytest.mark.parametrize("step", ["signed", "noted", "sent", "mined", "half recorded", "recorded"])
def test_a_launch_that_is_killed_at_any_step_happens_once(
    step: str, seats_here: SeatsCommand, market: Stage, file: Path
) -> None:
    before, nonce = drops(market), nonce_of(market)
    killed(step, file)
    sent = step not in {"signed", "noted"}
    assert drops(market) == before + sent
    assert len(record_of(file).intentions) == (step not in {"signed", "recorded"})

    again = seats_here("launch", file)
    assert again.exit == (3 if step == "recorded" else 0), again.err
    found = "An earlier run had sent it already" in again.out
    assert found == (sent and step != "recorded")

    record = record_of(file)
    (launched,) = record.launches
    assert record.intentions == []
    assert (launched.drop, drops(market), nonce_of(market)) == (before + 1, before + 1, nonce + 1)
    terms = market.market.seats.terms_of(DropId(launched.drop)).terms
    assert utc_text(terms.starts_at) == json.loads(launched.terms)["sessions"][0]["starts"]
    assert f"0x{terms_hash(launched.terms).hex()}" == launched.terms_hash
    assert seats_here("launch", file).exit == 3
    assert drops(market) == before + 1


def test_an_intention_whose_nonce_was_used_otherwise_is_forgotten(
    seats_here: SeatsCommand, market: Stage, file: Path
) -> None:
    before = drops(market)
    killed("noted", file)
    pay(market)
    assert seats_here("launch", file).exit == 0
    assert (drops(market), record_of(file).intentions) == (before + 1, [])


def test_a_transaction_that_waits_is_waited_for(
    market: Stage, file: Path, held_back: Web3, seats_here: SeatsCommand
) -> None:
    before = drops(market)
    killed("sent", file)
    record = record_path(file)
    assert drops(market) == before
    with pytest.raises(ReceiptTimedOut):
        settle(market.market, patient(market), record)
    (waiting,) = record_of(file).intentions
    ask(held_back, "evm_mine")
    settled = settle(market.market, patient(market), record)
    assert [one.drop for one in settled.launched] == [before + 1]
    assert settled.launched[0].terms == waiting.terms
    assert seats_here("launch", file).exit == 3
    assert drops(market) == before + 1


def test_a_transaction_that_failed_in_its_block_created_nothing(market: Stage, file: Path) -> None:
    web3, signer, nonce = node_of(market), signer_named("eve"), nonce_of(market)
    failing = UnsignedTransaction(
        chain_id=CHAIN_ID,
        nonce=nonce,
        gas=100_000,
        max_fee=Wei(10**10),
        max_tip=Wei(1),
        to=market.market.seats.address,
        value=Wei(0),
        data=b"\xff\xff\xff\xff",
    )
    sent = web3.eth.send_raw_transaction(signer.sign_transaction(failing))
    record = record_path(file)
    intend(record, intention(market, nonce=nonce, transaction_hash=f"0x{bytes(sent).hex()}"))
    settled = settle(market.market, patient(market), record)
    assert (settled.launched, settled.open, record_of(file).intentions) == ((), (), [])


def test_nothing_is_sent_beside_an_intention_that_could_still_be_mined(
    seats_here: SeatsCommand, market: Stage, file: Path
) -> None:
    later = intention(market, nonce=nonce_of(market) + 3)
    intend(record_path(file), later)
    before = drops(market)
    said = seats_here("launch", file)
    assert said.exit == 4
    assert f"signed {later.transaction_hash} for {EVE} with nonce {later.nonce}" in said.err
    assert (drops(market), record_of(file).intentions) == (before, [later])
    assert seats_here("launch", file, "--again").exit == 0
    assert (drops(market), record_of(file).intentions) == (before + 1, [later])


def test_another_key_does_not_launch_beside_an_intention(
    seats_here: SeatsCommand, market: Stage, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    intend(record_path(file), intention(market))
    monkeypatch.setenv("SEATS_KEY", f"0x{account_named('dan').private_key.hex()}")
    before = drops(market)
    assert seats_here("launch", file).exit == 4
    assert drops(market) == before


def test_an_intention_on_a_chain_that_began_anew_does_not_count(
    seats_here: SeatsCommand, market: Stage, file: Path
) -> None:
    with stage() as other:
        elsewhere = intention(other, nonce=40)
    assert elsewhere.contract == market.market.seats.address
    intend(record_path(file), replace_hash(elsewhere))
    before = drops(market)
    assert seats_here("launch", file).exit == 0
    assert drops(market) == before + 1


def replace_hash(one: Intention) -> Intention:
    """Two chains of one second have one first block: let this one's be another."""
    return one.model_copy(update={"settled_block_hash": f"0x{9:064x}"})


def test_one_process_at_a_time_launches_a_file(
    seats_here: SeatsCommand, market: Stage, file: Path
) -> None:
    before = drops(market)
    with file.open("rb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        said = seats_here("launch", file)
    assert said.exit == 3
    assert "Another process is launching" in said.err
    assert drops(market) == before
    assert seats_here("launch", file).exit == 0


@pytest.mark.parametrize("moment", ["_intention", "intend"])
def test_a_file_that_is_saved_and_launched_meanwhile_is_not_launched_twice(
    seats_here: SeatsCommand,
    market: Stage,
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    moment: str,
) -> None:
    before, real = drops(market), getattr(launching, moment)

    def meanwhile(*arguments: object) -> object:
        monkeypatch.setattr(launching, moment, real)
        # As editors save: the lock stays with the file that was there.
        saved = file.with_suffix(".saved")
        saved.write_text(TEXT, "utf-8")
        saved.replace(file)
        command = [sys.executable, "-m", "scripts.cli", "launch", str(file)]
        subprocess.run(command, cwd=ROOT, check=True, capture_output=True)  # noqa: S603 - our own interpreter
        return real(*arguments)

    monkeypatch.setattr(launching, moment, meanwhile)
    said = seats_here("launch", file)

    assert said.exit == 3
    assert "another one launches the same file" in said.err
    assert drops(market) == before + 1
    assert len(record_of(file).launches) == 1


def test_nothing_is_sent_where_the_record_cannot_be_kept(
    seats_here: SeatsCommand, market: Stage, file: Path
) -> None:
    in_the_way = file.with_name("drop.launch.json.new")
    in_the_way.mkdir()
    before = drops(market)
    said = seats_here("launch", file)
    assert said.exit == 3
    assert "cannot be written (Is a directory)" in said.err
    assert drops(market) == before
    in_the_way.rmdir()
    assert seats_here("launch", file).exit == 0
    assert json.loads(record_path(file).read_bytes())["intentions"] == []
