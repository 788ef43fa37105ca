"""Why creating a drop or minting a seat was refused: errors of `ISeatDrops`.

Those of gates are in `gates`, those of what happens to a drop afterwards in `steering`. Refuses
anything but their fields and sentences; the rules themselves are the contract's.
"""

# Annotations are evaluated: decoding reads them.

from typing import Final

from marketplace.bindings.names import snake_name
from marketplace.bindings.reverts.declaring import DeclaredRevert, revert
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.drop import DropState
from marketplace.domain.ids import DropId, PhaseIndex
from marketplace.domain.money import Bps, Wei, either_text, ether_text, percent_text
from marketplace.domain.times import utc_text

_TIMES: Final = frozenset(
    {"starts_at", "ends_at", "deliver_by", "refund_until", "opens", "closes", "until"}
)


@revert("SeatDrops_TermOutOfBounds")
class TermOutOfBounds(DeclaredRevert):
    """A term is outside its bounds; `field` is its name, padded with zeros."""

    field: bytes
    value: int
    least: int
    most: int

    @property
    def term(self) -> str:
        """The name of the term as Python has it, as in `ends_at`."""
        return snake_name(self.field.rstrip(b"\0").decode("ascii", errors="replace"))

    def _sentence(self) -> str:
        value, least, most = (self._shown(one) for one in (self.value, self.least, self.most))
        return (
            f"The term {self.term} is {value}; it must lie between {least} and {most}. Change it "
            "and try again."
        )

    def _shown(self, value: int) -> str:
        # 0 is no date here: it means that nothing bounds the time from below.
        return f"{value} ({utc_text(value)})" if self.term in _TIMES and value else f"{value}"


@revert("SeatDrops_ResolverNotNeutral")
class ResolverNotNeutral(DeclaredRevert):
    """The resolver is the mentor, the payout or nobody."""

    resolver: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"{self.resolver} cannot resolve disputes of this drop: name somebody who is neither "
            "the mentor nor the payout."
        )


@revert("SeatDrops_FeeAboveMax")
class FeeAboveMax(DeclaredRevert):
    """The platform's fee is higher than the mentor accepts."""

    fee: Bps
    max_fee: Bps

    def _sentence(self) -> str:
        return (
            f"The platform's fee is {percent_text(self.fee)}; this drop accepts at most "
            f"{percent_text(self.max_fee)}. It rose since the launch was planned: plan it again."
        )


@revert("SeatDrops_VerifierIsMentor")
class VerifierIsMentor(DeclaredRevert):
    """The verifier's key is the mentor's."""

    verifier: ChecksumAddress

    def _sentence(self) -> str:
        return f"{self.verifier} is the mentor: make a key of its own for checking people in."


@revert("SeatDrops_CurrencyNotAllowed")
class CurrencyNotAllowed(DeclaredRevert):
    """The platform takes no new drops in this currency."""

    currency: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"The platform takes no new drops for the currency {self.currency}: sell for ETH, or "
            "for a currency that it takes."
        )


@revert("SeatDrops_Unknown")
class SeatDropsUnknown(DeclaredRevert):
    """There is no such drop."""

    drop: DropId

    def _sentence(self) -> str:
        return f"There is no drop {self.drop}: check its number and the contract's address."


@revert("SeatDrops_PhaseUnknown")
class PhaseUnknown(DeclaredRevert):
    """There is no such phase."""

    drop: DropId
    phase: PhaseIndex

    def _sentence(self) -> str:
        return f"Drop {self.drop} has no phase {self.phase}: phases are counted from 0."


@revert("SeatDrops_NotLive")
class NotLive(DeclaredRevert):
    """In this state the drop sells no seats, and its mentor changes nothing."""

    drop: DropId
    state: DropState

    def _sentence(self) -> str:
        if self.state is DropState.NONE:
            return f"There is no drop {self.drop}: check its number and the contract's address."
        return (
            f"Drop {self.drop} is {self.state.name}: it sells no more seats, and its mentor "
            "changes nothing any more."
        )


@revert("SeatDrops_Paused")
class SeatDropsPaused(DeclaredRevert):
    """Minting is paused to the end of a second."""

    drop: DropId
    until: int

    def _sentence(self) -> str:
        return f"Drop {self.drop} is paused until {utc_text(self.until)}: mint after that."


@revert("SeatDrops_PhaseClosed")
class PhaseClosed(DeclaredRevert):
    """The phase is not open; all in Unix seconds."""

    opens: int
    closes: int
    time: int

    def _sentence(self) -> str:
        advice = "wait for it" if self.time < self.opens else "look for a later phase"
        return (
            f"The phase is open from {utc_text(self.opens)} to {utc_text(self.closes)}, and it is "
            f"{utc_text(self.time)}: {advice}."
        )


@revert("SeatDrops_EmptyMint")
class EmptyMint(DeclaredRevert):
    """Minting no seats, or to nobody: the zero address or the market's own."""

    quantity: int
    recipient: ChecksumAddress

    def _sentence(self) -> str:
        if self.quantity == 0:
            return "No seat was asked for: ask for at least one."
        return f"The seats would belong to nobody ({self.recipient}): name their owner."


@revert("SeatDrops_SoldOut")
class SoldOut(DeclaredRevert):
    """Only `left` seats are to be had here and now."""

    drop: DropId
    phase: PhaseIndex
    wanted: int
    left: int

    def _sentence(self) -> str:
        if self.left == 0:
            return f"Phase {self.phase} of drop {self.drop} is sold out: look at its resales."
        seats = "1 seat" if self.left == 1 else f"{self.left} seats"
        return (
            f"Phase {self.phase} of drop {self.drop} has {seats} left, not {self.wanted}: "
            "ask for fewer."
        )


@revert("SeatDrops_WalletLimit")
class WalletLimit(DeclaredRevert):
    """The account has minted nearly or all of what it may in this phase."""

    account: ChecksumAddress
    already: int
    wanted: int
    limit: int

    def _sentence(self) -> str:
        left = self.limit - self.already
        advice = f"ask for {left} at most" if left > 0 else "look for another phase, or a resale"
        return (
            f"{self.account} has minted {self.already} of the {self.limit} seats that one account "
            f"may mint in this phase, and asked for {self.wanted} more: {advice}."
        )


@revert("SeatDrops_WrongPayment")
class SeatDropsWrongPayment(DeclaredRevert):
    """The ETH that came is not what is due; nothing is where the currency is an ERC-20."""

    total: Wei
    paid: Wei

    def _sentence(self) -> str:
        if self.total == 0:
            return f"The seats are not paid with ETH, and {ether_text(self.paid)} came: send none."
        return (
            f"The seats cost exactly {ether_text(self.total)}, and {ether_text(self.paid)} came: "
            "send the exact price."
        )


@revert("SeatDrops_AboveMaxTotal")
class AboveMaxTotal(DeclaredRevert):
    """The seats cost more than the caller would pay."""

    total: Wei
    max_total: Wei

    def _sentence(self) -> str:
        return (
            f"The seats cost {either_text(self.total)}, more than the "
            f"{either_text(self.max_total)} that you would pay at most: raise that limit or ask "
            "for fewer."
        )
