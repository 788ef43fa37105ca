"""Signatures, passes and proofs as bytes, made beside the contract's own code.

Owns the typed messages of the interfaces' NatSpec, spelled out once more. Refuses the product's
signing, so that both can be wrong in different ways only.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from eth_keys.datatypes import PrivateKey
from eth_utils.crypto import keccak

from marketplace.devnet.accounts import named_accounts
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.model.admission import Authorisation, Junk, Key, Proof
from tests.integration.model.evm import CHAIN_ID

if TYPE_CHECKING:
    from collections.abc import Sequence

    from marketplace.domain.ids import PhaseIndex
    from marketplace.domain.listing import Listing

LISTING: Final = (
    b"Listing(uint256 seat,uint256 price,uint256 epoch,address seller,uint256 counter,"
    b"uint256 termsVersion,address taker,uint256 expiry)"
)
SEAT_OFFER: Final = (
    b"SeatOffer(uint256 seat,uint256 price,uint256 epoch,address buyer,uint256 counter,"
    b"uint256 termsVersion,uint256 nonce,uint256 expiry)"
)
TIER_OFFER: Final = (
    b"TierOffer(uint256 drop,uint256 tier,uint256 leastFace,uint256 price,address buyer,"
    b"uint256 counter,uint256 termsVersion,uint256 nonce,uint256 expiry)"
)
CHECK_IN: Final = b"CheckIn(uint256 seat,uint256 epoch,uint256 expiry)"
PASS: Final = (
    b"Pass(uint256 drop,uint256 phase,address account,uint256 quantity,uint256 nonce,"
    b"uint256 expiry)"
)
_DOMAIN: Final = (
    b"EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
)
_STORED: Final = 2 + 8
"""The slot of `storedListings`; tests/contracts/snapshots/storage-layout.json."""

_KEYS: Final = {str(one.address): PrivateKey(one.private_key) for one in named_accounts()}


def word(value: int | str) -> bytes:
    """A number or an account in 32 bytes."""
    number = int(value, 16) if isinstance(value, str) else value
    return number.to_bytes(32, "big")


def listing_values(listing: Listing) -> tuple[int | str, ...]:
    """The members of a listing in their order."""
    return (
        listing.seat,
        listing.price,
        listing.epoch,
        listing.seller,
        listing.counter,
        listing.terms_version,
        listing.taker,
        listing.expiry,
    )


@lru_cache(maxsize=4096)
def stored_slot(listing: Listing) -> int:
    """Where the contract notes that a listing was authorised on chain."""
    struct = keccak(keccak(LISTING) + b"".join(map(word, listing_values(listing))))
    return int.from_bytes(keccak(struct + word(_STORED)), "big")


@lru_cache(maxsize=4096)
def signature(seats: str, signer: ChecksumAddress, message: bytes, *values: int | str) -> bytes:
    """65 bytes of a named account's key; nothing for nobody."""
    if signer == ZERO_ADDRESS:
        return b""
    struct = keccak(keccak(message) + b"".join(word(value) for value in values))
    domain = keccak(
        keccak(_DOMAIN) + keccak(b"Seatmarket") + keccak(b"1") + word(CHAIN_ID) + word(seats)
    )
    signed = _KEYS[signer].sign_msg_hash(keccak(b"\x19\x01" + domain + struct))
    return bytes(signed.to_bytes()[:64]) + bytes([signed.v + 27])


class Tree:
    """Two to four leaves, so that a proof has two hashes.

    A leaf names a phase and an account; the tree is filled up with leaves of nobody.
    """

    def __init__(self, leaves: Sequence[tuple[PhaseIndex, ChecksumAddress]]) -> None:
        self.listed = tuple(leaves)
        hashes = [_leaf(phase, account) for phase, account in leaves]
        self._hashes = (hashes + [bytes([fill]) * 32 for fill in range(1, 5)])[:4]
        left, right = self._pairs()
        self.root = _pair(left, right)

    def _pairs(self) -> tuple[bytes, bytes]:
        one, two, three, four = self._hashes
        return _pair(one, two), _pair(three, four)

    def path(self, phase: PhaseIndex, account: ChecksumAddress) -> bytes:
        """The words beside a leaf; those of the first for one that is not in the tree."""
        leaf = (phase, account)
        place = self.listed.index(leaf) if leaf in self.listed else 0
        return self._hashes[place ^ 1] + self._pairs()[place // 2 ^ 1]


def authorisation_bytes(seats: str, shown: Authorisation, tree: Tree) -> bytes:
    """What is sent for an authorisation."""
    if isinstance(shown, Proof):
        return tree.path(shown.phase, shown.account)
    if isinstance(shown, Key):
        return word(shown.seat)
    if isinstance(shown, Junk):
        return b"\x07" * shown.length
    leave = shown.message
    head = word(leave.quantity) + word(leave.nonce) + word(leave.expiry)
    return head + signature(
        seats,
        shown.signer,
        PASS,
        leave.drop,
        leave.phase,
        leave.account,
        leave.quantity,
        leave.nonce,
        leave.expiry,
    )


def _leaf(phase: int, account: str) -> bytes:
    return keccak(keccak(word(phase) + word(account)))


def _pair(one: bytes, two: bytes) -> bytes:
    return keccak(min(one, two) + max(one, two))
