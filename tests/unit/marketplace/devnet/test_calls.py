from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from eth_typing import Address

from marketplace.devnet.calls import AccountOverride, BlockOverride, CallRequest, Overrides
from marketplace.devnet.errors import ExecutionReverted, Rejected
from marketplace.devnet.wallet import transact
from tests.unit.marketplace.devnet.driving import ADA, BO, ELSEWHERE, deploy, put_code, signed
from tests.unit.marketplace.devnet.programs import (
    ECHO,
    ECHO_REVERT,
    ENDLESS,
    LOAD,
    ONCE,
    STORE,
    SURROUNDINGS,
    creation_of,
    word,
)

if TYPE_CHECKING:
    from marketplace.devnet.chain import DevChain

PENNILESS = Address(b"\x99" * 20)


def seen_by(chain: DevChain, request: CallRequest, overrides: Overrides | None = None) -> list[int]:
    """Chain id, base fee, gas price, timestamp, number, caller and value that a contract sees."""
    request = replace(request, to=put_code(chain, SURROUNDINGS))
    output = chain.call(request, overrides=overrides or Overrides())
    return [int.from_bytes(output[start : start + 32], "big") for start in range(0, 7 * 32, 32)]


def test_anybody_calls_for_free(chain: DevChain) -> None:
    _, base_fee, gas_price, *_, caller, _ = seen_by(chain, CallRequest(sender=PENNILESS))
    assert (base_fee, gas_price, caller.to_bytes(20, "big")) == (0, 0, PENNILESS)


def test_a_call_that_offers_a_fee_sees_it_and_must_be_able_to_pay(chain: DevChain) -> None:
    offer = CallRequest(
        sender=ADA.octets, gas=100_000, max_fee_per_gas=3 * 10**9, max_priority_fee_per_gas=10**9
    )
    _, base_fee, gas_price, *_ = seen_by(chain, offer)
    assert gas_price == base_fee + 10**9
    with pytest.raises(Rejected, match="insufficient funds"):
        seen_by(chain, replace(offer, sender=PENNILESS))


def test_value_is_honoured_and_must_be_owned(chain: DevChain) -> None:
    assert seen_by(chain, CallRequest(sender=ADA.octets, value=7))[6] == 7
    with pytest.raises(Rejected, match="insufficient funds for gas"):
        seen_by(chain, CallRequest(sender=PENNILESS, value=7))


def test_a_call_sees_the_block_it_is_asked_at(chain: DevChain) -> None:
    watcher = deploy(chain, SURROUNDINGS)
    chain.mine(3)
    for number in (1, 3):
        output = chain.call(CallRequest(to=watcher), number)
        asked = chain.canon.at(number)
        assert asked is not None
        assert output[3 * 32 : 5 * 32] == word(asked.timestamp) + word(number)
    output = chain.call(CallRequest(to=watcher), "pending")
    assert output[4 * 32 : 5 * 32] == word(chain.head.number + 1)


def test_an_unknown_block_is_an_error(chain: DevChain) -> None:
    with pytest.raises(Rejected, match="header not found"):
        chain.call(CallRequest(), 5)


@pytest.mark.parametrize("output", [b"", b"\x01", bytes.fromhex("cf479181") + word(5) + word(7)])
def test_revert_bytes_arrive_exactly(chain: DevChain, output: bytes) -> None:
    reverter = put_code(chain, ECHO_REVERT)
    for ask in (chain.call, chain.estimate_gas):
        with pytest.raises(ExecutionReverted) as reverted:
            ask(CallRequest(to=reverter, data=output))
        assert reverted.value.output == output
        assert reverted.value.data == "0x" + output.hex()


def test_a_call_changes_nothing(chain: DevChain) -> None:
    store = put_code(chain, STORE)
    chain.call(CallRequest(to=store, data=word(1) + word(2)))
    assert chain.state().get_storage(store, 1) == 0


def test_creation_gives_the_code_that_would_be_deployed(chain: DevChain) -> None:
    assert chain.call(CallRequest(data=creation_of(ECHO))) == ECHO


def test_running_out_of_gas_is_no_revert(chain: DevChain) -> None:
    endless = put_code(chain, ENDLESS)
    with pytest.raises(Rejected, match="out of gas"):
        chain.call(CallRequest(to=endless, gas=100_000))


def test_more_gas_than_a_block_holds_is_not_given(chain: DevChain) -> None:
    # Returns GAS.
    meter = put_code(chain, bytes.fromhex("5a5f5260205ff3"))
    left = int.from_bytes(chain.call(CallRequest(to=meter, gas=2**60)), "big")
    assert left < chain.settings.block_gas_limit


def test_overrides_lend_balance_nonce_code_and_storage(chain: DevChain) -> None:
    put_code(chain, STORE)
    lent = AccountOverride(balance=9, nonce=4, code=LOAD, storage={1: 11})
    request = CallRequest(sender=ELSEWHERE, to=ELSEWHERE, value=9, data=word(1))
    assert chain.call(request, overrides=Overrides({ELSEWHERE: lent})) == word(11)
    assert chain.state().get_code(ELSEWHERE) == STORE


@pytest.mark.parametrize(
    ("override", "kept", "changed"),
    [
        (AccountOverride(code=LOAD, storage={2: 22}), 0, 22),
        (AccountOverride(code=LOAD, storage_changes={2: 22}), 5, 22),
    ],
)
def test_state_replaces_the_storage_and_state_diff_only_slots(
    chain: DevChain, override: AccountOverride, kept: int, changed: int
) -> None:
    chain.edit(lambda state: state.set_storage(ELSEWHERE, 1, 5))
    put_code(chain, LOAD)
    overrides = Overrides({ELSEWHERE: override})
    seen = [
        chain.call(CallRequest(to=ELSEWHERE, data=word(slot)), overrides=overrides)
        for slot in (1, 2)
    ]
    assert seen == [word(kept), word(changed)]


def test_block_overrides_move_time_and_number(chain: DevChain) -> None:
    pretended = Overrides(block=BlockOverride(timestamp=1_900_000_000, number=99))
    assert seen_by(chain, CallRequest(), pretended)[3:5] == [1_900_000_000, 99]


def test_a_transfer_is_estimated_to_the_unit(chain: DevChain) -> None:
    assert chain.estimate_gas(CallRequest(sender=ADA.octets, to=BO.octets, value=1)) == 21_000


@pytest.mark.parametrize("program", [STORE, ECHO, SURROUNDINGS])
def test_an_estimate_suffices_and_is_close(chain: DevChain, program: bytes) -> None:
    target = put_code(chain, program)
    data = word(1) + word(2)
    estimate = chain.estimate_gas(CallRequest(sender=ADA.octets, to=target, data=data))
    mined = transact(chain, ADA, to=target, data=data, gas=estimate)
    assert mined.succeeded
    assert estimate <= mined.gas_used * 65 // 64 + 2_300


def test_each_attempt_of_an_estimate_starts_afresh(chain: DevChain) -> None:
    once = put_code(chain, ONCE)
    estimate = chain.estimate_gas(CallRequest(sender=ADA.octets, to=once))
    mined = transact(chain, ADA, to=once, gas=estimate)
    assert mined.succeeded
    assert estimate <= mined.gas_used * 65 // 64 + 2_300


def test_lent_storage_costs_what_real_storage_costs(chain: DevChain) -> None:
    store = put_code(chain, STORE)
    request = CallRequest(sender=ADA.octets, to=store, data=word(1) + word(7))
    lent = Overrides({store: AccountOverride(storage_changes={1: 5})})
    estimate = chain.estimate_gas(request, overrides=lent)
    chain.edit(lambda state: state.set_storage(store, 1, 5))
    assert estimate == chain.estimate_gas(request)


def test_a_deployment_is_estimated_so_that_it_succeeds(chain: DevChain) -> None:
    creation = creation_of(SURROUNDINGS)
    estimate = chain.estimate_gas(CallRequest(sender=ADA.octets, data=creation))
    assert transact(chain, ADA, data=creation, gas=estimate).succeeded


def test_an_estimate_stays_within_what_the_sender_can_pay(chain: DevChain) -> None:
    poor = Overrides({PENNILESS: AccountOverride(balance=20_000 * 10**9)})
    request = CallRequest(sender=PENNILESS, to=BO.octets, max_fee_per_gas=10**9)
    with pytest.raises(Rejected):
        chain.estimate_gas(request, overrides=poor)


def test_an_estimate_without_a_block_sees_the_next_one(chain: DevChain) -> None:
    chain.set_automine(on=False)
    chain.send_raw(signed(to=PENNILESS, value=50))
    request = CallRequest(sender=PENNILESS, to=BO.octets, value=50)
    assert chain.estimate_gas(request) == 21_000
    with pytest.raises(Rejected, match="insufficient funds"):
        chain.estimate_gas(request, "latest")
