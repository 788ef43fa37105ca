from __future__ import annotations

from scripts.toolchain.mutation.catalogue import read_contracts
from scripts.toolchain.mutation.selections import EVERYTHING, HISTORIES, Order, rooms_of
from scripts.toolchain.project import REPOSITORY

MARKET = "contracts/rooms/SeatMarket.sol"


def test_the_rooms_of_a_source_are_asked_before_everything() -> None:
    assert Order().selections(MARKET) == [
        ("--match-path", "tests/contracts/market/*"),
        EVERYTHING,
        HISTORIES,
    ]


def test_who_killed_before_is_asked_first() -> None:
    order = Order()
    order.note(MARKET, "tests/contracts/life/Lives.t.sol")
    order.note(MARKET, "tests/contracts/market/Buy.t.sol")
    order.note(MARKET, "tests/contracts/market/Buy.t.sol")
    first = order.selections(MARKET)[0]
    assert first == ("--match-path", "tests/contracts/{market/Buy.t.sol,life/Lives.t.sol}")


def test_a_timeout_is_nobody_to_ask() -> None:
    order = Order()
    order.note(MARKET, "timeout")
    assert order.selections(MARKET) == Order().selections(MARKET)


def test_every_source_has_rooms_that_exist() -> None:
    for source in read_contracts(REPOSITORY.root):
        rooms = rooms_of(source)
        assert rooms
        assert all((REPOSITORY.root / "tests" / "contracts" / room).is_dir() for room in rooms)
