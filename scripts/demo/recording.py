"""Owns the recording that the demo uploads: a real video, and as many variations as are wanted.

A variation has other bytes and another size, and plays the same: it ends in an EBML `Void` element
(RFC 8794, section 11.3.2), which every reader of the format passes over.

Refuses to draw: how the video was made is told beside it, in scripts/examples.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Final

RECORDING: Final = Path(__file__).parents[1] / "examples" / "workshop-1.webm"
MEDIA_TYPE: Final = "video/webm"
TITLE: Final = "Workshop 1, shortened to the drill"

_VOID: Final = b"\xec"
_TWO_BYTES: Final = 0x4000
"""Marks a size that takes two bytes."""
_LONGEST: Final = 4_096


def recording(seed: int) -> bytes:
    """The video, varied by a seed: the same seed gives the same bytes."""
    chance = sha256(f"seats {seed}".encode()).digest()
    size = 1 + int.from_bytes(chance[:4], "big") % _LONGEST
    filling = (chance * (size // len(chance) + 1))[:size]
    return RECORDING.read_bytes() + _VOID + (_TWO_BYTES | size).to_bytes(2, "big") + filling
