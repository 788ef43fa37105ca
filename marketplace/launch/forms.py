"""The two forms of canonical terms, and how the second spells what the first has no words for.

The first form knows ETH, phases for everybody, and seats that are sold here, given away or never
move. The second adds a currency of another kind with its decimals, gates with what the contract
keeps of each, and seats that move as any token. A drop that the first can say is never said by the
second, so that one drop has one text, and what was hashed before there was a second form is still
what is hashed.

Owns which form a drop needs, and the spelling of currencies and gates both ways. Refuses names and
symbols of currencies, and to ask a chain whether any of it is true.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from marketplace.bindings.addresses import checksum_address
from marketplace.domain.addresses import ETH, ChecksumAddress
from marketplace.domain.denomination import ETHER, MAX_DECIMALS, Denomination
from marketplace.domain.drop import NO_GATE_DATA, Gate, TransferPolicy
from marketplace.domain.ids import MAX_DROP, DropId
from marketplace.launch.addresses import read_address
from marketplace.launch.units import Unclear, shown

Form = Literal["seatmarket terms 1", "seatmarket terms 2"]
FIRST: Final = "seatmarket terms 1"
SECOND: Final = "seatmarket terms 2"

SeatsMove = Literal["by sale or gift", "as any token", "never"]
POLICIES: Final[Mapping[SeatsMove, TransferPolicy]] = {
    "by sale or gift": TransferPolicy.MARKET_ONLY,
    "as any token": TransferPolicy.OPEN,
    "never": TransferPolicy.BOUND,
}
"""The contract's words for how seats move."""

Spelled: TypeAlias = str | Mapping[str, str | int]
"""A currency or a gate as the text has it: a word, or an object."""

_ADDRESS_BYTES: Final = 20
_ROOT: Final = re.compile(r"0x[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class GateTerm:
    """Who may mint in a phase, and the 32 bytes that the contract keeps of it."""

    gate: Gate = Gate.PUBLIC
    data: bytes = NO_GATE_DATA

    @property
    def data_text(self) -> str:
        """The same bytes as the mirror has them: 0x and 64 hex digits."""
        return f"0x{self.data.hex()}"

    @property
    def signer(self) -> ChecksumAddress | None:
        """Whose passes open the phase; None where none do."""
        return checksum_address(self.data[-_ADDRESS_BYTES:]) if self.gate is Gate.PASS else None

    @property
    def opening_drop(self) -> DropId | None:
        """The drop whose seats open the phase; None where none does."""
        return DropId(int.from_bytes(self.data, "big")) if self.gate is Gate.SEAT else None


EVERYBODY: Final = GateTerm()


def listed_by(root: bytes) -> GateTerm:
    """For whoever is on the allowlist with this root of 32 bytes."""
    return GateTerm(Gate.ALLOWLIST, root)


def passes_of(signer: ChecksumAddress) -> GateTerm:
    """For whoever shows a pass of this signer's."""
    return GateTerm(Gate.PASS, bytes.fromhex(signer[2:]).rjust(32, b"\0"))


def seats_of(drop: DropId) -> GateTerm:
    """For whoever owns a seat of this drop; each seat opens the phase once."""
    return GateTerm(Gate.SEAT, drop.to_bytes(32, "big"))


@dataclass(frozen=True, slots=True)
class ListFile:
    """An allowlist by the name of its file, seen from the folder of the launch file."""

    name: str


def form_of(paid_in: Denomination, seats_move: str, gates: Iterable[GateTerm]) -> Form:
    """The form that says a drop: the first wherever it can."""
    if paid_in.is_ether and seats_move != "as any token" and all(one == EVERYBODY for one in gates):
        return FIRST
    return SECOND


def spelled_currency(paid_in: Denomination) -> Spelled:
    """Write a currency as the canonical terms do."""
    if paid_in.is_ether:
        return "ETH"
    return {"address": paid_in.address, "decimals": paid_in.decimals}


def read_currency(value: object) -> Denomination:
    """Read what `spelled_currency` writes, which is also how a launch file has it.

    Raises:
        Unclear: If it is neither ETH nor an address with decimals.
    """
    if value == "ETH":
        return ETHER
    if not isinstance(value, dict) or value.keys() != {"address", "decimals"}:
        raise Unclear(
            f"{shown(value)} is no currency",
            'write "ETH", or an ERC-20 as in { address = "0x…", decimals = 6 }',
        )
    address, decimals = read_address(value["address"]), value["decimals"]
    if address == ETH:
        raise Unclear("the zero address is no ERC-20", 'write "ETH"')
    whole = isinstance(decimals, int) and not isinstance(decimals, bool)
    if not whole or not 0 <= decimals <= MAX_DECIMALS:
        remedy = f"write what its contract answers to decimals(), from 0 to {MAX_DECIMALS}"
        raise Unclear(f"{shown(decimals)} is no number of decimals", remedy)
    return Denomination(address, decimals)


def spelled_gate(term: GateTerm) -> Spelled:
    """Write a gate as the canonical terms do."""
    if term.gate is Gate.ALLOWLIST:
        return {"allowlist": term.data_text}
    if term.signer is not None:
        return {"passes_of": term.signer}
    if term.opening_drop is not None:
        return {"seats_of": term.opening_drop}
    return "public"


def read_gate(value: object) -> GateTerm:
    """Read what `spelled_gate` writes, which a launch file may write too.

    Raises:
        Unclear: If it is none.
    """
    if value == "public":
        return EVERYBODY
    if isinstance(value, dict) and len(value) == 1:
        ((name, given),) = value.items()
        if name == "allowlist" and isinstance(given, str) and _ROOT.fullmatch(given):
            return listed_by(bytes.fromhex(given[2:]))
        if name == "passes_of":
            return passes_of(read_address(given))
        if name == "seats_of" and isinstance(given, int) and not isinstance(given, bool):
            if not 1 <= given <= MAX_DROP:
                raise Unclear(f"{shown(given)} is no number of a drop", "write one from 1")
            return seats_of(DropId(given))
    raise Unclear(
        f"{shown(value)} is no gate",
        'write "public", { allowlist = "friends.csv" }, { passes_of = "0x…" } or { seats_of = 3 }',
    )


def read_gate_or_list(value: object) -> GateTerm | ListFile:
    """Read a gate of a launch file, which names the file of an allowlist instead of its root.

    Raises:
        Unclear: If it is none.
    """
    if isinstance(value, dict) and value.keys() == {"allowlist"}:
        name = value["allowlist"]
        if isinstance(name, str) and name.strip() and not _ROOT.fullmatch(name):
            return ListFile(name)
    return read_gate(value)
