from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct

from tests.unit.marketplace.devnet.driving import ADA, BO, put_code
from tests.unit.marketplace.devnet.programs import ECHO_REVERT

if TYPE_CHECKING:
    from tests.unit.marketplace.devnet.driving import Client

GIFT = {"from": ADA.address, "to": BO.address, "value": "0x5"}


def test_named_accounts_are_given_with_their_keys(client: Client) -> None:
    told = {one["name"]: one for one in client.ask("devnet_accounts")}
    assert Account.from_key(told["ada"]["privateKey"]).address == told["ada"]["address"]
    assert client.ask("eth_accounts") == [one["address"] for one in told.values()]


def test_a_named_account_sends(client: Client) -> None:
    receipt = client.ask("eth_getTransactionReceipt", client.ask("eth_sendTransaction", GIFT))
    assert (receipt["status"], receipt["gasUsed"]) == ("0x1", "0x5208")


def test_a_signed_transaction_can_be_sent_later(client: Client) -> None:
    raw = client.ask("eth_signTransaction", GIFT)["raw"]
    assert client.ask("eth_blockNumber") == "0x0"
    assert client.ask("eth_sendRawTransaction", raw)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"from": "0x" + "77" * 20}, -32000),
        ({"from": None}, -32602),
        ({"chainId": "0x1"}, -32000),
        ({"value": 5}, -32602),
        ({"gasPrice": "0x1", "maxFeePerGas": "0x1"}, -32602),
        ({"data": "0x01", "input": "0x02"}, -32602),
        ({"blobVersionedHashes": []}, -32602),
        ({"nonce": "0x5"}, -32000),
    ],
)
def test_what_cannot_be_sent_is_refused(
    client: Client, changes: dict[str, object], code: int
) -> None:
    assert client.refusal("eth_sendTransaction", GIFT | changes)[0] == code


def test_authorizations_are_not_signed_for_others(client: Client) -> None:
    one = {"chainId": "0x0", "address": BO.address, "nonce": "0x0"}
    one |= {"yParity": "0x0", "r": "0x1", "s": "0x1"}
    code, message = client.refusal("eth_sendTransaction", GIFT | {"authorizationList": [one]})
    assert (code, message[:30]) == (-32000, "transaction type not supported")


def test_a_transaction_that_would_revert_is_refused_with_its_bytes(client: Client) -> None:
    reverter = "0x" + put_code(client.node.chain, ECHO_REVERT).hex()
    wish = {"from": ADA.address, "to": reverter, "data": "0xcf479181"}
    error = client.answer("eth_sendTransaction", wish)["error"]
    assert (error["code"], error["data"]) == (3, "0xcf479181")
    assert client.ask("eth_sendTransaction", wish | {"gas": "0xc350"})


@pytest.mark.parametrize(
    ("method", "params"),
    [
        ("eth_sign", [ADA.address, "0x656e746572"]),
        ("personal_sign", ["0x656e746572", ADA.address]),
        ("personal_sign", ["enter", ADA.address, "password"]),
    ],
)
def test_messages_are_signed_for_named_accounts(
    client: Client, method: str, params: list[str]
) -> None:
    signature = client.ask(method, *params)
    signable = encode_defunct(primitive=b"enter")
    assert Account.recover_message(signable, signature=signature) == ADA.address


def test_typed_data_may_be_an_object_or_its_text(client: Client) -> None:
    message = {
        "types": {"EIP712Domain": [], "Seat": [{"name": "id", "type": "uint256"}]},
        "primaryType": "Seat",
        "domain": {},
        "message": {"id": 1},
    }
    text = '{"types":{"EIP712Domain":[],"Seat":[{"name":"id","type":"uint256"}]},'
    text += '"primaryType":"Seat","domain":{},"message":{"id":1}}'
    assert client.ask("eth_signTypedData_v4", ADA.address, message) == client.ask(
        "eth_signTypedData_v4", ADA.address, text
    )
    assert client.refusal("eth_signTypedData_v4", ADA.address, "{")[0] == -32602


def test_nobody_signs_for_a_stranger(client: Client) -> None:
    assert client.refusal("eth_sign", "0x" + "77" * 20, "0x")[0] == -32000
