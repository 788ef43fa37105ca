"""The allowlist of one phase.

Owns the leaf, as `contracts/libraries/Admission.sol` hashes it, the root that is the phase's gate
data, and the proof as `mint` takes it. A leaf names the phase and no drop: the root is a term of
its drop. Refuses limits: how many seats an account may mint is the phase's `wallet_limit`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from eth_abi.abi import encode as encode_abi
from eth_utils.crypto import keccak

from marketplace.allowlist.merkle import MerkleTree, root_of_proof
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import PhaseIndex


@typed_error
class NotOnTheList(RuleViolated):
    """An account has no proof, because it is not listed."""

    code = "not_on_the_list"

    phase: PhaseIndex
    account: ChecksumAddress

    def _sentence(self) -> str:
        return (
            f"{self.account} is not on the allowlist of phase {self.phase}: use the account that "
            "was listed, or wait for a later phase."
        )


class PhaseAllowlist:
    """Who may mint in one phase.

    Attributes:
        phase: The phase's place in its drop.
        accounts: Who is listed, each once.
    """

    def __init__(self, phase: PhaseIndex, accounts: Iterable[ChecksumAddress]) -> None:
        """List accounts; ValueError when there are none."""
        self.phase = phase
        self.accounts = frozenset(accounts)
        self._tree = MerkleTree(leaf_of(phase, account) for account in self.accounts)

    @property
    def root(self) -> bytes:
        """The gate data of the phase; 32 bytes."""
        return self._tree.root

    def authorisation(self, account: ChecksumAddress) -> bytes:
        """The proof, hash after hash, as `mint` takes it from this account.

        Empty for the only account of a list. Raises NotOnTheList.
        """
        if account not in self.accounts:
            raise NotOnTheList(self.phase, account)
        return b"".join(self._tree.proof(leaf_of(self.phase, account)))


def leaf_of(phase: PhaseIndex, account: ChecksumAddress) -> bytes:
    """The hash that says that an account may mint in a phase.

    Hashed twice, so that no inner node of a tree can pass for a leaf.
    """
    return keccak(keccak(encode_abi(["uint256", "address"], [phase, account])))


def is_authorised(
    root: bytes, phase: PhaseIndex, account: ChecksumAddress, authorisation: bytes
) -> bool:
    """Whether the contract would let an account in with these bytes."""
    step = 32
    if len(authorisation) % step:
        return False
    proof = [authorisation[at : at + step] for at in range(0, len(authorisation), step)]
    return root_of_proof(leaf_of(phase, account), proof) == root
