"""The tables that are folded out of the ledger: what each thing was after each event.

It owns their shape. It refuses values that are not in some event of the ledger: every row here can
be folded again without asking the chain.

A row is the *state* of one thing (a seat, a drop, a tier, …) right after one event, and is never
changed: the present state is the last row, the state at a block is the last row up to it, and
rolling back is deleting what lies above the ancestor. States of tiers, phases and closings are kept
once for each block, since only their last one in a block is ever asked for; all others once for
each event. Facts (mints, sales, listings, what was used up) have no thing whose state they are, and
are kept as they happened.

Counts, times (Unix seconds) and shares (bps) are signed 64-bit; what the contract keeps in 256 bits
or in the smallest unit of a currency is `Uint256`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import CheckConstraint, Column, Index, PrimaryKeyConstraint, Table, text

from indexer.store.tables import METADATA
from marketplace.storage.columns import (
    BIG,
    TEXT,
    Address,
    Bytes32,
    Uint256,
    uint256_bounds,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


_SET: Final = ("chain_id", "contract_set")
_PLACE: Final = ("block_number", "log_index")


def _big(name: str) -> Column[int]:
    return Column(name, BIG, nullable=False, autoincrement=False)


def _address(name: str) -> Column[str]:
    return Column(name, Address, nullable=False)


def _word(name: str) -> Column[str]:
    return Column(name, Bytes32, nullable=False)


def _amount(name: str) -> Column[int]:
    return Column(name, Uint256, nullable=False)


def _folded(
    name: str,
    *columns: Column[int] | Column[str],
    key: tuple[str, ...] = (),
    once_a_block: bool = False,
    indexes: tuple[str, ...] = (),
    checks: tuple[CheckConstraint, ...] = (),
) -> Table:
    """Declare a table of states or facts; `key` names the thing, `indexes` other ways to it."""
    place = _PLACE[:1] if once_a_block else _PLACE
    table = Table(
        name,
        METADATA,
        _big("chain_id"),
        Column("contract_set", TEXT, nullable=False),
        *columns,
        _big("block_number"),
        _big("log_index"),
        _word("block_hash"),
        PrimaryKeyConstraint(*_SET, *key, *place),
        *checks,
        sqlite_strict=True,
    )
    for item in _checks(table):
        table.append_constraint(item)
    for column in indexes:
        Index(f"{name}_{column}_idx", *(table.c[one] for one in (*_SET, column, *place)))
    if key:
        # Rolling back asks by block. Numbers rise, so the index grows at its end only.
        Index(f"{name}_block_idx", *(table.c[one] for one in (*_SET, *_PLACE[:1])))
    return table


def _checks(table: Table) -> Iterator[CheckConstraint]:
    """One CHECK for each kind of column: rows come in past the column types as well."""
    kinds: dict[type, list[str]] = {}
    for column in table.columns:
        if column.name not in _SET:
            kinds.setdefault(type(column.type), []).append(column.name)
    yield CheckConstraint(_each(kinds[type(BIG)], "{} >= 0"), name="not_negative")
    yield CheckConstraint(_each(kinds[Bytes32], "length({}) = 32"), name="words")
    if Address in kinds:
        yield CheckConstraint(_each(kinds[Address], "length({}) = 20"), name="addresses")
    for amount in kinds.get(Uint256, ()):
        yield from uint256_bounds(amount, amount)


def _each(columns: list[str], condition: str) -> str:
    return " AND ".join(condition.format(column) for column in columns)


seat_states: Final = _folded(
    "seat_states",
    _big("seat"),
    # mint, sale, gift and burn change the owner; the others do not.
    Column("change", TEXT, nullable=False),
    _address("owner"),
    _big("epoch"),
    _big("moved_at"),
    _big("moved_block"),
    _big("phase"),
    _big("flags"),
    _big("locked"),
    _amount("face"),
    _amount("held"),
    _address("beneficiary"),
    key=("seat",),
    checks=(
        CheckConstraint(
            "change IN ('mint', 'sale', 'gift', 'burn', 'hold', 'cancel', 'lock', 'check_in', "
            "'object', 'claim', 'collect')",
            name="change",
        ),
        CheckConstraint("locked <= 1", name="locked"),
        CheckConstraint("moved_block <= block_number", name="moved_block"),
    ),
)

CHANGES_OWNER: Final = "change IN ('mint', 'sale', 'gift', 'burn')"
"""Of a seat's state, as the index of owners has it, and whoever wants to be answered out of it."""

# What came to an account of one drop: how much it ever had of others costs nothing, nor how often
# what it has was changed in any other way.
Index(
    "seat_states_owner_idx",
    *(seat_states.c[one] for one in (*_SET, "owner", "seat", *_PLACE)),
    sqlite_where=text(CHANGES_OWNER),
    postgresql_where=text(CHANGES_OWNER),
)

drop_states: Final = _folded(
    "drop_states",
    _big("drop_id"),
    _address("mentor"),
    _address("payout"),
    _address("verifier"),
    _address("resolver"),
    _big("state"),
    _big("policy"),
    _big("currency_index"),
    _big("terms_version"),
    _big("postponements"),
    _big("tier_count"),
    _big("phase_count"),
    _big("royalty_bps"),
    _big("toll_bps"),
    _big("resale_cap_bps"),
    _big("penalty_bps"),
    _big("default_split_bps"),
    _big("fee_bps"),
    _big("gift_cooldown_s"),
    _big("challenge_days"),
    _big("starts_at"),
    _big("ends_at"),
    _big("deliver_by"),
    _big("first_deliver_by"),
    _big("refund_until"),
    _big("paused_until"),
    _word("terms_hash"),
    key=("drop_id",),
    indexes=("mentor",),
)
# The drops in which a mentor promises one text, the newest from its end.
Index(
    "drop_states_terms_idx",
    *(drop_states.c[name] for name in (*_SET, "mentor", "terms_hash", "drop_id", "block_number")),
)

closing_states: Final = _folded(
    "closing_states",
    _big("drop_id"),
    _big("asserted_at"),
    _word("evidence"),
    _amount("objected"),
    _big("disputed_at"),
    _big("split_bps"),
    _amount("owed"),
    key=("drop_id",),
    once_a_block=True,
)

tier_states: Final = _folded(
    "tier_states",
    _big("drop_id"),
    _big("tier"),
    _amount("list_price"),
    _big("cap"),
    _big("issued"),
    _big("live"),
    _amount("escrowed"),
    key=("drop_id", "tier"),
    once_a_block=True,
    checks=(CheckConstraint("live <= issued", name="live"),),
)

phase_states: Final = _folded(
    "phase_states",
    _big("drop_id"),
    _big("phase"),
    _big("tier"),
    _big("gate"),
    _amount("price"),
    _big("opens"),
    _big("closes"),
    _big("supply"),
    _big("sold"),
    _big("wallet_limit"),
    _big("reserves"),
    _word("gate_data"),
    key=("drop_id", "phase"),
    once_a_block=True,
)

counter_states: Final = _folded(
    "counter_states", _address("account"), _amount("counter"), key=("account",)
)

credit_states: Final = _folded(
    "credit_states",
    _address("account"),
    _address("currency"),
    _amount("amount"),
    key=("account", "currency"),
)

platform_states: Final = _folded(
    "platform_states",
    _address("treasury"),
    _big("fee_bps"),
    _address("owner"),
    _address("pending_owner"),
    _address("guardian"),
)

currency_states: Final = _folded(
    "currency_states",
    _big("currency_index"),
    _address("currency"),
    _big("allowed"),
    key=("currency_index",),
    checks=(CheckConstraint("allowed <= 1", name="allowed"),),
)

delegation_states: Final = _folded(
    "delegation_states",
    _address("delegator"),
    _address("delegate"),
    Column("scope", TEXT, nullable=False),
    _address("contract"),
    _amount("token"),
    _word("rights"),
    _big("enabled"),
    key=("delegator", "delegate", "scope", "contract", "token", "rights"),
    checks=(
        CheckConstraint("scope IN ('all', 'contract', 'token')", name="scope"),
        CheckConstraint("enabled <= 1", name="enabled"),
    ),
)
WAS_GIVEN: Final = "enabled = 1"
"""Of a delegation's state, as the index of delegates has it, and whoever wants to use that."""

# Who has ever delegated to an account: how often and what costs nothing but steps in the index. It
# is of no use to whoever asks for a delegation by its key, and so is not taken for the key's index,
# in which that is one step however many delegations the two have.
Index(
    "delegation_states_delegate_idx",
    *(delegation_states.c[one] for one in (*_SET, "delegate", "delegator")),
    sqlite_where=text(WAS_GIVEN),
    postgresql_where=text(WAS_GIVEN),
)

mints: Final = _folded(
    "mints",
    _big("first_seat"),
    _big("quantity"),
    _big("phase"),
    _address("account"),
    _address("referrer"),
    _amount("price"),
    indexes=("first_seat", "account"),
)

sales: Final = _folded(
    "sales",
    _big("seat"),
    _address("seller"),
    _address("buyer"),
    _amount("price"),
    _amount("royalty"),
    indexes=("seat",),
)

stored_listings: Final = _folded(
    "stored_listings",
    _big("seat"),
    _address("seller"),
    _address("taker"),
    _amount("price"),
    _amount("epoch"),
    _amount("counter"),
    _amount("terms_version"),
    _amount("expiry"),
    indexes=("seat",),
)

spent_offers: Final = _folded(
    "spent_offers",
    _address("buyer"),
    _amount("nonce"),
    Column("how", TEXT, nullable=False),
    _big("seat"),
    indexes=("buyer",),
    checks=(CheckConstraint("how IN ('fill', 'cancel')", name="how"),),
)

used_passes: Final = _folded(
    "used_passes",
    _big("drop_id"),
    _address("account"),
    _amount("nonce"),
    indexes=("nonce",),
)

used_seats: Final = _folded(
    "used_seats",
    _big("drop_id"),
    _big("phase"),
    _big("seat"),
    indexes=("seat",),
)

outbox_origins: Final = Table(
    "outbox_origins",
    METADATA,
    _big("chain_id"),
    Column("contract_set", TEXT, nullable=False),
    Column("block_number", BIG, nullable=False, doc="the outbox holds every event above it"),
    _word("block_hash"),
    PrimaryKeyConstraint(*_SET),
    CheckConstraint("block_number >= 0", name="block_number"),
    CheckConstraint("length(block_hash) = 32", name="block_hash"),
    sqlite_strict=True,
)

FOLDED: Final = (
    seat_states,
    drop_states,
    closing_states,
    tier_states,
    phase_states,
    counter_states,
    credit_states,
    platform_states,
    currency_states,
    delegation_states,
    mints,
    sales,
    stored_listings,
    spent_offers,
    used_passes,
    used_seats,
)
"""Every table that a rebuild empties and a rollback cuts."""
