"""A seat's metadata and picture, as the contract draws them.

Owns asking the contract about the state after the mirror's head, so that the picture and every
other answer of this moment agree. Refuses to draw, and to keep what was drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING

from api.catalogue.looking import look
from api.errors import NotFound
from indexer.queries import seat as seat_in
from marketplace.bindings.pictures import image_of, metadata_of
from marketplace.bindings.reverts.token import SeatTokenUnknown

if TYPE_CHECKING:
    from api.parts import Parts
    from indexer.queries import Moment
    from marketplace.domain.ids import SeatId


@dataclass(frozen=True, slots=True)
class Picture:
    """Bytes that the contract gave, and the block whose state they are of."""

    octets: bytes
    at: Moment

    @property
    def digest(self) -> str:
        """SHA-256 of the bytes, in hex."""
        return sha256(self.octets).hexdigest()


def metadata(parts: Parts, seat: SeatId) -> Picture:
    """The JSON of a living seat.

    Raises:
        NotFound: there is no such seat now.
        MirrorMissing, StorageError: the mirror says nothing.
        ChainUnavailable: the node does not answer, or does not know the mirror's head.
        PictureUnreadable: the contract is of another version.
    """
    text, at = _metadata(parts, seat)
    return Picture(text.encode(), at)


def image(parts: Parts, seat: SeatId) -> Picture:
    """The SVG of a living seat; raises as `metadata`."""
    text, at = _metadata(parts, seat)
    return Picture(image_of(text).encode(), at)


def _metadata(parts: Parts, seat: SeatId) -> tuple[str, Moment]:
    with look(parts) as seen:
        found = seat_in(seen.connection, seen.mirror, seat, seen.at.number)
    if found is None or found.burned:
        raise NotFound("seat")
    try:
        with parts.chain.turn():
            address = parts.chain.seats.token_uri(seat, bytes.fromhex(seen.at.hash[2:]))
    except SeatTokenUnknown as error:
        raise NotFound("seat") from error
    return metadata_of(address), seen.at
