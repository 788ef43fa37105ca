"""What counts as a wallet's yes, over a node that says what a test tells it."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, cast

import pytest
from eth_abi.abi import encode
from hypothesis import given
from hypothesis import strategies as st

from api.auth.errors import WalletUnanswered
from api.auth.wallets import LAST_RESERVED, Proof, Refusal, refusal_of, refusal_of_order
from api.node_turns import SILENCE_S, Asked, NodeTurns
from marketplace.bindings.node import NodeRefused, NodeUnreachable
from marketplace.bindings.reverts import NotOwner
from marketplace.chain.heads import Head
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.ids import SeatId
from marketplace.orders.messages import WALLET_GAS
from scripts.toolchain.project import REPOSITORY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from api.chain import Chain
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.errors import ChainUnavailable

ACCOUNT = ChecksumAddress("0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0")
MARKET = ChecksumAddress("0x00000000000000000000000000000000DeaDBeef")
DIGEST = bytes(range(32))
YES = bytes.fromhex("1626ba7e") + bytes(28)
SUFFIX = bytes.fromhex("6492" * 16)
GAS = 200_000
BLOCK = b"\x07" * 32


@dataclass
class ToldChain:
    """A node that answers as it is told, and notes what it was asked."""

    code_there: bytes = b"\x60"
    answer: bytes | Exception = YES
    timeout_s: float = 3
    asked: list[tuple[PreparedTransaction, bytes, int]] = field(default_factory=list)
    senders: list[ChecksumAddress | None] = field(default_factory=list)
    in_turn: bool = False
    answers_otherwise: bool = True
    now: float = 0

    def __post_init__(self) -> None:
        self.turns = NodeTurns(self.timeout_s, lambda: self.now)

    @contextmanager
    def strangers_turn(self, asked: Asked) -> Iterator[None]:
        with self.turns.of_stranger(asked):
            self.in_turn = True
            yield
        self.in_turn = False

    def note_silence(self, asked: Asked) -> None:
        assert self.in_turn
        self.turns.note_silence(asked)

    def head(self) -> Head:
        return Head(7, BLOCK, datetime(2027, 3, 1, tzinfo=UTC))

    def code(self, account: ChecksumAddress, block_hash: bytes) -> bytes:
        assert (account, block_hash) == (ACCOUNT, BLOCK)
        if self.asked and not self.answers_otherwise:
            raise NodeUnreachable("timed out")
        return self.code_there

    def ask(
        self,
        question: PreparedTransaction,
        block_hash: bytes,
        gas: int,
        sender: ChecksumAddress | None = None,
    ) -> bytes:
        assert self.in_turn
        self.asked.append((question, block_hash, gas))
        self.senders.append(sender)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def order_judged(
    chain: ToldChain, signature: bytes = b"", account: ChecksumAddress = ACCOUNT
) -> Refusal | None:
    return refusal_of_order(cast("Chain", chain), MARKET, account, Proof(DIGEST, signature))


def judged(chain: ToldChain, signature: bytes = b"", *, accepted: bool = False) -> Refusal | None:
    proof = Proof(DIGEST, signature, accepted)
    return refusal_of(cast("Chain", chain), ACCOUNT, proof, GAS)


def test_everything_is_asked_of_one_block_with_so_much_gas() -> None:
    chain = ToldChain()
    assert judged(chain, b"\x01\x02") is None
    ((question, block, gas),) = chain.asked
    assert (question.to, question.value, block, gas) == (ACCOUNT, 0, BLOCK, GAS)
    selector, arguments = question.data[:4], question.data[4:]
    assert selector.hex() == "1626ba7e"
    assert arguments == encode(["bytes32", "bytes"], [DIGEST, b"\x01\x02"])


@pytest.mark.parametrize(
    "answer", [b"", YES[:4], YES[:31], YES + b"\0", YES * 2, bytes(32), b"\x01"]
)
def test_only_the_magic_value_in_a_word_is_a_yes(answer: bytes) -> None:
    assert judged(ToldChain(answer=answer)) is Refusal.SAYS_NO


@pytest.mark.parametrize("answer", [b"", YES, b"\x00", b"\x01\x01", (1).to_bytes(32)])
def test_only_one_byte_is_the_validators_yes(answer: bytes) -> None:
    chain = ToldChain(code_there=b"", answer=answer)
    assert judged(chain, SUFFIX) is Refusal.SAYS_NO


def test_only_a_wallet_that_is_not_there_is_made_first() -> None:
    wrapped = encode(["address", "bytes", "bytes"], [ACCOUNT, b"make", b"inner"]) + SUFFIX
    absent, there = ToldChain(code_there=b"", answer=b"\x01"), ToldChain()
    assert judged(absent, wrapped) is None
    assert judged(there, wrapped) is None
    assert absent.asked[0][0].to is None
    assert absent.asked[0][0].data.endswith(
        encode(["address", "bytes32", "bytes"], [ACCOUNT, DIGEST, wrapped])
    )
    assert there.asked[0][0].data[4:] == encode(["bytes32", "bytes"], [DIGEST, b"inner"])


@given(st.binary(max_size=300))
def test_nothing_before_the_mark_breaks_anything(before: bytes) -> None:
    chain = ToldChain()
    found = judged(chain, before + SUFFIX)
    assert found is (None if chain.asked else Refusal.MALFORMED)


@pytest.mark.parametrize("offset", [96, 2**255, 2**256 - 1])
def test_an_offset_that_leads_anywhere_breaks_nothing(offset: int) -> None:
    words = [bytes(32), offset.to_bytes(32), offset.to_bytes(32), (2**256 - 1).to_bytes(32)]
    assert judged(ToldChain(), b"".join(words) + SUFFIX) is Refusal.MALFORMED


@pytest.mark.parametrize("error", [NodeUnreachable("timed out"), NodeRefused("out of gas", -32000)])
def test_a_question_without_an_answer_is_no_denial(error: ChainUnavailable) -> None:
    with pytest.raises(WalletUnanswered, match="200000 gas and 3 seconds"):
        judged(ToldChain(answer=error))


def test_of_an_order_a_wallet_is_asked_by_the_market_with_its_gas_as_it_is() -> None:
    chain, wrapped = ToldChain(), b"\x01\x00" + SUFFIX
    assert order_judged(chain, wrapped) is None
    ((question, block, gas),) = chain.asked
    assert (question.to, question.value, block) == (ACCOUNT, 0, BLOCK)
    assert question.data[4:] == encode(["bytes32", "bytes"], [DIGEST, wrapped])
    # What a transaction pays for its data is no part of what the wallet has.
    zeros = question.data.count(0)
    assert gas == 300_000 + 21_000 + 4 * zeros + 16 * (len(question.data) - zeros)
    assert chain.senders == [MARKET]


def test_the_gas_of_an_order_is_the_contracts() -> None:
    source = (REPOSITORY.root / "contracts/libraries/Signatures.sol").read_text(encoding="utf-8")
    assert f"WALLET_GAS = {WALLET_GAS:_};" in source


@pytest.mark.parametrize("answer", [YES, YES + b"\0", YES * 2])
def test_of_an_order_the_first_word_counts_as_it_does_for_the_contract(answer: bytes) -> None:
    assert order_judged(ToldChain(answer=answer)) is None


@pytest.mark.parametrize("answer", [b"", YES[:4], YES[:31], bytes(32) + YES])
def test_of_an_order_nothing_less_is_a_yes(answer: bytes) -> None:
    assert order_judged(ToldChain(answer=answer)) is Refusal.SAYS_NO


def test_the_market_makes_no_wallet_that_is_not_there() -> None:
    chain = ToldChain(code_there=b"", answer=b"\x01")
    assert order_judged(chain, SUFFIX) is Refusal.NOT_DEPLOYED
    assert order_judged(chain, b"\x01") is Refusal.NO_CONTRACT
    reserved = ChecksumAddress(f"0x{LAST_RESERVED:040x}")
    assert order_judged(chain, account=reserved) is Refusal.RESERVED
    assert chain.asked == []


def test_an_order_whose_wallet_does_not_answer_is_not_refused() -> None:
    with pytest.raises(WalletUnanswered, match="300000 gas and 3 seconds"):
        order_judged(ToldChain(answer=NodeRefused("out of gas", -32000)))
    reverted = ToldChain(answer=NotOwner(SeatId(1), ACCOUNT, ACCOUNT))
    assert order_judged(reverted) is Refusal.REVERTED


@pytest.mark.parametrize("accepted", [False, True])
def test_a_question_without_an_answer_is_not_asked_again_for_some_seconds(
    *, accepted: bool
) -> None:
    chain = ToldChain(answer=NodeRefused("out of gas", -32000))
    for chain.now in (0, SILENCE_S - 0.1):
        with pytest.raises(WalletUnanswered, match="200000 gas and 3 seconds"):
            judged(chain, b"\x01", accepted=accepted)
    assert len(chain.asked) == 1
    chain.answer = YES
    # What somebody else shows to the wallet is another question, and so is what it has accepted.
    assert judged(chain, b"\x02", accepted=accepted) is None
    assert judged(chain, b"\x01", accepted=not accepted) is None
    with pytest.raises(WalletUnanswered):
        judged(chain, b"\x01", accepted=accepted)
    chain.now, chain.answer = SILENCE_S, bytes(32)
    assert judged(chain, b"\x01", accepted=accepted) is Refusal.SAYS_NO
    assert judged(chain, b"\x01", accepted=accepted) is Refusal.SAYS_NO
    chain.answer = YES
    assert judged(chain, b"\x01", accepted=accepted) is None


def test_an_order_without_an_answer_is_not_asked_about_again_for_some_seconds() -> None:
    chain = ToldChain(answer=NodeUnreachable("timed out"))
    for _ in range(3):
        with pytest.raises(WalletUnanswered, match="300000 gas and 3 seconds"):
            order_judged(chain, b"\x01")
    assert len(chain.asked) == 1
    chain.answer = YES
    assert order_judged(chain, b"\x02") is None


def test_a_node_that_answers_nothing_else_is_asked_again() -> None:
    chain = ToldChain(answer=NodeUnreachable("timed out"), answers_otherwise=False)
    with pytest.raises(WalletUnanswered):
        judged(chain)
    chain.answer, chain.answers_otherwise = YES, True
    assert judged(chain) is None
