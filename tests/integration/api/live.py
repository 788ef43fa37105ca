"""An API over a market on a real development chain, mirrored by the real indexer.

The chain runs once: the market is deployed on it and both example files are launched (drop 1 is the
drop session, drop 2 the sprint cohort, whose resales are for those who came to drop 1). Every test
gets it as it was then, with databases of its own. Nothing is mirrored until a test says so.

Refuses assertions about the API.
"""

from __future__ import annotations

from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from pydantic import SecretStr

from api.gate.mirror import MirrorFacts
from api.origin import Origin
from api.parts import Parts
from api.process import chain_of
from api.programme.documents import keep_document
from indexer.fitting import contracts_of
from indexer.process import prepare
from indexer.queries import MirrorId
from indexer.rpc.node import RpcNode
from indexer.settings import IndexerSettings
from indexer.sync.heartbeat import Heartbeat
from indexer.sync.hold import Hold
from indexer.sync.shell import Outcome, Shell
from marketplace.bindings.delegations import RIGHT_TO_ATTEND, Delegations
from marketplace.bindings.development import deploy_delegations
from marketplace.bindings.events import DropCreated, SeatsMinted
from marketplace.chain.connection import open_node
from marketplace.chain.heads import next_time_of
from marketplace.devnet.accounts import account_named
from marketplace.devnet.server import running_devnet
from marketplace.domain.drop import MintRequest
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from marketplace.domain.money import Wei
from marketplace.launch.file import LaunchFile, read_launch_file
from marketplace.storage.transactions import writing
from tests.integration.api.world import (
    NO_NODE,
    ORIGIN,
    Wallet,
    browser,
    settings_for,
    sign_in_client,
)
from tests.integration.marketplace.steering import NodeSteering
from tests.integration.marketplace.world import (
    Market,
    address_of,
    deploy_seats,
    one,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    from sqlalchemy import Engine

    from marketplace.devnet.rpc import Node

CHAIN_ID: Final = 31337
EXAMPLES: Final = Path(__file__).parents[3] / "scripts" / "examples"
SESSION: Final = DropId(1)
"""The drop session: tiers Access and Practice; phase 0 sells Access at 0.04 ETH."""
COHORT: Final = DropId(2)
"""The sprint cohort: tiers Access, Practice, Impact; resale listings for holders of drop 1."""


@dataclass(frozen=True)
class LiveChain:
    """A chain with the market, the example drops and a registry of delegations.

    `files` are by drop; `node` is the chain itself, in this process.
    """

    url: str
    node: Node
    market: Market
    files: dict[DropId, LaunchFile]
    registry: Delegations


@contextmanager
def live_chain() -> Iterator[LiveChain]:
    """Serve a chain, deploy market and registry, launch both examples as `mentor`."""
    with running_devnet() as devnet:
        web3 = open_node(devnet.url, CHAIN_ID)
        deployment = deploy_seats(web3, CHAIN_ID)
        market = Market("devnet", web3, CHAIN_ID, NodeSteering(web3), deployment)
        registry = Delegations(web3, deploy_delegations(market.sender("mentor")))
        chain = LiveChain(devnet.url, devnet.node, market, {}, registry)
        for name in ("drop-session", "sprint-cohort"):
            drop, file = launch(market, EXAMPLES / f"{name}.toml")
            chain.files[drop] = file
        yield chain


def launch(market: Market, path: Path, mentor: str = "mentor") -> tuple[DropId, LaunchFile]:
    """Launch a file as a named account; the drop and what was sold."""
    moment = next_time_of(market.web3) or datetime.now(UTC)
    file = read_launch_file(path, moment, address_of(mentor))
    made = market.send(mentor, market.contract.create_drop(file.drop))
    return one(market.contract.events_of(made), DropCreated).drop, file


@dataclass
class ChainClock:
    """The time of the chain's newest block, and what a test adds to it.

    The chain's clock moves when a block is mined: `market.steering.travel(second)` does. It is read
    past HTTP, since an API looks at its clock several times for each answer.
    """

    node: Node
    ahead: timedelta = timedelta()

    def __call__(self) -> datetime:
        with self.node.lock:
            second = self.node.chain.head.timestamp
        return datetime.fromtimestamp(second, UTC) + self.ahead

    def forward(self, seconds: float) -> None:
        """Let time pass without a block."""
        self.ahead += timedelta(seconds=seconds)


@dataclass
class Live:
    """A test's own API over the chain.

    Attributes:
        market: Contract, senders, steering.
        registry: Of delegations.
        files: The launched files, by drop.
        parts: Of the API.
        api: A client that nobody is signed in with.
    """

    market: Market
    registry: Delegations
    files: dict[DropId, LaunchFile]
    clock: ChainClock
    parts: Parts
    shell: Shell
    api: httpx.Client
    _clients: dict[str, httpx.Client] = field(default_factory=dict)

    def mirror(self) -> int:
        """Let the indexer reach the chain's head; the head's number."""
        caught_up(self.shell)
        return self.market.web3.eth.block_number

    def reorganise(self, depth: int, length: int) -> None:
        """Replace the newest blocks by so many empty ones."""
        steering = NodeSteering(self.market.web3)
        steering.ask("devnet_reorg", depth, [], {"newLength": length})

    def publish(self) -> None:
        """Publish the terms of every launched drop."""
        mentor, now = address_of("mentor"), self.clock()
        with writing(self.parts.store) as connection:
            for file in self.files.values():
                keep_document(connection, file.document, mentor, now)

    def client(self, name: str) -> httpx.Client:
        """A client that a named account is signed in with, by a bearer token."""
        if name not in self._clients:
            client = browser(self.parts)
            token = sign_in_client(client, wallet(name))
            client.headers["Authorization"] = f"Bearer {token}"
            self._clients[name] = client
        return self._clients[name]

    def sign_out(self) -> None:
        """Let everybody sign in anew: sessions end in the time that a test lets pass."""
        self._clients.clear()

    def parts_without_node(self) -> Parts:
        """The same parts behind a node that does not answer."""
        settings = self.parts.settings.model_copy(update={"node_url": SecretStr(NO_NODE)})
        return replace(self.parts, settings=settings, chain=chain_of(settings))

    def price(self, drop: DropId, phase: int) -> Wei:
        """What one seat costs in a phase."""
        return self.files[drop].drop.phases[phase].price

    def mint(self, drop: DropId, name: str, phase: int = 0, quantity: int = 1) -> SeatId:
        """Mint on the chain, paid by the named account; gives the first seat."""
        total = Wei(self.price(drop, phase) * quantity)
        request = MintRequest(
            drop=drop,
            phase=PhaseIndex(phase),
            recipient=address_of(name),
            quantity=quantity,
            max_total=total,
        )
        minted = self.market.send(name, self.market.contract.mint(request, total))
        return one(self.market.contract.events_of(minted), SeatsMinted).first

    def delegate(self, seat: SeatId, owner: str, delegate: str, *, enable: bool = True) -> None:
        """Let an account attend and watch by a seat of its owner's, or no longer."""
        contract = self.market.contract.address
        given = self.registry.delegate_token(
            address_of(delegate), contract, seat, rights=RIGHT_TO_ATTEND, enable=enable
        )
        self.market.send(owner, given)

    def resell(self, seat: SeatId, seller: str, buyer: str, price: Wei | None = None) -> None:
        """Sign a listing and fill it on the chain; at the face where no price is given."""
        face = self.market.contract.seat_of(seat).face
        listing = self.market.listing(seat, seller, face if price is None else price)
        signature = self.market.sign(listing, seller)
        self.market.send(buyer, self.market.contract.buy(listing, signature))


def caught_up(shell: Shell) -> None:
    """Let an indexer reach its chain's head."""
    while shell.step() is Outcome.PROGRESSED:
        pass


def wallet(name: str) -> Wallet:
    """The wallet of a named account."""
    return Wallet(account_named(name).signer)


@contextmanager
def indexing(
    chain: LiveChain, clock: ChainClock, database: Engine
) -> Iterator[tuple[Shell, MirrorFacts]]:
    """Put an indexer over a chain and a database; it, and what a gate is told of its mirror."""
    settings = IndexerSettings(
        database=SecretStr("sqlite:///unused"),
        node=SecretStr(chain.url),
        chain_id=CHAIN_ID,
        contract=chain.market.contract.address,
        delegations=chain.registry.address,
    )
    mirror_id = MirrorId(CHAIN_ID, settings.contract_set)
    with closing(RpcNode.at(chain.url, timeout_s=10, batch_limit=100)) as node:
        checkpoint = prepare(database, node, settings)
        shell = Shell(
            Hold(database, mirror_id, checkpoint.fence),
            node,
            contracts_of(settings),
            heartbeat=Heartbeat(lambda: clock().timestamp()),
        )
        yield shell, MirrorFacts(database, mirror_id, lambda: clock().timestamp())


@contextmanager
def live_api(chain: LiveChain, database: Engine, **changes: object) -> Iterator[Live]:
    """Put an API and an indexer over a chain and one database; the chain is put back after it.

    Args:
        chain: That runs.
        database: With both stores in it.
        changes: Settings of the API.
    """
    market = chain.market
    clock = ChainClock(chain.node)
    snapshot = market.steering.snapshot()
    try:
        with indexing(chain, clock, database) as (shell, facts):
            settings = settings_for(
                database,
                **{"node_url": SecretStr(chain.url), "contract": market.contract.address} | changes,
            )
            origin = Origin.parse(settings.public_url or ORIGIN)
            reaching = chain_of(settings)
            parts = Parts(settings, origin, database, facts, database, reaching, clock)
            yield Live(
                market, chain.registry, dict(chain.files), clock, parts, shell, browser(parts)
            )
    finally:
        market.steering.restore(snapshot)
