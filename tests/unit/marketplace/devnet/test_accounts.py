from __future__ import annotations

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct, encode_typed_data

from marketplace.devnet.accounts import NAMES, account_at, account_named, named_accounts
from marketplace.devnet.errors import InvalidParams, Rejected
from tests.unit.marketplace.devnet.driving import ADA, ELSEWHERE

MAIL = {
    "types": {
        "EIP712Domain": [
            {"name": "name", "type": "string"},
            {"name": "chainId", "type": "uint256"},
        ],
        "Seat": [{"name": "id", "type": "uint256"}],
    },
    "primaryType": "Seat",
    "domain": {"name": "Seatmarket", "chainId": 31337},
    "message": {"id": 7200013},
}


def test_accounts_are_those_that_every_tool_derives_from_the_public_mnemonic() -> None:
    addresses = [account.address for account in named_accounts()]
    assert addresses[:3] == [
        "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266",
        "0x70997970C51812dc3A010C7d01b50e0d17dc79C8",
        "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC",
    ]


def test_every_name_has_an_account_of_its_own() -> None:
    assert len({account_named(name).address for name in NAMES}) == len(NAMES)


def test_nobody_is_called_so() -> None:
    with pytest.raises(KeyError):
        account_named("mallory")


def test_there_is_no_key_for_a_stranger() -> None:
    with pytest.raises(Rejected, match="unknown account"):
        account_at(ELSEWHERE)


def test_a_signed_message_recovers_to_its_account() -> None:
    signature = ADA.sign_message(b"enter")
    signable = encode_defunct(primitive=b"enter")
    assert Account.recover_message(signable, signature=signature) == ADA.address


def test_signed_typed_data_recovers_to_its_account() -> None:
    signature = ADA.sign_typed_data(MAIL)
    signable = encode_typed_data(full_message=MAIL)
    assert Account.recover_message(signable, signature=signature) == ADA.address


@pytest.mark.parametrize(
    "wrong",
    [
        {"domain": []},
        {"types": 5},
        {"types": {"Seat": [{"name": "id", "type": "Seat"}]}},
        {"message": {"id": -1}},
        {"message": {"id": "many"}},
    ],
)
def test_malformed_typed_data_is_the_callers_mistake(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidParams):
        ADA.sign_typed_data(MAIL | wrong)


@pytest.mark.parametrize("missing", ["types", "primaryType", "domain", "message"])
def test_incomplete_typed_data_is_the_callers_mistake(missing: str) -> None:
    with pytest.raises(InvalidParams):
        ADA.sign_typed_data({name: part for name, part in MAIL.items() if name != missing})
