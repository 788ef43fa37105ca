"""A drop whose resales are offered to a wait-list, and what those do who wait for a seat of it.

Refuses assertions about the API; an answer of another status than was needed stops the test.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tests.integration.api.live import EXAMPLES, launch
from tests.integration.api.trading import FACE, book, ids, list_seat, members
from tests.integration.marketplace.steering import NodeSteering

if TYPE_CHECKING:
    from pathlib import Path

    import httpx

    from marketplace.domain.ids import DropId, SeatId
    from tests.integration.api.live import Live
    from tests.integration.api.trading import Members

TURN_S: Final = 15 * 60
DAY_S: Final = 86_400
BEAT_S: Final = 2
"""After so many seconds the mirror says again that it is level; by then it knows of every end that
was before."""


def drop_with_turns(live: Live, folder: Path) -> DropId:
    """Launch and publish a drop session whose resales are offered by turns of 15 minutes."""
    text = (EXAMPLES / "drop-session.toml").read_text("utf-8")
    before, line = text.replace('title = "', 'title = "By turns: ', 1), 'audience = "anyone"'
    assert before.count(line) == 1
    path = folder / "by-turns.toml"
    path.write_text(
        before.replace(line, 'audience = "wait_list"\nturn = "15 minutes"'), encoding="utf-8"
    )
    drop, file = launch(live.market, path)
    live.files[drop] = file
    live.publish()
    live.mirror()
    return drop


def minted(live: Live, drop: DropId, *names: str) -> list[SeatId]:
    """Mint a seat of the first tier for each, and let the mirror see it."""
    seats = [live.mint(drop, name) for name in names]
    live.mirror()
    return seats


def offered(
    live: Live, seller: str, seat: SeatId, price: int = FACE, taker: str | None = None
) -> str:
    """List a seat for a day; the listing's id."""
    found = list_seat(live, seller, seat, price, expires_in_s=DAY_S, taker=taker)
    return str(found["listing"])


def path_of(drop: DropId, tier: int = 0) -> str:
    """Where a wait-list is."""
    return f"/v1/drops/{drop}/wait-lists/{tier}"


def join(live: Live, drop: DropId, *names: str) -> list[Members]:
    """Let some accounts take places, one after the other; what each was answered."""
    return [members(live.client(name).put(f"{path_of(drop)}/place")) for name in names]


def leave(live: Live, drop: DropId, name: str) -> None:
    """Let an account leave."""
    answer = live.client(name).delete(f"{path_of(drop)}/place")
    assert answer.status_code == 204, answer.text


def pass_on(live: Live, drop: DropId, name: str, seat: int | str) -> httpx.Response:
    """Ask to pass the turn on a seat on."""
    return live.client(name).delete(f"{path_of(drop)}/turn", params={"seat": str(seat)})


def place(live: Live, drop: DropId, name: str) -> Members:
    """The place of an account, as it is told of it."""
    found: Members = members(live.client(name).get(path_of(drop)))["place"]
    return found


def turn(live: Live, drop: DropId, name: str) -> str | None:
    """The seat of an account's turn."""
    found = place(live, drop, name)["turn"]
    return None if found is None else str(found["seat"])


def later(live: Live, seconds: float) -> None:
    """Let time pass without a block; the mirror knows itself level all the same."""
    live.clock.forward(seconds)
    live.mirror()


def shown(live: Live, drop: DropId, name: str | None = None) -> list[str]:
    """The listings that somebody is shown."""
    client: httpx.Client = live.api if name is None else live.client(name)
    return ids(book(live, drop, client))


def finalise(live: Live) -> None:
    """Let the newest block be final."""
    steering = NodeSteering(live.market.web3)
    steering.ask("devnet_setLevels", 0, 0)
    steering.ask("evm_mine")
    live.mirror()
