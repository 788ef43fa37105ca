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
from api.auth.wallets import Refusal, refusal_of
from api.chain import MAX_AT_ONCE, MAX_STRANGERS_AT_ONCE, Chain, NodeBusy
from marketplace.bindings.node import NodeRefused, NodeUnreachable
from marketplace.chain.heads import Head
from marketplace.domain.addresses import ChecksumAddress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.domain.errors import ChainUnavailable

ACCOUNT = ChecksumAddress("0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0")
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

    @contextmanager
    def strangers_turn(self) -> Iterator[None]:
        yield

    def head(self) -> Head:
        return Head(7, BLOCK, datetime(2027, 3, 1, tzinfo=UTC))

    def code(self, account: ChecksumAddress, block_hash: bytes) -> bytes:
        assert (account, block_hash) == (ACCOUNT, BLOCK)
        return self.code_there

    def ask(self, question: PreparedTransaction, block_hash: bytes, gas: int) -> bytes:
        self.asked.append((question, block_hash, gas))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def judged(chain: ToldChain, signature: bytes = b"") -> Refusal | None:
    return refusal_of(cast("Chain", chain), ACCOUNT, DIGEST, signature, GAS)


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


def test_strangers_take_few_of_the_places_at_the_node() -> None:
    chain = Chain("http://127.0.0.1:9", 31337, ACCOUNT, 1)
    turns = [chain.strangers_turn() for _ in range(MAX_STRANGERS_AT_ONCE + 1)]
    for turn in turns[:-1]:
        turn.__enter__()
    with pytest.raises(NodeBusy):
        turns[-1].__enter__()
    others = [chain.turn() for _ in range(MAX_AT_ONCE - MAX_STRANGERS_AT_ONCE)]
    for turn in others:
        turn.__enter__()
    with pytest.raises(NodeBusy), chain.turn():
        pass
    for turn in (*turns[:-1], *others):
        turn.__exit__(None, None, None)
    with chain.strangers_turn():
        pass
