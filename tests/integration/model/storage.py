"""The contract's storage as the model says it must be, word for word.

Owns the places and the packing of `contracts/types`, written once more beside the product's own
(`marketplace.domain.words`). Refuses to read: whoever compares does.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from eth_utils.crypto import keccak

from marketplace.domain.addresses import ETH
from marketplace.domain.drop import Gate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.model.state import Drop, Market, Phase, Seat, Tier

MARKET: Final = 2
"""Where `SeatsLayout` begins; tests/contracts/snapshots/storage-layout.json."""

_SEED: Final = bytes.fromhex("7d8825530a5a2e7a")
"""Solady's, for the places of its ERC-721."""

_COIN_SEED: Final = bytes.fromhex("87a211a2")
_ALLOWANCE_SEED: Final = bytes.fromhex("7f5e9f20")


class Place(NamedTuple):
    """What a slot is, where it is, and what it must hold."""

    name: str
    slot: int
    value: int


def number(account: str) -> int:
    """An account as a number."""
    return int(account, 16)


@cache
def mapped(key: int, slot: int) -> int:
    """Where Solidity keeps the value of a key."""
    return _hash(key.to_bytes(32, "big") + slot.to_bytes(32, "big"))


@cache
def token_slot(seat: int) -> int:
    """Where Solady keeps owner and word of a token; who is approved stands behind."""
    return (2 * seat + _hash(seat.to_bytes(32, "big")[:28] + _SEED[:4])) % 2**256


@cache
def account_slot(account: str) -> int:
    """Where Solady keeps how many tokens an account owns, and its spare bits."""
    return _hash(number(account).to_bytes(20, "big") + _SEED[4:] + bytes(4))


@cache
def operator_slot(owner: str, operator: str) -> int:
    """Where Solady keeps whether an operator may move all tokens of an owner."""
    owned, operated = (number(one).to_bytes(20, "big") for one in (owner, operator))
    return _hash(owned + _SEED[4:] + bytes(4) + operated)


@cache
def coin_slot(account: str) -> int:
    """Where Solady keeps what an account owns of an ERC-20."""
    return _hash(number(account).to_bytes(20, "big") + bytes(8) + _COIN_SEED)


@cache
def allowance_slot(owner: str, spender: str) -> int:
    """Where Solady keeps what a spender may take of an ERC-20."""
    owned, spent = (number(one).to_bytes(20, "big") for one in (owner, spender))
    return _hash(owned + bytes(8) + _ALLOWANCE_SEED + spent)


def pack(*parts: tuple[int, int]) -> int:
    """Values and their widths in bits, low bits first."""
    word, place = 0, 0
    for value, width in parts:
        assert 0 <= value < 1 << width
        word |= value << place
        place += width
    return word


def places(market: Market, accounts: tuple[ChecksumAddress, ...]) -> Iterator[Place]:
    """Every word of the contract that this market says something about."""
    yield from _platform(market)
    for drop, kept in market.drops.items():
        base = mapped(drop, MARKET + 5)
        yield from _drop(kept, f"drop {drop}", base)
    for seat, held in market.seats.items():
        yield Place(f"seat {seat}", token_slot(seat), seat_word(held))
        yield Place(f"approved of {seat}", token_slot(seat) + 1, number(held.approved))
        waiting = pack((held.held, 96), (number(held.beneficiary), 160))
        yield Place(f"held of {seat}", mapped(seat, MARKET + 6), waiting)
    for account in accounts:
        yield from _account(market, account, accounts)


def seat_word(seat: Seat) -> int:
    """Owner and word of a seat."""
    flags = seat.checked_in | seat.granted << 1 | seat.objected << 3 | seat.claimed << 4
    return pack(
        (number(seat.owner), 160),
        (seat.moved_at, 40),
        (seat.epoch, 32),
        (seat.phase, 8),
        (flags, 8),
    )


def _platform(market: Market) -> Iterator[Place]:
    yield Place("owner", 0, number(market.owner))
    yield Place("pending owner", 1, number(market.pending_owner))
    platform = pack((number(market.treasury), 160), (market.fee, 16), (len(market.drops), 64))
    yield Place("platform", MARKET, platform)
    yield Place("guardian", MARKET + 1, number(market.guardian))
    yield Place("currency count", MARKET + 4, len(market.currencies))
    for index, currency in enumerate(market.currencies, start=1):
        yield Place(f"currency {index}", mapped(index, MARKET + 2), number(currency))
        allowed = market.currency_index(currency) if currency in market.allowed else 0
        yield Place(f"index of {currency}", mapped(number(currency), MARKET + 3), allowed)


def _drop(drop: Drop, name: str, base: int) -> Iterator[Place]:
    terms = drop.terms
    rules = pack(
        (drop.state, 8),
        (terms.policy, 8),
        (drop.currency_index, 8),
        (drop.terms_version, 8),
        (terms.royalty, 16),
        (terms.toll, 16),
        (terms.resale_cap, 16),
        (len(drop.tiers), 8),
        (len(drop.phases), 8),
        (terms.gift_cooldown, 32),
        (drop.paused_until, 40),
        (terms.ends_at, 40),
        (terms.deliver_by, 40),
    )
    yield Place(f"rules of {name}", base, rules)
    schedule = pack(
        (number(drop.mentor), 160),
        (terms.starts_at, 40),
        (terms.refund_until, 40),
        (drop.fee, 16),
    )
    yield Place(f"schedule of {name}", base + 1, schedule)
    arbitration = pack(
        (number(terms.resolver), 160),
        (drop.first_deliver_by, 40),
        (terms.challenge_days, 8),
        (drop.postponements, 8),
        (terms.penalty, 16),
        (terms.default_split, 16),
    )
    yield Place(f"arbitration of {name}", base + 2, arbitration)
    yield Place(f"payout of {name}", base + 3, number(terms.payout))
    yield Place(f"verifier of {name}", base + 4, number(terms.verifier))
    closing = pack(
        (drop.asserted_at, 40), (drop.disputed_at, 40), (drop.open_face, 104), (drop.split, 16)
    )
    yield Place(f"closing of {name}", base + 5, closing)
    for index, tier in enumerate(drop.tiers):
        yield Place(f"tier {index} of {name}", base + 6 + index, _tier(tier))
    for index, phase in enumerate(drop.phases):
        place = base + 16 + 2 * index
        yield Place(f"phase {index} of {name}", place, _phase(drop, phase))
        gated = phase.terms.gate is not Gate.PUBLIC
        data = int.from_bytes(phase.terms.gate_data, "big") if gated else 0
        yield Place(f"gate data of phase {index} of {name}", place + 1, data)
    yield from _used(drop, name, base)


def _tier(tier: Tier) -> int:
    return pack(
        (tier.list_price, 80),
        (tier.escrowed, 104),
        (tier.cap, 24),
        (tier.issued, 24),
        (tier.live, 24),
    )


def _phase(drop: Drop, phase: Phase) -> int:
    terms = phase.terms
    reserves = sum(
        1 << index
        for index, other in enumerate(drop.phases)
        if other.terms.reserved and other.terms.tier == terms.tier
    )
    return pack(
        (terms.price, 80),
        (terms.opens, 40),
        (terms.closes, 40),
        (terms.supply, 24),
        (phase.sold, 24),
        (terms.wallet_limit, 16),
        (terms.tier, 8),
        (terms.gate, 8),
        (reserves, 16),
    )


def _used(drop: Drop, name: str, base: int) -> Iterator[Place]:
    counts: dict[str, int] = {}
    for (phase, account), count in drop.mint_counts.items():
        counts[account] = counts.get(account, 0) | count << 16 * phase
    for minter, word in counts.items():
        yield Place(f"mints of {minter} in {name}", mapped(number(minter), base + 48), word)
    passes = sum(1 << nonce for nonce in drop.used_passes)
    yield Place(f"passes of {name}", mapped(0, base + 49), passes)
    keys: dict[int, int] = {}
    for opened, seat in drop.used_seats:
        keys[seat] = keys.get(seat, 0) | 1 << opened
    for key, word in keys.items():
        yield Place(f"uses of {key} in {name}", mapped(key, base + 50), word)


def _account(
    market: Market, account: ChecksumAddress, accounts: tuple[ChecksumAddress, ...]
) -> Iterator[Place]:
    counts = pack((market.seat_count(account), 32), (market.counter(account), 224))
    yield Place(f"seats and counter of {account}", account_slot(account), counts)
    spent = sum(1 << nonce for buyer, nonce in market.spent_offers if buyer == account)
    yield Place(f"offers of {account}", mapped(0, mapped(number(account), MARKET + 9)), spent)
    for currency in (ETH, market.wrapped_ether, *market.currencies):
        slot = mapped(number(account), mapped(number(currency), MARKET + 7))
        credit = market.credit(currency, account)
        yield Place(f"credit of {account} in {currency}", slot, credit)
    for operator in accounts:
        allowed = (account, operator) in market.operators
        yield Place(
            f"operator {operator} of {account}", operator_slot(account, operator), int(allowed)
        )


def _hash(data: bytes) -> int:
    return int.from_bytes(keccak(data), "big")
