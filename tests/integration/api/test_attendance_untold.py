"""What a stream of events tells of a seat that is used: its check-in, and no session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.domain.admission import CheckIn
from marketplace.orders.check_ins import sign_check_in
from tests.integration.api.attending import attend, begin, programme_of, seat_of
from tests.integration.api.hearing import served
from tests.integration.marketplace.world import signer

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from marketplace.domain.ids import SeatId
    from tests.integration.api.live import Live, LiveChain

MINUTE = 60


def check_in(live: Live, seat: SeatId) -> None:
    """Check ada in: the verifier signs, ada sends it."""
    contract = live.market.contract
    epoch = contract.seat_of(seat).epoch
    came = CheckIn(seat=seat, epoch=epoch, expiry=live.market.now + MINUTE)
    signature = sign_check_in(signer("verifier"), came, live.market.chain_id, contract.address)
    live.market.send("ada", contract.check_in(seat, came.expiry, b"", signature))
    live.mirror()


def test_a_check_in_is_told_as_it_is_mirrored_and_that_somebody_came_in_is_not(
    launched_chain: LiveChain, database: Engine
) -> None:
    with served(launched_chain, database) as server:
        live = server.live
        seat = seat_of(live)
        begin(live)
        with (
            server.hear("/v1/events") as everybody,
            server.hear(f"/v1/events?seat={seat}") as watching,
            server.hear("/v1/me/events", "ada") as holding,
        ):
            streams = (everybody, watching, holding)
            (begun,) = {one.opened() for one in streams}
            attend(live, "ada")
            check_in(live, seat)
            heard = [one.until("CheckedIn") for one in streams]

        assert programme_of(live, seat)["attended"] == 1
        # Nothing has a number between: a reader who comes back could not tell it from a gap.
        for told in heard:
            assert told[0]["seq"] == begun + 1
            assert {one["event"] for one in told} <= {"CheckedIn", "Locked"}
            assert (told[-1]["topic"], told[-1]["seat"]) == ("seat", str(seat))
