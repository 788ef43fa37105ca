"""Why a drop was not steered: the errors of `ISeatDrops` about what follows its creation.

Refuses anything but their fields and sentences; the rules themselves are the contract's.
"""

# Annotations are evaluated: decoding reads them.

from marketplace.bindings.reverts.declaring import DeclaredRevert, revert
from marketplace.domain.addresses import ZERO_ADDRESS, ChecksumAddress
from marketplace.domain.ids import DropId, TierIndex
from marketplace.domain.times import utc_text


@revert("SeatDrops_NotMentor")
class NotMentor(DeclaredRevert):
    """Only the mentor may do this."""

    drop: DropId
    mentor: ChecksumAddress
    caller: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"Only the mentor of drop {self.drop}, {self.mentor}, may do this, and {self.caller} "
            "is not: use the account that created it."
        )


@revert("SeatDrops_NotGuardian")
class NotGuardian(DeclaredRevert):
    """Only the guardian may do this."""

    guardian: ChecksumAddress
    caller: ChecksumAddress

    def _sentence(self) -> str:
        if self.guardian == ZERO_ADDRESS:
            return "Nobody may pause drops: the platform's owner has named no guardian."
        return f"Only the guardian, {self.guardian}, may pause drops, and {self.caller} is not."


@revert("SeatDrops_TooEarly")
class SeatDropsTooEarly(DeclaredRevert):
    """Not before the second `from_`; both in Unix seconds."""

    drop: DropId
    from_: int
    time: int

    def _sentence(self) -> str:
        return (
            f"For drop {self.drop} this is possible from {utc_text(self.from_)} on, and it is "
            f"{utc_text(self.time)}: wait for it."
        )


@revert("SeatDrops_TooLate")
class SeatDropsTooLate(DeclaredRevert):
    """Not after the second `until`; both in Unix seconds."""

    drop: DropId
    until: int
    time: int

    def _sentence(self) -> str:
        return (
            f"For drop {self.drop} this was possible until {utc_text(self.until)}, and it is "
            f"{utc_text(self.time)}: it cannot be done any more."
        )


@revert("SeatDrops_TierUnknown")
class TierUnknown(DeclaredRevert):
    """There is no such tier."""

    drop: DropId
    tier: TierIndex

    def _sentence(self) -> str:
        return f"Drop {self.drop} has no tier {self.tier}: tiers are counted from 0."


@revert("SeatDrops_GrantTooLarge")
class GrantTooLarge(DeclaredRevert):
    """Only `left` seats are to be granted."""

    drop: DropId
    tier: TierIndex
    wanted: int
    left: int

    def _sentence(self) -> str:
        advice = "grant fewer" if self.left else "none can be granted"
        return (
            f"Tier {self.tier} of drop {self.drop} has {self.left} seats to grant, not "
            f"{self.wanted}, because of its cap and of what open phases hold back: {advice}."
        )


@revert("SeatDrops_CapOutOfBounds")
class CapOutOfBounds(DeclaredRevert):
    """A cap only falls, and never below living seats and open reserves."""

    cap: int
    least: int
    most: int

    def _sentence(self) -> str:
        if self.cap >= self.most:
            return f"The cap is {self.most} and can only fall, not become {self.cap}: lower it."
        return (
            f"The cap cannot fall to {self.cap}: {self.least} seats live or are held back by open "
            "phases, so name at least that many."
        )


@revert("SeatDrops_PostponedTooOften")
class PostponedTooOften(DeclaredRevert):
    """A drop is postponed only so often."""

    drop: DropId
    most: int

    def _sentence(self) -> str:
        return (
            f"Drop {self.drop} was postponed {self.most} times, as often as it can be: deliver it, "
            "or cancel it, which gives everybody their money back."
        )
