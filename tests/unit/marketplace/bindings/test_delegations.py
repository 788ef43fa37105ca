from __future__ import annotations

from dataclasses import replace

import pytest
from eth_abi.abi import encode

from marketplace.bindings.delegations import CANONICAL, RightsTooLong, rights_word
from marketplace.bindings.events.delegations import DelegateERC721
from marketplace.bindings.interface import interface_of
from marketplace.bindings.logs import (
    DELEGATIONS,
    LogUnknown,
    decode_delegation,
    decode_log,
    delegation_classes,
    event_classes,
)
from marketplace.bindings.transactions import RawLog
from marketplace.domain.addresses import ChecksumAddress
from tests.unit.marketplace.bindings.parity import differences

EVENTS = interface_of(DELEGATIONS).events
ADA = ChecksumAddress("0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC")
BO = ChecksumAddress("0x90F79bf6EB2c4f870365E785982E1f101E93b906")
SEATS = ChecksumAddress("0x5FbDB2315678afecb367f032d93F642f64180aa3")
GIVEN = RawLog(
    address=ChecksumAddress(CANONICAL),
    topics=(
        EVENTS["DelegateERC721"].digest,
        *(int(one, 16).to_bytes(32, "big") for one in (ADA, BO, SEATS)),
    ),
    data=encode(["uint256", "bytes32", "bool"], [7, b"view".ljust(32, b"\0"), True]),
    block_number=5,
    block_hash=b"b" * 32,
    transaction_hash=b"t" * 32,
    log_index=3,
)


@pytest.mark.parametrize("name", sorted(EVENTS))
def test_every_event_has_a_class_with_its_fields(name: str) -> None:
    assert differences(delegation_classes()[name], EVENTS[name]) == []


def test_no_class_stands_for_an_event_that_there_is_not() -> None:
    assert set(delegation_classes()) == set(EVENTS)
    assert not set(delegation_classes()) & set(event_classes())


# As published for the registry at its canonical address: the topics of its logs on every chain.
@pytest.mark.parametrize(
    ("name", "signature"),
    [
        ("DelegateAll", "DelegateAll(address,address,bytes32,bool)"),
        ("DelegateContract", "DelegateContract(address,address,address,bytes32,bool)"),
        ("DelegateERC721", "DelegateERC721(address,address,address,uint256,bytes32,bool)"),
        ("DelegateERC20", "DelegateERC20(address,address,address,bytes32,uint256)"),
        ("DelegateERC1155", "DelegateERC1155(address,address,address,uint256,bytes32,uint256)"),
    ],
)
def test_events_are_those_of_the_registry_on_public_chains(name: str, signature: str) -> None:
    entry = EVENTS[name]
    assert f"{name}({','.join(one.type for one in entry.inputs)})" == signature
    indexed = [one.name for one in entry.inputs if one.indexed]
    assert indexed == ["from", "to", "contract_"][: 2 if name == "DelegateAll" else 3]


def test_a_log_becomes_its_delegation() -> None:
    wanted = DelegateERC721(ADA, BO, SEATS, 7, b"view".ljust(32, b"\0"), enable=True)
    assert decode_delegation(GIVEN) == wanted


def test_neither_contract_is_read_as_the_other() -> None:
    with pytest.raises(LogUnknown):
        decode_log(GIVEN)
    transfer = interface_of("Seats").events["Transfer"].digest
    with pytest.raises(LogUnknown):
        decode_delegation(replace(GIVEN, topics=(transfer, *GIVEN.topics[1:])))


def test_a_right_is_written_as_solidity_writes_it() -> None:
    assert rights_word("") == bytes(32)
    assert rights_word("attend") == b"attend" + bytes(26)
    assert rights_word("r" * 32) == b"r" * 32
    with pytest.raises(RightsTooLong, match="33"):
        rights_word("ü" * 16 + "r")
