"""Who and what the document's examples tell of: one drop, one seat, one resale.

Owns the values that examples have in common, so that one operation's answer is what the next one
asks with. A mentor sells drop 7; dan has seat 7200013 and sells it to eve. Hashes and secrets are
made from the words that name them: they look like such and are nobody's. Refuses examples.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Final, TypeAlias

from api.gate.values import BlockFacts
from api.wire import moment
from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.domain.ids import DropId, PhaseIndex, SeatId, TierIndex
from marketplace.domain.money import Wei

Json: TypeAlias = "str | int | bool | Sequence[Json] | Mapping[str, Json] | None"
Object: TypeAlias = Mapping[str, Json]
Shown: TypeAlias = Mapping[str, Mapping[str, Json]]
"""Examples by the operation's name, then by what each shows."""


def second(text: str) -> int:
    """A Unix second, of a moment as people write it."""
    return int(datetime.fromisoformat(text).timestamp())


def at(when: int) -> str:
    """A Unix second as an answer writes it."""
    return moment(when).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def hashed(what: str) -> str:
    """32 bytes that stand for something, in hex."""
    return f"0x{sha256(what.encode()).hexdigest()}"


def secret(what: str) -> str:
    """256 bits that somebody keeps to themselves, as this API writes them."""
    return urlsafe_b64encode(sha256(what.encode()).digest()).decode().rstrip("=")


def signed(what: str) -> str:
    """65 bytes r, s, v in hex; s is low, as the contract wants it."""
    return f"{hashed(f'{what}, r')}2c{hashed(f'{what}, s')[4:]}1b"


CHAIN_ID: Final = 31_337
CONTRACT: Final = ChecksumAddress("0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0")
WRAPPED_ETHER: Final = ChecksumAddress("0xCf7Ed3AccA5a467e9e704C703E8D87F634fB0Fc9")
ORIGIN: Final = "https://seats.example"

MENTOR: Final = ChecksumAddress("0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266")
DAN: Final = ChecksumAddress("0xBcd4042DE499D14e55001CcbB24a551F3b954096")
EVE: Final = ChecksumAddress("0x71bE63f3384f5fb98995898A86B02Fb2426c5788")
CO_HOST: Final = ChecksumAddress("0x90F79bf6EB2c4f870365E785982E1f101E93b906")
VERIFIER: Final = ChecksumAddress("0x70997970C51812dc3A010C7d01b50e0d17dc79C8")
RESOLVER: Final = ChecksumAddress("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC")
GUARDIAN: Final = ChecksumAddress("0x976EA74026E726554dB657fA54763abd0C3a0aa9")
PASS_SIGNER: Final = ChecksumAddress("0x15d34AAf54267DB7D7c367839AAf71A00a2C6A65")
RECEIPT_SIGNER: Final = ChecksumAddress("0x9965507d1A55bcc2695c58bA16FC37d819B0A4DC")

DROP: Final = DropId(7)
TIER: Final = TierIndex(2)
SEAT: Final = SeatId.of(DROP, TIER, 13)
FIRST_WEEKS: Final = PhaseIndex(0)
MEMBERS: Final = PhaseIndex(1)
GUESTS: Final = PhaseIndex(2)
"""The phases: for everybody, for a list, by pass."""
CURRENCY: Final = ETH
TITLE: Final = "Evals that catch regressions before your users do"
FORMAT: Final = "drop session"
TIER_NAMES: Final = ("Access", "Practice", "Live")
LISTED_PRICES: Final = tuple(map(Wei, (10**16, 2 * 10**16, 4 * 10**16)))
CAPS: Final = (40, 20, 12)
"""Of each tier, as the next two are."""
TERMS_VERSION: Final = 0
EPOCH: Final = 0
"""At the mint; dan's sale raises it."""
COUNTER: Final = 0
OFFER_NONCE: Final = 1

FACE: Final = Wei(40_000_000_000_000_000)
PRICE: Final = Wei(50_000_000_000_000_000)
ROYALTY_BPS: Final = 1_000
ROYALTY: Final = Wei(5_000_000_000_000_000)
NET: Final = Wei(PRICE - ROYALTY)
TOLL: Final = Wei(2_000_000_000_000_000)
PENALTY: Final = Wei(4_000_000_000_000_000)
REFUND: Final = Wei(FACE - PENALTY)

OPENS: Final = second("2027-02-01T09:00:00Z")
MINTED_AT: Final = second("2027-02-03T10:15:00Z")
NOW: Final = second("2027-02-20T12:00:00Z")
REFUND_UNTIL: Final = second("2027-02-22T18:00:00Z")
TURN_ENDS: Final = second("2027-02-20T13:00:00Z")
EXPIRY: Final = second("2027-02-27T12:00:00Z")
CLOSES: Final = second("2027-02-28T18:00:00Z")
EVENING: Final = second("2027-03-01T18:05:00Z")
STARTS: Final = second("2027-03-01T18:00:00Z")
ENDS: Final = second("2027-03-08T20:00:00Z")
ASSERTED: Final = second("2027-03-09T10:00:00Z")
AFTERWARDS: Final = second("2027-03-12T09:30:00Z")
DELIVER_BY: Final = second("2027-03-22T20:00:00Z")

SOLD_AT: Final = second("2027-02-21T08:30:00Z")
HEAD: Final = 1_482
"""The block that most answers are of."""


IN_THE_EVENING: Final = HEAD + 300
IN_THE_END: Final = HEAD + 600
"""The newest blocks at `EVENING` and `AFTERWARDS`."""


def block_hash(number: int) -> str:
    """The hash of a block."""
    return hashed(f"block {number}")


def as_of(number: int) -> Object:
    """What an answer says of its block."""
    return {"as_of_block": number, "block_hash": block_hash(number)}


HEAD_HASH: Final = block_hash(HEAD)
AS_OF: Final = as_of(HEAD)
BLOCK: Final = BlockFacts(HEAD, HEAD_HASH, HEAD - 2, HEAD - 4, 1)
"""The same, as the gate sees it."""

SESSION: Final = 1
RECORDING: Final = hashed("the recording of the first session")[2:34]
RECORDING_SIZE: Final = 734_003_200
ENDPOINT: Final = f"whe_{hashed('the mentor listens')[2:26]}"
"""The names of things that are kept here."""
