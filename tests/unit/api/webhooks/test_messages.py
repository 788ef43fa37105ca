from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from api.webhooks.messages import EventType, News, Wish, news_of, regained
from indexer.queries import DropFact, Message, MirrorId
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import DropId, SeatId
from tests.unit.api.push.messages import ADA, BO, NOBODY, SEAT, message, transfer

NOW = datetime(2027, 3, 1, 18, tzinfo=UTC)
MIRROR = MirrorId(31337)
DROP = SeatId(SEAT).drop
TERMS = "0x" + "11" * 32
MENTOR = ChecksumAddress(BO)
MINE = DropFact(DROP, MENTOR, ChecksumAddress(NOBODY), 0, TERMS)


def said(news: tuple[News, ...]) -> list[tuple[str, str, object]]:
    return [(one.type.value, one.kind, one.data.get("account")) for one in news]


def test_a_seat_that_moves_takes_access_from_who_had_it() -> None:
    assert said(news_of(transfer(ADA, BO))) == [
        ("seat.moved", "apply", None),
        ("access.revoked", "apply", ADA),
    ]


def test_a_mint_takes_nothing_from_anybody_and_a_burn_does() -> None:
    assert said(news_of(transfer(NOBODY, ADA))) == [("seat.moved", "apply", None)]
    assert said(news_of(transfer(ADA, NOBODY)))[1] == ("access.revoked", "apply", ADA)


def test_a_move_that_is_taken_back_takes_access_from_who_had_got_it() -> None:
    assert said(news_of(transfer(ADA, BO, kind="retract"))) == [
        ("seat.moved", "retract", None),
        ("access.revoked", "retract", ADA),
        ("access.revoked", "apply", BO),
    ]


def test_who_moves_a_seat_to_themselves_has_not_lost_it_when_that_is_taken_back() -> None:
    assert said(news_of(transfer(ADA, ADA, kind="retract"))) == [
        ("seat.moved", "retract", None),
        ("access.revoked", "retract", ADA),
    ]


def test_a_loss_with_a_branch_is_taken_back_under_its_name_wherever_the_seat_is_had_again() -> None:
    lost = news_of(transfer(ADA, BO, kind="retract"))[-1]
    back = regained(transfer(NOBODY, BO, seq=9))
    assert back is not None
    assert (back.name, back.kind, back.data) == (lost.name, "retract", lost.data)
    # Who sells has lost it on this branch: that stands.
    sold = news_of(transfer(BO, ADA))[-1]
    assert (sold.data, sold.name != lost.name) == (lost.data, True)


@pytest.mark.parametrize(
    "said_", [transfer(ADA, NOBODY), transfer(ADA, BO, kind="retract"), message("Objected")]
)
def test_who_gets_no_seat_has_none_again(said_: Message) -> None:
    assert regained(said_) is None


def test_what_is_taken_back_has_the_name_that_it_was_told_under() -> None:
    told = {one.name for one in news_of(transfer(ADA, BO))}
    back = {one.name for one in news_of(transfer(ADA, BO, kind="retract")) if one.kind != "apply"}
    assert told == back


@pytest.mark.parametrize(
    ("event", "arguments", "type_", "data"),
    [
        (
            "SeatSold",
            {"seat": str(SEAT), "seller": ADA, "buyer": BO, "price": "9", "royalty": "1"},
            EventType.SEAT_SOLD,
            {"seller": ADA, "buyer": BO, "price_wei": "9", "royalty_wei": "1"},
        ),
        (
            "SeatRefunded",
            {"seat": str(SEAT), "account": ADA, "paid": "8", "penalty": "1"},
            EventType.SEAT_REFUNDED,
            {"account": ADA, "paid_wei": "8", "penalty_wei": "1"},
        ),
        (
            "CheckedIn",
            {"seat": str(SEAT), "holder": ADA, "verifier": BO},
            EventType.SEAT_CHECKED_IN,
            {"holder": ADA, "verifier": BO},
        ),
    ],
)
def test_what_becomes_of_a_seat_is_told_with_its_figures(
    event: str, arguments: dict[str, str], type_: EventType, data: dict[str, str]
) -> None:
    (one,) = news_of(message(event, **arguments))  # type: ignore[arg-type] # all of them are text
    assert (one.type, one.drop) == (type_, DROP)
    assert one.data == {"seat": str(SEAT), "tier": 2, **data}


def test_a_drop_that_changes_is_told_by_a_word() -> None:
    (one,) = news_of(message("DropCancelled", drop="7"))
    assert (one.type, one.drop, one.data) == (EventType.DROP_CHANGED, 7, {"change": "cancelled"})


def test_most_messages_say_nothing() -> None:
    assert news_of(message("Credited", account=ADA, currency=BO, amount="1")) == ()


def test_an_id_follows_from_what_is_said() -> None:
    moved, revoked = news_of(transfer(ADA, BO, seq=5))
    again = news_of(transfer(ADA, BO, seq=5))[0]
    assert moved.id_in(MIRROR) == again.id_in(MIRROR)
    others = {
        revoked.id_in(MIRROR),
        news_of(transfer(ADA, BO, seq=6))[0].id_in(MIRROR),
        news_of(transfer(ADA, BO, seq=5, kind="retract"))[0].id_in(MIRROR),
        moved.id_in(MirrorId(1)),
    }
    assert len(others | {moved.id_in(MIRROR)}) == 5


def test_a_body_says_where_on_the_chain_and_what_it_takes_back() -> None:
    moved = news_of(transfer(ADA, BO))[0]
    body = json.loads(moved.payload(NOW, "msg_1"))
    assert body["type"] == "seat.moved"
    assert body["timestamp"] == "2027-03-01T18:00:00.000Z"
    assert body["retracts"] == "msg_1"
    assert body["data"]["seat"] == str(SEAT)
    assert (body["data"]["from"], body["data"]["to"]) == (ADA, BO)
    assert (body["data"]["seq"], body["data"]["block_number"]) == (1, 9)


@pytest.mark.parametrize(
    ("wish", "drop", "wants"),
    [
        (Wish(MENTOR, frozenset({"seat.moved"})), MINE, True),
        (Wish(MENTOR, frozenset({"seat.moved"}), {DROP: TERMS}), MINE, True),
        (Wish(MENTOR, frozenset({"seat.sold"})), MINE, False),
        (Wish(ChecksumAddress(ADA), frozenset({"seat.moved"})), MINE, False),
        (Wish(MENTOR, frozenset({"seat.moved"}), {DropId(8): TERMS}), MINE, False),
        # The number is another drop's now.
        (Wish(MENTOR, frozenset({"seat.moved"}), {DROP: "0x" + "22" * 32}), MINE, False),
        (Wish(MENTOR, frozenset({"seat.moved"})), None, False),
    ],
)
def test_an_endpoint_hears_of_its_owners_drops_alone(
    wish: Wish,
    drop: DropFact | None,
    wants: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert wish.wants(news_of(transfer(ADA, BO))[0], drop) is wants


@pytest.mark.parametrize(
    ("drop", "terms_hash", "named"),
    [
        (DROP, TERMS, True),
        (DROP, "0x" + "22" * 32, False),
        (DropId(8), TERMS, False),
        # Of before terms were kept.
        (DROP, None, True),
        (DropId(8), None, False),
        (None, None, False),
    ],
)
def test_what_an_endpoint_names_is_known_by_number_and_terms(
    drop: DropId | None,
    terms_hash: str | None,
    named: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert Wish(MENTOR, frozenset(), {DROP: TERMS}).names(drop, terms_hash) is named
    assert Wish(MENTOR, frozenset()).names(drop, terms_hash)
