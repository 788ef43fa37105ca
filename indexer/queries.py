"""The only door to the mirror for readers: typed answers, dated by the block that they rest on.

Owns every read that others may do. Each takes a connection of
`marketplace.storage.transactions.reading`, so that several answers can be of one moment, and can be
asked at a level or at a block. Refuses to decide (that is the gate's), to write, and to answer for
a block above the mirror's head.

Addresses are checksummed; hashes are 0x and 64 hex digits; times are Unix seconds.
"""

from __future__ import annotations

from indexer.folds.states import (
    ClosingState,
    CurrencyState,
    DropState,
    PhaseState,
    PlatformState,
    StoredListing,
    TierState,
)
from indexer.identity import DEFAULT_SET, MirrorId
from indexer.outbox import Message
from indexer.reads.arrivals import Arrival, arrivals
from indexer.reads.audits import AuditStatus, audit_status, event_count
from indexer.reads.bell import Bell, outbox_bell
from indexer.reads.carriers import Promise, SoldBetween, carriers, newest_carriers, sold_between
from indexer.reads.crowds import CrowdFacts, crowd_facts
from indexer.reads.delegated import DelegatedSeat
from indexer.reads.delegations import (
    Delegation,
    DelegationsIncomplete,
    DelegationsUnknown,
    delegations_of,
    delegations_to,
    seat_delegation,
)
from indexer.reads.drops import (
    DropTerms,
    drop_place,
    drop_terms,
    drops,
    drops_in_full,
    drops_named,
)
from indexer.reads.facts import DropFact, GateFacts, SeatFact, gate_facts, gate_facts_now
from indexer.reads.holders import held_among
from indexer.reads.levels import (
    At,
    BlockNotMirrored,
    Level,
    MirrorIncomplete,
    MirrorMissing,
    MirrorStatus,
    Moment,
    kept_block,
    mirror_status,
    mirrored_contract,
)
from indexer.reads.listings import PlacedListing, StoredAt, listings_of_drop, stored_among
from indexer.reads.mentors import Mentor, mentor, mentors
from indexer.reads.messages import OutboxPruned, first_message, outbox_since
from indexer.reads.money import counter_of, counters_of, credit_of, minted_by
from indexer.reads.newest_listings import DatedListing, newest_listings_of_drop
from indexer.reads.platform import currencies, platform
from indexer.reads.refunds import SeatValue, seat_value, seat_values, value_of
from indexer.reads.seats import (
    LogPlace,
    Ownership,
    Seat,
    SeatSale,
    listings_of,
    ownership_history,
    sales_of,
    seat,
    seats_named,
    seats_of_drop,
    seats_of_owner,
)
from indexer.reads.spending import offers_spent, passes_spent, seats_spent
from indexer.rpc.values import Mark
from indexer.store.audits import Finding
from indexer.store.history import require_current

__all__ = [
    "DEFAULT_SET",
    "Arrival",
    "At",
    "AuditStatus",
    "Bell",
    "BlockNotMirrored",
    "ClosingState",
    "CrowdFacts",
    "CurrencyState",
    "DatedListing",
    "DelegatedSeat",
    "Delegation",
    "DelegationsIncomplete",
    "DelegationsUnknown",
    "DropFact",
    "DropState",
    "DropTerms",
    "Finding",
    "GateFacts",
    "Level",
    "LogPlace",
    "Mark",
    "Mentor",
    "Message",
    "MirrorId",
    "MirrorIncomplete",
    "MirrorMissing",
    "MirrorStatus",
    "Moment",
    "OutboxPruned",
    "Ownership",
    "PhaseState",
    "PlacedListing",
    "PlatformState",
    "Promise",
    "Seat",
    "SeatFact",
    "SeatSale",
    "SeatValue",
    "SoldBetween",
    "StoredAt",
    "StoredListing",
    "TierState",
    "arrivals",
    "audit_status",
    "carriers",
    "counter_of",
    "counters_of",
    "credit_of",
    "crowd_facts",
    "currencies",
    "delegations_of",
    "delegations_to",
    "drop_place",
    "drop_terms",
    "drops",
    "drops_in_full",
    "drops_named",
    "event_count",
    "first_message",
    "gate_facts",
    "gate_facts_now",
    "held_among",
    "kept_block",
    "listings_of",
    "listings_of_drop",
    "mentor",
    "mentors",
    "minted_by",
    "mirror_status",
    "mirrored_contract",
    "newest_carriers",
    "newest_listings_of_drop",
    "offers_spent",
    "outbox_bell",
    "outbox_since",
    "ownership_history",
    "passes_spent",
    "platform",
    "require_current",
    "sales_of",
    "seat",
    "seat_delegation",
    "seat_value",
    "seat_values",
    "seats_named",
    "seats_of_drop",
    "seats_of_owner",
    "seats_spent",
    "sold_between",
    "stored_among",
    "value_of",
]
