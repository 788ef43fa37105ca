"""From check-in to the last claim.

Refuses anything but the fields of these events.
"""

# Annotations are evaluated: decoding reads them.

from dataclasses import dataclass

from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import DropId, SeatId
from marketplace.domain.money import Bps, Wei


@dataclass(frozen=True, slots=True)
class SeatRefunded:
    """`account` gave a seat back for `paid` and left `penalty` of its face behind; it is burned."""

    seat: SeatId
    account: ChecksumAddress
    paid: Wei
    penalty: Wei


@dataclass(frozen=True, slots=True)
class CheckedIn:
    """The holder of a seat was checked in by `verifier`: it does not move any more."""

    seat: SeatId
    holder: ChecksumAddress
    verifier: ChecksumAddress


@dataclass(frozen=True, slots=True)
class DeliveryAsserted:
    """The mentor says that everything was delivered; `evidence` is the hash of the proof."""

    drop: DropId
    evidence: bytes


@dataclass(frozen=True, slots=True)
class Objected:
    """The holder of a seat contests the assertion: `face` more is under objection."""

    seat: SeatId
    holder: ChecksumAddress
    face: Wei


@dataclass(frozen=True, slots=True)
class DropSettled:
    """Nobody contests: `released`, all that the drop owed, went to the mentor."""

    drop: DropId
    released: Wei


@dataclass(frozen=True, slots=True)
class DropDisputed:
    """`owed` is in dispute; `released` was not contested and went to the mentor."""

    drop: DropId
    wide: bool
    owed: Wei
    released: Wei


@dataclass(frozen=True, slots=True)
class DropResolved:
    """The holders in dispute get `split` of their faces; `released` went to the mentor."""

    drop: DropId
    split: Bps
    released: Wei
    by_default: bool


@dataclass(frozen=True, slots=True)
class Claimed:
    """`account` is paid `face` from escrow and `held` of what waited; `released` to the mentor."""

    seat: SeatId
    account: ChecksumAddress
    face: Wei
    held: Wei
    released: Wei


@dataclass(frozen=True, slots=True)
class Collected:
    """`amount`, all that waited with a seat, went to the mentor."""

    seat: SeatId
    amount: Wei
