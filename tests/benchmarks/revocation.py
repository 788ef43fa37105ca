"""`python -m tests.benchmarks.revocation`: how soon a seller is denied after a sale.

Owns the trial and its last line, one JSON object for programs. Indexer (at its default settings)
and API are processes of their own, on SQLite and on PostgreSQL. A seat goes back and forth between
two accounts; whoever sold it asks without a pause, from the moment that the buyer has the receipt
until the gate says no. Refuses to judge: the figures are this machine's, with all that runs on it.
"""

from __future__ import annotations

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from marketplace.bindings.events import SeatsMinted
from marketplace.client import MarketAddress, SeatmarketClient
from marketplace.client.errors import ApiUnavailable
from marketplace.client.patience import Patience
from marketplace.domain.ids import PhaseIndex
from scripts.toolchain.command import run, say
from scripts.toolchain.errors import ToolFailedError
from scripts.toolchain.project import REPOSITORY
from tests.integration.api.live import CHAIN_ID, COHORT, SESSION, live_chain
from tests.integration.marketplace.world import one, signer
from tests.postgres import running_postgres

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from marketplace.domain.ids import SeatId
    from tests.integration.api.live import LiveChain

SALES: Final = 50
GOAL_MS: Final = 1_000
"""The 99th percentile that is aimed at, in milliseconds."""

DATABASES: Final = ("sqlite", "postgresql")
_START: Final = Patience(seconds=60.0, interval=0.1)
_NEVER_S: Final = 60.0
_END_S: Final = 30.0
"""For so long a process may end in order."""

_EXPIRES_S: Final = 3_600
_MOST_PAUSE_S: Final = 0.5


@dataclass(frozen=True, slots=True)
class Trial:
    """Two people at one API; `seat` is the first one's, and opens the other drop's listings."""

    chain: LiveChain
    people: tuple[SeatmarketClient, SeatmarketClient]
    names: tuple[str, str]
    seat: SeatId

    def sell(self, number: int) -> float:
        """Sell the seat on; gives the seconds from the receipt to the seller's first denial."""
        seller, buyer = number % 2, 1 - number % 2
        price = self.chain.files[SESSION].drop.phases[0].price
        offer = self.people[seller].sign_and_list(
            signer(self.names[seller]), self.seat, price, expires_in_s=_EXPIRES_S
        )
        bought = self.people[buyer].prepare_buy(signer(self.names[buyer]).address, offer.listing)
        self.chain.market.send(self.names[buyer], bought)
        start = time.perf_counter()
        while _sees_listings(self.people[seller]):
            if time.perf_counter() - start > _NEVER_S:
                raise ToolFailedError(
                    "the gate", f"It stays open {_NEVER_S} s after sale {number}."
                )
        return time.perf_counter() - start


def percentile(values: Sequence[float], share: int) -> float:
    """The least value that at least `share` percent of all values do not exceed."""
    return sorted(values)[math.ceil(len(values) * share / 100) - 1]


def last_line(seconds: Mapping[str, Sequence[float]]) -> str:
    """Give the figures as one JSON object; seconds by database in, milliseconds out."""
    told: dict[str, int] = {"sales": min(len(values) for values in seconds.values())}
    for name, values in seconds.items():
        for share in (50, 99):
            told[f"{name}_p{share}_ms"] = round(percentile(values, share) * 1_000)
    return json.dumps(told)


def main() -> int:
    """Measure and end with the JSON line; 1 when something does not run at all."""
    return run(_report)


def _report() -> int:
    seconds: dict[str, list[float]] = {}
    for name in DATABASES:
        seconds[name] = sellers_denied(name, SALES)
        slowest = max(seconds[name]) * 1_000
        say(f"{name}: {SALES} sales, slowest {slowest:.0f} ms, aimed at p99 {GOAL_MS} ms")
    say("")
    say(last_line(seconds))
    return 0


def sellers_denied(database: str, sales: int) -> list[float]:
    """Seconds from a buyer's receipt to the seller's first denial, of each sale.

    Args:
        database: One of `DATABASES`.
        sales: How many.
    """
    with ExitStack() as closing:
        trial = closing.enter_context(_opened(closing.enter_context(_database(database))))
        return _sold(trial, sales)


def _sold(trial: Trial, sales: int) -> list[float]:
    found = []
    dice = Random(1)
    for number in range(sales):
        # Without it each sale would follow the indexer's last look by the same time.
        _START.pause(dice.uniform(0, _MOST_PAUSE_S))
        found.append(trial.sell(number))
    return found


def _sees_listings(person: SeatmarketClient) -> bool:
    try:
        return person.check_access("see_resale", COHORT).allow
    except ApiUnavailable:
        # No answer is no denial.
        return True


@contextmanager
def _opened(database: str) -> Iterator[Trial]:
    with ExitStack() as closing:
        chain = closing.enter_context(live_chain())
        contract = chain.market.contract.address
        settings = {
            "SEATS_INDEXER_DATABASE": database,
            "SEATS_INDEXER_NODE": chain.url,
            "SEATS_INDEXER_CHAIN_ID": str(CHAIN_ID),
            "SEATS_INDEXER_CONTRACT": contract,
            "SEATS_API_DATABASE_URL": database,
            "SEATS_API_NODE_URL": chain.url,
            "SEATS_API_CONTRACT": contract,
            "SEATS_API_PORT": "0",
            # One asker asks for everybody here, as often as it can.
            "SEATS_API_LIMIT_CHECKS": "0",
            "SEATS_API_LIMIT_SIGN_IN": "0",
        }
        logs = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        finish("api upgrade", settings)
        closing.enter_context(running("indexer run", settings, logs))
        api = closing.enter_context(running("api", settings, logs))
        assert api.stdout is not None
        url = api.stdout.readline().rpartition(" ")[2].strip()
        market = MarketAddress(CHAIN_ID, contract)
        mentor, *people = (
            closing.enter_context(SeatmarketClient(url, market=market)) for _ in range(3)
        )
        yield _prepared(chain, mentor, (people[0], people[1]))


def _prepared(
    chain: LiveChain, mentor: SeatmarketClient, people: tuple[SeatmarketClient, SeatmarketClient]
) -> Trial:
    """Publish the drops' terms, and mint a seat of the one that opens the other's listings."""
    names = ("ada", "bo")
    wait_until_level(mentor)
    mentor.sign_in(signer("mentor"))
    for drop, file in chain.files.items():
        mentor.publish_terms(drop, file.document)
    for person, name in zip(people, names, strict=True):
        person.sign_in(signer(name))
    minting = people[0].prepare_mint(signer(names[0]).address, SESSION, PhaseIndex(0))
    mined = chain.market.send(names[0], minting)
    seat = one(chain.market.contract.events_of(mined), SeatsMinted).first
    decided = people[0].check_access("see_resale", COHORT, min_block=mined.block_number)
    if not decided.allow:
        raise ToolFailedError("the gate", f"It denies a holder: {decided.reason}.")
    return Trial(chain, people, names, seat)


def wait_until_level(client: SeatmarketClient) -> None:
    """Wait until an API's mirror is level with its node. Raises ToolFailedError."""
    deadline = _START.now() + _START.seconds
    while True:
        try:
            client.ready()
        except ApiUnavailable as error:
            if _START.now() > deadline:
                raise ToolFailedError("the API", str(error)) from error
            _START.pause(_START.interval)
        else:
            return


@contextmanager
def _database(name: str) -> Iterator[str]:
    """The address of an empty database of a kind."""
    if name == "sqlite":
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/seats.sqlite"
        return
    with running_postgres(in_memory=False) as url:
        yield url.render_as_string(hide_password=False)


def finish(what: str, settings: Mapping[str, str]) -> None:
    """Run one of our modules to its end. Raises ToolFailedError."""
    ended = subprocess.run(  # noqa: S603 - this Python, our own modules
        _command(what), env=_environment(settings), capture_output=True, text=True, check=False
    )
    if ended.returncode:
        raise ToolFailedError(what, ended.stderr)


@contextmanager
def running(what: str, settings: Mapping[str, str], logs: Path) -> Iterator[subprocess.Popen[str]]:
    """Run one of our modules as a process until the block ends; what it logs goes to a file."""
    with (logs / f"{what.partition(' ')[0]}.log").open("w", encoding="utf-8") as log:
        process = subprocess.Popen(  # noqa: S603 - this Python, our own modules
            _command(what),
            env=_environment(settings),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        with process:
            try:
                yield process
            finally:
                process.terminate()
                try:
                    process.wait(_END_S)
                except subprocess.TimeoutExpired:
                    process.kill()


def _command(what: str) -> list[str]:
    return [sys.executable, "-m", *what.split()]


def _environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's environment with these settings alone."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SEATS_")}
    return {**kept, "PYTHONPATH": str(REPOSITORY.root), "PYTHONUNBUFFERED": "1", **settings}


if __name__ == "__main__":
    sys.exit(main())
