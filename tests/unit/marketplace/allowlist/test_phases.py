from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from eth_utils.crypto import keccak
from hypothesis import given
from hypothesis import strategies as st

from marketplace.allowlist.phases import NotOnTheList, PhaseAllowlist, is_authorised, leaf_of
from marketplace.bindings.addresses import checksum_address
from marketplace.domain.ids import PhaseIndex

if TYPE_CHECKING:
    from marketplace.domain.addresses import ChecksumAddress

PHASE, OTHER = PhaseIndex(2), PhaseIndex(3)
accounts = st.binary(min_size=20, max_size=20).map(checksum_address)


@given(listed=st.lists(accounts, min_size=2, max_size=20, unique=True))
def test_exactly_who_is_listed_is_let_in(listed: list[ChecksumAddress]) -> None:
    left_out, rest = listed[0], listed[1:]
    allowlist = PhaseAllowlist(PHASE, rest)
    for account in rest:
        proof = allowlist.authorisation(account)
        assert is_authorised(allowlist.root, PHASE, account, proof)
        assert not is_authorised(allowlist.root, PHASE, left_out, proof)
        assert not is_authorised(allowlist.root, OTHER, account, proof)
    with pytest.raises(NotOnTheList, match=f"{left_out} is not on the allowlist of phase 2"):
        allowlist.authorisation(left_out)


def test_a_leaf_is_hashed_twice_and_names_the_phase() -> None:
    account = checksum_address(b"\xab" * 20)
    inner = (2).to_bytes(32, "big") + bytes(12) + b"\xab" * 20
    assert leaf_of(PHASE, account) == keccak(keccak(inner))
    assert leaf_of(OTHER, account) != leaf_of(PHASE, account)


def test_the_only_account_of_a_list_needs_no_proof() -> None:
    account = checksum_address(b"\x01" * 20)
    allowlist = PhaseAllowlist(PHASE, [account, account])
    assert allowlist.root == leaf_of(PHASE, account)
    assert allowlist.authorisation(account) == b""


def test_bytes_that_are_no_proof_let_nobody_in() -> None:
    account = checksum_address(b"\x01" * 20)
    allowlist = PhaseAllowlist(PHASE, [account])
    assert not is_authorised(allowlist.root, PHASE, account, b"\x01")
    assert not is_authorised(allowlist.root, PHASE, account, bytes(32))


def test_a_list_of_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one leaf"):
        PhaseAllowlist(PHASE, [])
