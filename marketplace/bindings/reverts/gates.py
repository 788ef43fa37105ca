"""Why a gate did not open: the errors of `ISeatDrops` about allowlists, passes and seats.

Refuses anything but their fields and sentences; the rules themselves are the contract's.
"""

# Annotations are evaluated: decoding reads them.

from marketplace.bindings.reverts.declaring import DeclaredRevert, revert
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.drop import DropState, Gate
from marketplace.domain.ids import DropId, PhaseIndex, SeatId
from marketplace.domain.times import utc_text


@revert("SeatDrops_GateDataUnfit")
class GateDataUnfit(DeclaredRevert):
    """A gate's data is not a root, the address of a signer, or a drop that exists."""

    phase: PhaseIndex
    gate: Gate
    gate_data: bytes

    def _sentence(self) -> str:
        wanted = {
            Gate.ALLOWLIST: "the root of an allowlist",
            Gate.PASS: "the address of whoever signs the passes",
            Gate.SEAT: "the number of an earlier drop",
        }.get(self.gate, "nothing")
        return (
            f"Phase {self.phase} has the gate {self.gate.name}, which needs {wanted}, and "
            f"0x{self.gate_data.hex()} is not that: change it and create the drop again."
        )


@revert("SeatDrops_AuthorisationMalformed")
class AuthorisationMalformed(DeclaredRevert):
    """The bytes that came with the mint are not what this gate asks for."""

    gate: Gate
    length: int

    def _sentence(self) -> str:
        wanted = {
            Gate.ALLOWLIST: "a proof of 32 bytes a step",
            Gate.PASS: "quantity, nonce, expiry and signature of a pass",
            Gate.SEAT: "the id of a seat, 32 bytes",
        }.get(self.gate, "nothing")
        return (
            f"The gate {self.gate.name} asks for {wanted}, and {self.length} bytes came: ask "
            "whoever lets you in for the right ones."
        )


@revert("SeatDrops_NotAllowlisted")
class NotAllowlisted(DeclaredRevert):
    """The proof does not lead from this account to the allowlist."""

    phase: PhaseIndex
    account: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"{self.account} is not on the allowlist of phase {self.phase}, or the proof is of "
            "another list: use the account that was listed, or wait for a later phase."
        )


@revert("SeatDrops_PassInvalid")
class PassInvalid(DeclaredRevert):
    """The pass was not signed for this drop, phase and account."""

    signer: ChecksumAddress
    digest: bytes

    def _sentence(self) -> str:
        return (
            f"{self.signer} has not signed this pass for this drop, phase and account (digest "
            f"0x{self.digest.hex()}): ask the mentor for a pass for the account that you mint with."
        )


@revert("SeatDrops_PassExpired")
class PassExpired(DeclaredRevert):
    """The pass has ended; both in Unix seconds."""

    expiry: int
    time: int

    def _sentence(self) -> str:
        return (
            f"The pass ended at {utc_text(self.expiry)} and it is {utc_text(self.time)}: ask the "
            "mentor for a new one."
        )


@revert("SeatDrops_PassSpent")
class PassSpent(DeclaredRevert):
    """The pass has been used."""

    drop: DropId
    nonce: int

    def _sentence(self) -> str:
        return (
            f"Pass {self.nonce} of drop {self.drop} has been used, and each serves for one mint: "
            "ask the mentor for another."
        )


@revert("SeatDrops_PassTooSmall")
class PassTooSmall(DeclaredRevert):
    """The pass is for fewer seats."""

    allowed: int
    wanted: int

    def _sentence(self) -> str:
        return f"The pass is for {self.allowed} seats at most, not {self.wanted}: ask for fewer."


@revert("SeatDrops_SeatOfAnotherDrop")
class SeatOfAnotherDrop(DeclaredRevert):
    """The phase is for holders of seats of a certain drop."""

    seat: SeatId
    wanted: DropId

    def _sentence(self) -> str:
        return (
            f"Seat {self.seat} opens nothing here: the phase is for seats of drop {self.wanted}, "
            "so name one of those."
        )


@revert("SeatDrops_SeatNotYours")
class SeatNotYours(DeclaredRevert):
    """The seat that opens the phase must be the caller's."""

    seat: SeatId
    owner: ChecksumAddress
    caller: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"Seat {self.seat} belongs to {self.owner} and not to {self.caller}: only its owner "
            "mints with it."
        )


@revert("SeatDrops_SeatRefundable")
class SeatRefundable(DeclaredRevert):
    """The seat's drop has not started, or its refund window is open; `from_` in Unix seconds."""

    seat: SeatId
    from_: int

    def _sentence(self) -> str:
        return (
            f"Seat {self.seat} opens this phase from {utc_text(self.from_)} on, when its drop has "
            "started and it can no longer be refunded: wait for it."
        )


@revert("SeatDrops_SeatVoid")
class SeatVoid(DeclaredRevert):
    """The drop of the seat was cancelled or failed, or the seat has been paid out."""

    seat: SeatId
    state: DropState

    def _sentence(self) -> str:
        return (
            f"The drop of seat {self.seat} is {self.state.name} and its money goes back to who "
            "holds it, so it opens nothing: claim the money, if that was not done."
        )


@revert("SeatDrops_SeatSpent")
class SeatSpent(DeclaredRevert):
    """The seat has opened this phase already."""

    seat: SeatId
    phase: PhaseIndex

    def _sentence(self) -> str:
        return (
            f"Seat {self.seat} has opened phase {self.phase} already, and each seat does so once: "
            "use another."
        )


@revert("SeatDrops_OneForOne")
class OneForOne(DeclaredRevert):
    """A seat opens the phase for one seat."""

    wanted: int

    def _sentence(self) -> str:
        return f"One seat opens this phase for one seat, not for {self.wanted}: mint one at a time."


@revert("SeatDrops_LengthsDiffer")
class SeatDropsLengthsDiffer(DeclaredRevert):
    """A mint of several needs as many authorisations as mints."""

    requests: int
    authorisations: int

    def _sentence(self) -> str:
        return (
            f"There are {self.requests} mints and {self.authorisations} authorisations: give one "
            "for each, empty for a public phase."
        )
