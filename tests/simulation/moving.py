"""How the chain of a life moves: it grows, parts, and comes back to what it left.

Owns the tree and the branches that were left. Refuses to say when: a life moves it between two
passes, the node between two questions of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.bindings.interface import interface_of
from tests.integration.indexer.market import Action, is_there
from tests.integration.indexer.simulating import CREATE, DEPLOY, actions
from tests.integration.indexer.tree import Tree

if TYPE_CHECKING:
    from random import Random

    from tests.integration.indexer.tree import Block
    from tests.simulation.faults import Faults

_SOLD: Final = interface_of("Seats").events["SeatSold"].digest
_SAME_SECOND: Final = 0.1


class Chain:
    """A chain of the market's contract, and of the registry of delegations where there is one."""

    def __init__(self, dice: Random, faults: Faults, *, has_registry: bool) -> None:
        self.has_registry = has_registry
        self.is_followed = True
        self.left: list[Block] = []
        self.tree = Tree(safe_depth=2, final_depth=dice.choice([4, 8]))
        self.tree.grow([DEPLOY, CREATE])
        for _ in range(dice.randint(0, 25)):
            self.grows(dice, faults)

    def moves(
        self, dice: Random, faults: Faults, sizes: tuple[int, ...] = (1, 1, 2, 10, 25)
    ) -> None:
        """Move somehow, or not; `faults` counts what came, `sizes` is how far it grows at once."""
        match dice.choice(["grow", "grow", "grow", "reorg", "reorg", "return", "still"]):
            case "grow":
                for _ in range(dice.choice(sizes)):
                    self.grows(dice, faults)
            case "reorg":
                self._reorganise(dice, faults)
            case "return" if self.left:
                tip = self.left.pop()
                final = self.tree.finalized
                if tip.number >= final.number and tip.path()[final.number] is final:
                    self.left.append(self.tree.tip)
                    self.tree.move(tip)
                    faults.came("return")

    def grows(
        self,
        dice: Random,
        faults: Faults,
        parent: Block | None = None,
        mined: list[Action] | None = None,
    ) -> Block:
        """Add a block of new actions, or of these, perhaps in the same second as the one before."""
        after_s = None
        if dice.random() < _SAME_SECOND:
            after_s = 0
            faults.came("equal_times")
        told = self._fresh(dice) if mined is None else mined
        if not is_there((parent or self.tree.tip).market):
            told = [DEPLOY, *told]
        return self.tree.grow(told, parent, after_s)

    def _fresh(self, dice: Random, most: int = 4) -> list[Action]:
        told = actions(dice, most)
        if self.has_registry:
            told += [Action("delegate", dice.randrange(10**9)) for _ in range(dice.randint(0, 2))]
        return told

    def _reorganise(self, dice: Random, faults: Faults) -> None:
        path = self.tree.tip.path()
        deepest = len(path) - 1 - self.tree.finalized.number
        if not deepest:
            return
        depth = dice.randint(1, deepest)
        parent, orphans = path[-1 - depth], path[-depth:]
        style = dice.choice(["again", "again", "emptied", "refilled"])
        # The new branch mines again, elsewhere, some of what the old one held.
        waiting = [one for block in orphans for one in block.actions if dice.random() < 0.7]
        self.left.append(self.tree.tip)
        branch: list[Block] = []
        for _ in range(max(1, depth + dice.choice([-2, -1, 0, 1, 3]))):
            again = [waiting.pop(0) for _ in range(min(len(waiting), dice.randint(0, 3)))]
            fresh = self._fresh(dice, 4 if style == "refilled" else 1)
            mined = [] if style == "emptied" else [*fresh, *again]
            parent = self.grows(dice, faults, parent, mined)
            branch.append(parent)
        faults.came("reorg")
        if style != "again":
            faults.came(style)
        if depth == deepest:
            faults.came("to_final")
        if _sales(orphans) - _sales(branch):
            faults.came("sale_undone")
        if not self.is_followed:
            faults.came("reorg_while_down")


def _sales(blocks: list[Block]) -> set[str]:
    return {log.tx_hash for block in blocks for log in block.logs if log.topics[0] == _SOLD}
