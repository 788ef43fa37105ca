from __future__ import annotations

import pytest
from eth_abi.abi import encode
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from marketplace.allowlist.merkle import MerkleTree, hash_pair, root_of_proof

hashes = st.binary(min_size=32, max_size=32)


def standard_leaf(account: str, amount: int) -> bytes:
    """A leaf as OpenZeppelin's library makes it of an address and a uint256."""
    return keccak(keccak(encode(["address", "uint256"], [account, amount])))


def test_the_root_is_that_of_openzeppelins_own_example() -> None:
    # The two values and the root that the README of @openzeppelin/merkle-tree shows.
    values = [
        ("0x1111111111111111111111111111111111111111", 5_000_000_000_000_000_000),
        ("0x2222222222222222222222222222222222222222", 2_500_000_000_000_000_000),
    ]
    tree = MerkleTree(standard_leaf(*value) for value in values)
    assert tree.root.hex() == "d4dee0beab2d53f2cc83e567171bd2820e49898130a22622b10ead383e90bd77"
    assert [one.hex() for one in tree.proof(standard_leaf(*values[0]))] == [
        "b92c48e9d7abe27fd8dfd6b5dfdbfb1c9a463f80c712b66f3a5180a090cccafc"
    ]


@given(leaves=st.lists(hashes, min_size=1, max_size=40, unique=True), data=st.data())
def test_every_leaf_is_led_to_the_root(leaves: list[bytes], data: st.DataObject) -> None:
    tree = MerkleTree(leaves)
    leaf = data.draw(st.sampled_from(leaves))
    assert root_of_proof(leaf, tree.proof(leaf)) == tree.root
    assert len(tree.proof(leaf)) <= len(leaves).bit_length()


@given(leaves=st.lists(hashes, min_size=1, max_size=20, unique=True), data=st.data())
def test_the_order_of_the_leaves_does_not_matter(leaves: list[bytes], data: st.DataObject) -> None:
    assert MerkleTree(data.draw(st.permutations(leaves))).root == MerkleTree(leaves).root


@given(leaves=st.lists(hashes, min_size=2, max_size=20, unique=True))
def test_a_leaf_that_is_left_out_has_no_proof(leaves: list[bytes]) -> None:
    with pytest.raises(KeyError):
        MerkleTree(leaves[1:]).proof(leaves[0])


def test_a_tree_of_one_leaf_is_the_leaf() -> None:
    leaf = keccak(b"one")
    tree = MerkleTree([leaf, leaf])
    assert tree.root == leaf
    assert tree.proof(leaf) == ()


def test_a_tree_without_leaves_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one leaf"):
        MerkleTree([])


def test_a_pair_is_hashed_the_same_way_round() -> None:
    one, other = keccak(b"one"), keccak(b"other")
    assert hash_pair(one, other) == hash_pair(other, one) != hash_pair(one, one)
