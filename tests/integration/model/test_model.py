"""The model of the contract against the contract: the same history on both, step by step."""

from __future__ import annotations

import sys
from random import Random
from typing import Final

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from marketplace.bindings.artifacts import load
from marketplace.bindings.interface import interface_of
from marketplace.domain.drop import DropState, Gate
from tests.integration.model import guesses_later, moves, tours
from tests.integration.model.choosing import Seeded
from tests.integration.model.play import Play, Reached, edge

EXAMPLES: Final = settings().max_examples // 6
STEPS: Final = 45 if EXAMPLES < 100 else 80
"""Of one history, besides its opening."""

SEEDS: Final = st.integers(min_value=0, max_value=2**32 - 1)
PATIENCE: Final = 300 if EXAMPLES < 100 else 3_600
"""Seconds; 25 on a core that has nothing else to do."""

WALK: Final = 60
TRIES: Final = 80

NEVER_DONE: Final = {"buyFor", "renounceOwnership"}
"""The contract calls the one itself; nobody may do the other."""

NEVER_REFUSED: Final = {"bumpCounter", "cancelOffer", "setApprovalForAll"}

NEVER_SAID: Final = {
    "AccountBalanceOverflow": "needs 2^32 seats of one account",
    "BalanceQueryForZeroAddress": "a view's",
    "NotOwnerNorApproved": "said by name: SeatToken_NotOwner",
    "OwnableInvalidOwner": "a constructor's",
    "Reentrancy": "needs a hostile receiver: tests/contracts/hostile",
    "SeatRenderer_BaseAddressMissing": "the renderer's constructor's",
    "SeatStandards_PriceTooHigh": "a view's",
    "SeatToken_RendererMissing": "a constructor's",
    "Seats_FunctionUnknown": "no call of the market's: tests/contracts/attack/Values",
    "TokenAlreadyExists": "numbers are never given out twice",
    "TokenDoesNotExist": "said by name: SeatToken_Unknown",
    "TransferFromIncorrectOwner": "said by name: SeatToken_NotTheirs",
    "TransferToNonERC721ReceiverImplementer": "said by name: SeatToken_NotTaken",
    "TransferToZeroAddress": "said by name: SeatToken_ToNobody",
}

PAID: Final = ("coins", "ether")

EDGES: Final = {
    (DropState.NONE, DropState.LIVE),
    (DropState.LIVE, DropState.ASSERTED),
    (DropState.LIVE, DropState.CANCELLED),
    (DropState.LIVE, DropState.FAILED),
    (DropState.ASSERTED, DropState.SETTLED),
    (DropState.ASSERTED, DropState.DISPUTED_NARROW),
    (DropState.ASSERTED, DropState.DISPUTED_WIDE),
    (DropState.DISPUTED_NARROW, DropState.SPLIT_NARROW),
    (DropState.DISPUTED_WIDE, DropState.SPLIT_WIDE),
}


class Histories(RuleBasedStateMachine):
    """Random histories; a seed is one step, so that shrinking takes steps away."""

    reached = Reached()

    @initialize(opening=st.sampled_from(list(moves.OPENINGS)))
    def begin(self, opening: str) -> None:
        self.play = Play(self.reached)
        moves.create_all(self.play)
        moves.OPENINGS[opening](self.play)

    def chooser(self, seed: int) -> Seeded:
        """Another one in each step, because hypothesis likes the same seeds."""
        return Seeded(Random(seed * 1_000_003 + len(self.play.history)))

    @rule(seed=SEEDS)
    def anything(self, seed: int) -> None:
        moves.step(self.play, self.chooser(seed))

    @rule(seed=SEEDS)
    def anything_later(self, seed: int) -> None:
        choose = self.chooser(seed)
        guesses_later.wait(self.play, choose)
        moves.step(self.play, choose)

    @rule(seed=SEEDS)
    def trade(self, seed: int) -> None:
        choose = self.chooser(seed)
        moves.act(self.play, choose, choose.pick(moves.TRADING))

    @rule(seed=SEEDS)
    def anything_else(self, seed: int) -> None:
        """Guesses are even here, whatever state the drops are in."""
        choose = self.chooser(seed)
        moves.act(self.play, choose, choose.pick(moves.EVERY))

    def teardown(self) -> None:
        if hasattr(self, "play"):
            self.play.compare(thoroughly=True)


def test_what_a_seat_is_worth_changes_with_time_alone() -> None:
    """Seed 1796028000 ended by waiting, and then the two were asked about different seconds."""
    play = Play(Reached())
    moves.create_all(play)
    moves.OPENINGS["cancelled"](play)
    play.now += 400 * 86_400
    play.compare(thoroughly=True)


@pytest.mark.timeout(PATIENCE)
def test_model_and_contract_agree_after_every_step_of_random_histories(
    capsys: pytest.CaptureFixture[str],
) -> None:
    Histories.reached = Reached()

    run_state_machine_as_test(
        Histories, settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS)
    )

    report("random histories", Histories.reached, capsys)
    done = sum(n for (_, error), n in Histories.reached.outcomes.items() if not error)
    assert 3 < 10 * done / Histories.reached.steps < 8


@pytest.mark.timeout(PATIENCE)
def test_a_fixed_walk_reaches_every_call_refusal_state_and_gate(
    capsys: pytest.CaptureFixture[str],
) -> None:
    reached = walk()

    report("fixed walk", reached, capsys)
    calls = {name for name, _ in reached.outcomes}
    assert calls == {*state_changing_functions(), "receive", "renounceOwnership"}
    assert {name for name in calls if not reached.done(name)} == NEVER_DONE
    assert {name for name in calls if not reached.refused(name)} == NEVER_REFUSED
    assert set(interface_of("Seats").errors) - reached.refusals == set(NEVER_SAID)
    edges = {mark for mark in reached.marks if " -> " in mark}
    assert edges == {edge(was, now) for was, now in EDGES}
    opened = {mark for mark in reached.marks if " opened for " in mark}
    assert opened == {f"{gate.name} opened for {paid}" for gate in Gate for paid in PAID}
    moved = {mark for mark in reached.marks if " moved, in " in mark}
    assert moved == {
        "MARKET_ONLY moved, in coins",
        "MARKET_ONLY moved, in ether",
        "OPEN moved, in coins",
    }


def walk() -> Reached:
    """From each opening to what was not reached yet; then the tour."""
    reached, choose = Reached(), Seeded(Random(4))
    for opening in moves.OPENINGS.values():
        play = Play(reached)
        moves.create_all(play)
        opening(play)
        for step in range(WALK):
            if step % 8 == 7:
                guesses_later.wait(play, choose)
            moves.explore(play, choose, tries=TRIES)
        play.compare(thoroughly=True)
    play = Play(reached)
    moves.create_all(play)
    moves.sell(play)
    tours.tour(play)
    play.compare(thoroughly=True)
    return reached


def state_changing_functions() -> set[str]:
    return {
        str(element["name"])
        for element in load("Seats").abi
        if element["type"] == "function"
        and element.get("stateMutability") in {"payable", "nonpayable"}
    }


def report(what: str, reached: Reached, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        sys.stdout.write(f"\n{what}: {reached.table()}\n")
