"""A receipt, its signer, and a chain that says what a test tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from marketplace.chain.errors import HistoryForgotten
from marketplace.chain.keys import signer_of_key
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import DropId, SeatId, TierIndex
from marketplace.receipts.values import DecisionReceipt, SeenBlock

if TYPE_CHECKING:
    from collections.abc import Mapping

SIGNER: Final = signer_of_key(bytes(31) + b"\7")
STRANGER: Final = signer_of_key(bytes(31) + b"\x08")
ADA: Final = ChecksumAddress("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC")
BO: Final = ChecksumAddress("0x90F79bf6EB2c4f870365E785982E1f101E93b906")
MARKET: Final = ChecksumAddress("0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0")
DROP: Final = DropId(7)
SEAT: Final = SeatId.of(DROP, TierIndex(2), 13)
HASH: Final = "0x" + "ab" * 32
TERMS: Final = "0x" + "cd" * 32

RECEIPT: Final = DecisionReceipt(
    chain_id=31337,
    contract=MARKET,
    account=ADA,
    action="enter_session",
    drop=DROP,
    session=1,
    recording="",
    terms_hash=TERMS,
    allow=True,
    reason="admitted",
    via="seat",
    seat=SEAT,
    level="latest",
    block_number=100,
    block_hash=HASH,
    lag_s=1,
    decided_at=1_800_000_000,
    expires_at=1_800_000_030,
)


@dataclass
class ToldChain:
    """A `ChainAtBlock`."""

    chain: int = 31337
    hash_there: str | None = HASH
    made_at: int = 1_799_999_990
    owners: Mapping[SeatId, ChecksumAddress] = field(default_factory=lambda: {SEAT: ADA})
    delegates: frozenset[tuple[ChecksumAddress, ChecksumAddress, str]] = frozenset()
    led_by: ChecksumAddress | None = BO
    checked_by: ChecksumAddress | None = BO
    terms: str | None = TERMS
    forgotten: bool = False

    def chain_id(self) -> int:
        return self.chain

    def block(self) -> SeenBlock | None:
        return None if self.hash_there is None else SeenBlock(self.hash_there, self.made_at)

    def owner(self, seat: SeatId) -> ChecksumAddress | None:
        self._remember()
        return self.owners.get(seat)

    def seats(self, account: ChecksumAddress, drop: DropId) -> frozenset[SeatId]:
        self._remember()
        return frozenset(
            seat for seat, owner in self.owners.items() if owner == account and seat.drop == drop
        )

    def is_delegate(
        self, account: ChecksumAddress, owner: ChecksumAddress, seat: SeatId, rights: str
    ) -> bool:
        del seat
        self._remember()
        return (account, owner, rights) in self.delegates

    def mentor(self, drop: DropId) -> ChecksumAddress | None:
        del drop
        return self.led_by

    def verifier(self, drop: DropId) -> ChecksumAddress | None:
        del drop
        self._remember()
        return self.checked_by

    def terms_hash(self, drop: DropId) -> str | None:
        del drop
        return self.terms

    def _remember(self) -> None:
        if self.forgotten:
            raise HistoryForgotten(100)
