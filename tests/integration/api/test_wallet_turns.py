"""Contract wallets that come to no answer do not keep other wallets from being asked."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from threading import Event, Semaphore
from typing import TYPE_CHECKING, Final

import pytest

from api.chain import Chain
from marketplace.bindings.node import NodeRefused, NodeUnreachable
from tests.integration.api.live import CHAIN_ID, wallet
from tests.integration.api.wallets import ContractWallet, owned_wallet, set_owner
from tests.integration.api.world import ask_nonce, browser, code_of, sign_in_client, verify

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx

    from api.node_turns import Asked
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.api.live import Live

RECHECK_S: Final = 30
SILENCE_S: Final = 10
PATIENCE_S: Final = 60
KEY_WISH: Final = {"name": "Door", "scopes": ["access:check"], "expires_in_s": 3_600}
ABOUT_BO: Final = f"/v1/access/check?action=see_resale&drop=1&account={wallet('bo').address}"
UNANSWERED: Final = (503, "wallet_unanswered")


class HeldChain(Chain):
    """A real node at which one contract comes to no answer, as long as a test wants it."""

    def __init__(self, live: Live, held: ChecksumAddress) -> None:
        settings = live.parts.settings
        url, contract = settings.node_url.get_secret_value(), live.market.contract.address
        self.seconds = 0.0
        super().__init__(url, CHAIN_ID, contract, PATIENCE_S, passed=lambda: self.seconds)
        self.held: ChecksumAddress | None = held
        self.away = self.answers_late = False
        self.asked: list[ChecksumAddress | None] = []
        self.wanted, self.begun, self.let_go = Semaphore(0), Semaphore(0), Event()
        self.let_go.set()

    @contextmanager
    def strangers_turn(self, asked: Asked) -> Iterator[None]:
        self.wanted.release()
        with super().strangers_turn(asked):
            yield

    def code(self, account: ChecksumAddress, block_hash: bytes) -> bytes:
        if self.away:
            raise NodeUnreachable("timed out")
        return super().code(account, block_hash)

    def ask(
        self,
        question: PreparedTransaction,
        block_hash: bytes,
        gas: int,
        sender: ChecksumAddress | None = None,
    ) -> bytes:
        self.asked.append(question.to)
        if question.to != self.held:
            return super().ask(question, block_hash, gas, sender)
        self.begun.release()
        assert self.let_go.wait(PATIENCE_S)
        if self.answers_late:
            return super().ask(question, block_hash, gas, sender)
        raise NodeRefused("out of gas", -32000)


def held_api(live: Live, held: ContractWallet) -> HeldChain:
    """Put an API over the same chain, at which a wallet comes to no answer."""
    chain = HeldChain(live, held.at)
    live.parts = replace(live.parts, chain=chain)
    live.api = browser(live.parts)
    return chain


def session_of(live: Live, account: ContractWallet) -> dict[str, str]:
    return {"Authorization": f"Bearer {sign_in_client(live.api, account)}"}


def look_up(live: Live, shown: dict[str, str]) -> httpx.Response:
    return live.api.get("/v1/auth/session", headers=shown)


def told(answer: httpx.Response) -> tuple[int, str | None]:
    return answer.status_code, None if answer.status_code == 200 else code_of(answer)


def test_a_wallet_that_comes_to_no_end_holds_one_place_however_often_it_is_used(
    live: Live,
) -> None:
    hostile, other = owned_wallet(live, "ada"), owned_wallet(live, "bo")
    shown, others = session_of(live, hostile), session_of(live, other)
    live.clock.forward(RECHECK_S)
    chain = held_api(live, hostile)
    chain.let_go.clear()
    with ThreadPoolExecutor(4) as threads:
        try:
            used = [threads.submit(look_up, live, shown) for _ in range(4)]
            for _ in used:
                assert chain.wanted.acquire(timeout=PATIENCE_S)
            assert told(look_up(live, others)) == (200, None)
        finally:
            chain.let_go.set()
        assert {told(one.result()) for one in used} == {UNANSWERED}
    assert chain.asked.count(hostile.at) == 1


def test_what_one_session_needs_at_once_is_asked_once(live: Live) -> None:
    account = owned_wallet(live, "ada")
    shown = session_of(live, account)
    live.clock.forward(RECHECK_S)
    chain = held_api(live, account)
    chain.let_go.clear()
    with ThreadPoolExecutor(6) as threads:
        try:
            used = [threads.submit(look_up, live, shown) for _ in range(6)]
            for _ in used:
                assert chain.wanted.acquire(timeout=PATIENCE_S)
            assert chain.begun.acquire(timeout=PATIENCE_S)
            chain.answers_late = True
        finally:
            chain.let_go.set()
        assert [told(one.result()) for one in used] == [(200, None)] * 6
    assert chain.asked == [account.at]


def test_a_wallet_that_came_to_no_answer_is_not_asked_again_for_some_seconds(live: Live) -> None:
    hostile, other = owned_wallet(live, "ada"), owned_wallet(live, "bo")
    shown, others = session_of(live, hostile), session_of(live, other)
    made = live.api.post("/v1/api-keys", json=KEY_WISH, headers=shown).json()["key"]
    by_key = {"Authorization": f"Bearer {made}"}
    live.clock.forward(RECHECK_S)
    chain = held_api(live, hostile)
    for _ in range(3):
        assert told(look_up(live, shown)) == UNANSWERED
        # What was made in the session stands on the same wallet.
        assert told(live.api.get(ABOUT_BO, headers=by_key)) == UNANSWERED
    assert chain.asked == [hostile.at]
    assert told(look_up(live, others)) == (200, None)

    chain.held = None
    chain.seconds = SILENCE_S - 0.1
    assert told(look_up(live, shown)) == UNANSWERED
    chain.seconds = SILENCE_S
    assert told(look_up(live, shown)) == (200, None)
    assert chain.asked.count(hostile.at) == 2


def test_what_is_not_known_for_some_seconds_becomes_no_yes(live: Live) -> None:
    account = owned_wallet(live, "ada")
    shown = session_of(live, account)
    live.clock.forward(RECHECK_S)
    chain = held_api(live, account)
    assert told(look_up(live, shown)) == UNANSWERED
    set_owner(live, account, "ada", owns=False)
    chain.held, chain.seconds = None, SILENCE_S
    assert told(look_up(live, shown)) == (401, "session_ended")
    # A no was an answer.
    set_owner(live, account, "ada", owns=True)
    assert told(look_up(live, session_of(live, account))) == (200, None)


def test_a_node_that_fails_is_no_wallets_fault(live: Live) -> None:
    account = owned_wallet(live, "ada")
    shown = session_of(live, account)
    live.clock.forward(RECHECK_S)
    chain = held_api(live, account)
    chain.let_go.clear()
    with ThreadPoolExecutor(1) as thread:
        try:
            used = thread.submit(look_up, live, shown)
            assert chain.begun.acquire(timeout=PATIENCE_S)
            chain.away = True
        finally:
            chain.let_go.set()
        assert told(used.result()) == UNANSWERED
    chain.away, chain.held = False, None
    assert told(look_up(live, shown)) == (200, None)


@pytest.mark.parametrize("signature", ["0x", "0x" + "11" * 66])
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_strangers_show_a_wallet_shuts_its_own_sessions_out_neither_way(
    live: Live, signature: str
) -> None:
    account = owned_wallet(live, "ada")
    shown = session_of(live, account)
    live.clock.forward(RECHECK_S)
    chain = held_api(live, account)
    chain.let_go.clear()
    asked = ask_nonce(live.api, account, "bearer")
    with ThreadPoolExecutor(1) as thread:
        try:
            strange = thread.submit(verify, live.api, asked["message"], signature, asked["attempt"])
            assert chain.begun.acquire(timeout=PATIENCE_S)
            chain.held = None
            assert told(look_up(live, shown)) == (200, None)
        finally:
            chain.let_go.set()
        assert told(strange.result()) == UNANSWERED
    live.clock.forward(RECHECK_S)
    assert told(look_up(live, shown)) == (200, None)
    # Nor does it keep the owner from signing in.
    assert told(look_up(live, session_of(live, account))) == (200, None)
