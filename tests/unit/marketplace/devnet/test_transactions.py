from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from eth_account import Account
from eth_typing import Address

from marketplace.devnet.chain import DevChain
from marketplace.devnet.errors import InvalidParams, Rejected
from marketplace.devnet.settings import DevnetSettings
from tests.unit.marketplace.devnet.driving import ADA, BO, START, Clock, put_code, signed
from tests.unit.marketplace.devnet.programs import ECHO

if TYPE_CHECKING:
    from collections.abc import Mapping

ORDER = 0xFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEBAAEDCE6AF48A03BBFD25E8CD0364141


@pytest.mark.parametrize(
    ("changes", "beginning"),
    [
        ({"chainId": 1}, "invalid chain id for signer: have 1 want 31337"),
        (
            {"chainId": 1, "type": None, "gasPrice": 10**10}
            | {"maxFeePerGas": None, "maxPriorityFeePerGas": None},
            "invalid chain id for signer: have 1 want 31337",
        ),
        (
            {"chainId": None, "type": None, "gasPrice": 10**10}
            | {"maxFeePerGas": None, "maxPriorityFeePerGas": None},
            "only replay-protected (EIP-155) transactions allowed over RPC",
        ),
        ({"nonce": 1}, "nonce too high: next nonce 0, tx nonce 1; transactions are not queued"),
        ({"value": 10_001 * 10**18}, "insufficient funds for gas * price + value: balance"),
        ({"gas": 20_999}, "intrinsic gas too low: gas 20999, minimum needed 21000"),
        ({"gas": 30_000_001}, "exceeds block gas limit"),
        ({"maxFeePerGas": 1, "maxPriorityFeePerGas": 1}, "max fee per gas less than block base"),
        ({"maxPriorityFeePerGas": 4 * 10**9}, "max priority fee per gas higher than max fee per"),
        (
            {"to": None, "data": b"\x00" * 49_153, "gas": 10**7},
            "max initcode size exceeded: code size 49153 limit 49152",
        ),
        ({"data": b"\x01" * 140_000, "gas": 10**7}, "oversized data"),
    ],
)
def test_a_refusal_begins_with_the_words_of_other_nodes(
    chain: DevChain, changes: Mapping[str, object], beginning: str
) -> None:
    with pytest.raises(Rejected) as refused:
        chain.send_raw(signed(**changes))
    assert refused.value.message.startswith(beginning)
    assert chain.head.number == 0


def test_a_used_nonce_is_too_low(chain: DevChain) -> None:
    chain.send_raw(signed())
    with pytest.raises(Rejected, match="nonce too low: next nonce 1, tx nonce 0"):
        chain.send_raw(signed(value=2))


def test_the_floor_of_eip_7623_counts_on_prague_only(clock: Clock) -> None:
    data = b"\x01" * 1_000
    raw = signed(data=data, gas=21_000 + 16 * 1_000)
    assert DevChain(DevnetSettings(fork="cancun"), clock).send_raw(raw)
    with pytest.raises(Rejected, match="intrinsic gas too low: gas 37000, minimum needed 61000"):
        DevChain(DevnetSettings(fork="prague"), clock).send_raw(raw)


def test_init_code_is_paid_by_the_word_before_it_runs(chain: DevChain) -> None:
    creation = b"\x00" * 3_200
    least = 53_000 + 4 * 3_200 + 2 * 100
    with pytest.raises(Rejected, match=f"minimum needed {least}"):
        chain.send_raw(signed(to=None, data=creation, gas=least - 1))


def test_a_blob_transaction_is_refused_by_name(chain: DevChain) -> None:
    with pytest.raises(Rejected, match="transaction type not supported: this chain carries no"):
        chain.send_raw(b"\x03" + b"\x00" * 40)


@pytest.mark.parametrize("raw", [b"", b"\x02", b"\xc0", b"\x02\xc0", b"\xf8\xff", b"\x01" * 90])
def test_bytes_that_are_no_transaction_are_refused(chain: DevChain, raw: bytes) -> None:
    with pytest.raises(InvalidParams):
        chain.send_raw(raw)


@pytest.mark.parametrize("kind", [0, 5, 0x7F])
def test_an_unknown_type_is_refused(chain: DevChain, kind: int) -> None:
    with pytest.raises((Rejected, InvalidParams)):
        chain.send_raw(bytes([kind]) + signed()[1:])


def test_a_signature_in_the_upper_half_is_refused(chain: DevChain) -> None:
    transaction = chain.decode(signed())
    flipped = transaction.copy(s=ORDER - transaction.s, y_parity=1 - transaction.y_parity)
    with pytest.raises(Rejected, match="invalid sender"):
        chain.send_raw(bytes(flipped.encode()))


def test_an_account_with_code_sends_nothing(chain: DevChain) -> None:
    put_code(chain, ECHO, ADA.octets)
    with pytest.raises(Rejected, match="sender not an eoa"):
        chain.send_raw(signed())


def test_an_account_that_delegates_still_sends(chain: DevChain) -> None:
    put_code(chain, bytes.fromhex("ef0100") + BO.octets, ADA.octets)
    assert chain.send_raw(signed())


def authorized(**changes: object) -> bytes:
    authorization = Account.sign_authorization(
        {"chainId": 31337, "address": "0x" + "77" * 20, "nonce": 0}, BO.signer.key
    )
    return signed(type=4, gas=100_000, authorizationList=[authorization], **changes)


def test_an_authorization_makes_an_account_delegate(chain: DevChain) -> None:
    chain.send_raw(authorized())
    assert chain.state().get_code(BO.octets) == bytes.fromhex("ef0100" + "77" * 20)


def test_cancun_refuses_authorizations(clock: Clock) -> None:
    with pytest.raises(Rejected, match="EIP-7702 needs the prague fork"):
        DevChain(DevnetSettings(fork="cancun"), clock).send_raw(authorized())


def test_old_and_access_list_transactions_are_mined(chain: DevChain) -> None:
    without_tip = {"maxFeePerGas": None, "maxPriorityFeePerGas": None, "gasPrice": 3 * 10**9}
    chain.send_raw(signed(0, type=None, **without_tip))
    entry = {"address": "0x" + "77" * 20, "storageKeys": ["0x" + "00" * 32]}
    chain.send_raw(signed(1, type=1, gas=30_000, accessList=[entry], **without_tip))
    assert chain.state().get_balance(BO.octets) == 10_000 * 10**18 + 2
    listed = chain.head.transactions[0].transaction.access_list
    assert [(bytes(address), list(slots)) for address, slots in listed] == [(b"\x77" * 20, [0])]


def test_a_contract_may_have_24576_bytes_and_not_one_more(clock: Clock) -> None:
    chain = DevChain(DevnetSettings(), Clock(START))
    for size, kept in ((24_576, True), (24_577, False)):
        # Returns that many zero bytes as the new contract's code.
        creation = bytes.fromhex("61") + size.to_bytes(2, "big") + bytes.fromhex("5ff3")
        nonce = chain.state().get_nonce(ADA.octets)
        chain.send_raw(signed(nonce, to=None, data=creation, gas=10**7, value=0))
        mined = chain.head.transactions[0]
        assert mined.succeeded is kept
        assert mined.contract_address is not None
        assert len(chain.state().get_code(Address(mined.contract_address))) == size * kept
    assert clock.second == START
