"""Taking words apart and putting them together, low bits first.

Owns widths and spare bits. Refuses to know any layout: those stand beside this module.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.domain.errors import MirrorInconsistent

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress, ToAddress

_WORD_BITS: Final = 256


class WordError(MirrorInconsistent):
    """A word or a value does not fit the layout that this program knows."""

    code = "word_unknown"


class WordReader:
    """Takes a word apart from its low end."""

    def __init__(self, word: int, width: int = _WORD_BITS) -> None:
        if not 0 <= word < 1 << width:
            raise WordError(f"{word:#x} is not a word of {width} bits.")
        self._rest = word

    def take(self, width: int) -> int:
        """The next field, as a number."""
        value = self._rest & ((1 << width) - 1)
        self._rest >>= width
        return value

    def address(self, checksum: ToAddress) -> ChecksumAddress:
        """The next field, as an address."""
        return checksum(self.take(160).to_bytes(20, "big"))

    def end(self) -> None:
        """Refuse what is left, unless it is zero."""
        if self._rest:
            raise WordError("Spare bits are set: the word is of another version of the contract.")


def pack(*parts: tuple[int, int]) -> int:
    """Put values side by side, low bits first; each part is a value and its width in bits."""
    word = shift = 0
    for value, width in parts:
        if not 0 <= value < 1 << width:
            raise WordError(f"{value} does not fit {width} bits.")
        word |= value << shift
        shift += width
    return word


def number_of(address: ChecksumAddress) -> int:
    """The 160 bits of an address."""
    return int(address, 16)


def known(value: int, count: int) -> int:
    """Refuse a choice that this program does not know."""
    if value >= count:
        raise WordError(f"{value} is a choice of another version of the contract.")
    return value
