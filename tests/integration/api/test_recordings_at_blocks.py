"""How many recordings a seat opened after an earlier block: those that were there by its second."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import update

from api.recordings.writes import take_back
from api.store.tables import recordings
from marketplace.storage.transactions import writing
from tests.integration.api.attending import begin, programme_of, seat_of
from tests.integration.api.live import COHORT
from tests.integration.api.test_access_levels import BEHIND, settle
from tests.integration.api.trading import members
from tests.integration.marketplace.world import address_of
from tests.integration.rows import ROWS

if TYPE_CHECKING:
    from marketplace.domain.ids import SeatId
    from tests.integration.api.live import Live


def record(live: Live, name: str, at: datetime, session: int = 1) -> None:
    """Keep a recording of the cohort that became available at a moment."""
    row = {
        **ROWS[recordings],
        **live.parts.mirror_id.columns,
        "id": name,
        "drop_id": COHORT,
        "terms_hash": f"0x{live.files[COHORT].drop.terms.terms_hash.hex()}",
        "mentor": address_of("mentor"),
        "session": session,
        "begun_at": at,
        "available_at": at,
    }
    with writing(live.parts.store) as connection:
        connection.execute(recordings.insert().values(row))


def told(live: Live, seat: SeatId, **query: object) -> tuple[int, list[int]]:
    """How many a seat is said to open, in all and by its sessions."""
    programme = programme_of(live, seat, **query)
    return programme["recordings"], [one["recordings"] for one in programme["sessions"]]


def second_of(live: Live, block: int) -> datetime:
    return datetime.fromtimestamp(live.market.web3.eth.get_block(block)["timestamp"], UTC)


def test_a_recording_counts_from_the_block_on_by_whose_second_it_was_there(live: Live) -> None:
    seat = seat_of(live)
    before = live.mirror()
    begin(live)
    during = live.mirror()
    begin(live, 2)
    after = live.mirror()
    record(live, "rec_0001", second_of(live, during))
    record(live, "rec_0002", second_of(live, during) + timedelta(microseconds=1), session=2)

    assert told(live, seat, block=before) == (0, [0, 0, 0])
    # The block's own second counts, and nothing later.
    assert told(live, seat, block=during) == (1, [1, 0, 0])
    assert told(live, seat, block=after) == (2, [1, 1, 0])
    assert told(live, seat) == (2, [1, 1, 0])


def test_at_a_level_it_is_its_blocks_second_and_at_the_latest_it_is_now(live: Live) -> None:
    seat = seat_of(live)
    begin(live)
    settle(live, BEHIND["finalized"])
    head = live.mirror()
    live.clock.forward(5)
    record(live, "rec_0001", live.clock())

    assert told(live, seat) == told(live, seat, level="latest") == (1, [1, 0, 0])
    for then in ({"level": "safe"}, {"level": "finalized"}, {"block": head}):
        assert told(live, seat, **then) == (0, [0, 0, 0])


def test_a_page_of_seats_counts_as_one_seat_does(live: Live) -> None:
    seat = seat_of(live)
    before = live.mirror()
    begin(live)
    after = live.mirror()
    record(live, "rec_0001", second_of(live, after))
    for block, count in ((before, 0), (after, 1)):
        asked = {"block": block}
        page = members(live.api.get(f"/v1/drops/{COHORT}/seats", params=asked))
        (found,) = [one for one in page["seats"] if one["seat"] == str(seat)]
        assert found["condition"]["programme"]["recordings"] == count


def test_what_was_taken_back_since_or_was_never_there_counts_at_no_block(live: Live) -> None:
    seat = seat_of(live)
    begin(live)
    head = live.mirror()
    record(live, "rec_0001", second_of(live, head))
    record(live, "rec_0002", second_of(live, head))
    with writing(live.parts.store) as connection:
        begun = recordings.c.id == "rec_0002"
        connection.execute(update(recordings).where(begun).values(available_at=None))
    assert told(live, seat, block=head) == told(live, seat) == (1, [1, 0, 0])
    with writing(live.parts.store) as connection:
        assert take_back(connection, "rec_0001", live.clock())
    assert told(live, seat, block=head) == told(live, seat) == (0, [0, 0, 0])
