"""A Merkle tree whose proofs OpenZeppelin's `MerkleProof` verifies.

Owns the shape of OpenZeppelin's `StandardMerkleTree`: the leaves sorted by their hash, from the end
of a complete binary tree, and every pair hashed in the order of its values. Refuses to know what a
leaf says, and trees without leaves.
"""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from eth_utils.crypto import keccak

if TYPE_CHECKING:
    from collections.abc import Iterable


class MerkleTree:
    """A tree over hashes of 32 bytes; each leaf stands in it once."""

    def __init__(self, leaves: Iterable[bytes]) -> None:
        self._leaves = sorted(set(leaves))
        if not self._leaves:
            raise ValueError("A Merkle tree has at least one leaf.")
        inner = len(self._leaves) - 1
        # Node i has the children 2i + 1 and 2i + 2; the leaves stand at the end, in reverse.
        self._nodes = [b""] * inner + self._leaves[::-1]
        for place in reversed(range(inner)):
            self._nodes[place] = hash_pair(self._nodes[2 * place + 1], self._nodes[2 * place + 2])

    @property
    def root(self) -> bytes:
        """The hash that stands for all leaves; 32 bytes."""
        return self._nodes[0]

    def proof(self, leaf: bytes) -> tuple[bytes, ...]:
        """The hashes that lead from a leaf to the root; KeyError when it is not in the tree."""
        rank = bisect_left(self._leaves, leaf)
        if rank == len(self._leaves) or self._leaves[rank] != leaf:
            raise KeyError(leaf)
        place = len(self._nodes) - 1 - rank
        hashes = []
        while place:
            # Children stand at an odd place and the even one behind it.
            hashes.append(self._nodes[place + 1 if place % 2 else place - 1])
            place = (place - 1) // 2
        return tuple(hashes)


def hash_pair(one: bytes, other: bytes) -> bytes:
    """The hash of two nodes, whichever stands where."""
    return keccak(min(one, other) + max(one, other))


def root_of_proof(leaf: bytes, proof: Iterable[bytes]) -> bytes:
    """Where a proof leads to from a leaf."""
    node = leaf
    for sibling in proof:
        node = hash_pair(node, sibling)
    return node
