"""Let the folded tables hold the whole life of a seat and of its money.

Contracts whose events were mirrored before knew none of the new events. So the new columns of their
rows are what those events would leave: nobody. A mirror of such a contract is the same as one that
is folded afresh.
"""

from __future__ import annotations

from alembic import op

from indexer.store.migrations.folded import Shape, create, nobody, reshape

revision = "mirror_0005"
down_revision = "mirror_0004"

_OLD_CHANGES = "'mint', 'sale', 'gift', 'burn', 'hold', 'cancel', 'lock'"
_NEW_CHANGES = "'check_in', 'object', 'claim', 'collect'"
_SEAT = (
    "b:seat t:change a:owner b:epoch b:moved_at b:moved_block b:phase b:flags b:locked u:face "
    "u:held"
)
_PLATFORM = "a:treasury b:fee_bps a:owner a:pending_owner"


def _seats(columns: str, changes: str) -> Shape:
    return Shape(
        columns,
        key=("seat",),
        indexes=("owner",),
        checks={
            "change": f"change IN ({changes})",
            "locked": "locked <= 1",
            "moved_block": "moved_block <= block_number",
        },
    )


_SEATS_BEFORE = _seats(_SEAT, _OLD_CHANGES)
_SEATS_AFTER = _seats(f"{_SEAT} a:beneficiary", f"{_OLD_CHANGES}, {_NEW_CHANGES}")
_PLATFORM_BEFORE = Shape(_PLATFORM)
_PLATFORM_AFTER = Shape(f"{_PLATFORM} a:guardian")
_NEW = {
    "closing_states": Shape(
        "b:drop_id b:asserted_at w:evidence u:objected b:disputed_at b:split_bps u:owed",
        key=("drop_id",),
        once_a_block=True,
    ),
    "currency_states": Shape(
        "b:currency_index a:currency b:allowed",
        key=("currency_index",),
        checks={"allowed": "allowed <= 1"},
    ),
    "spent_offers": Shape(
        "a:buyer u:nonce t:how b:seat",
        indexes=("buyer",),
        checks={"how": "how IN ('fill', 'cancel')"},
    ),
    "used_passes": Shape("b:drop_id a:account u:nonce", indexes=("nonce",)),
    "used_seats": Shape("b:drop_id b:phase b:seat", indexes=("seat",)),
}


def upgrade() -> None:
    """Add the beneficiary, the guardian and the tables of what is new."""
    reshape("seat_states", _SEATS_BEFORE, _SEATS_AFTER, {"beneficiary": nobody()})
    reshape("platform_states", _PLATFORM_BEFORE, _PLATFORM_AFTER, {"guardian": nobody()})
    for name, shape in _NEW.items():
        create(name, shape)


def downgrade() -> None:
    """Drop what the former program did not know; the ledger still has it.

    Seats stay whose they are, with the flags and the money that they have. What made a state is
    called `hold` where the former program had no word for it: that changes no owner either.
    """
    for name in reversed(_NEW):
        op.drop_table(name)
    reshape("platform_states", _PLATFORM_AFTER, _PLATFORM_BEFORE, {})
    known = f"CASE WHEN change IN ({_OLD_CHANGES}) THEN change ELSE 'hold' END"
    reshape("seat_states", _SEATS_AFTER, _SEATS_BEFORE, {"change": known})
