"""What a node over the tree says to one request, right and wrong, as JSON-RPC.

Owns the methods that the indexer asks and the ways in which their answers can be untrue. All
questions of a request are answered by one machine, which stands on one branch: so does a machine
behind a shared address. Refuses what would make no sense of a chain: two different blocks of one
hash, other logs below what is final.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tests.integration.indexer.market import is_there
from tests.integration.indexer.tree import CHAIN_ID, bloom_of

if TYPE_CHECKING:
    from indexer.rpc.values import RawLog
    from tests.integration.indexer.tree import Block, Tree
    from tests.simulation.faults import Faults

REFUSALS: Final = (
    (-32005, "query returned more than 10000 results"),
    (-32602, "Log response size exceeded. You can make eth_getLogs requests with up to a 2K block"),
    (-32600, "You can make eth_getLogs requests with up to a 10 block range"),
    (-32000, "exceed maximum block range: 50"),
    (-32701, "maximum block range: 2000"),
    (-32047, "Max range: 800"),
    (-32005, "Log response size exceeded. Maximum allowed number of requested blocks is 1000"),
    (-32600, "block range is too wide"),
    (-32614, "eth_getLogs is limited to a 10,000 range"),
    (-32602, "eth_getLogs is limited to 1024 block range, please check the parameter"),
    (-32000, "block range too large"),
    (-32000, "block range too large (2000), maximum allowed is 1000 blocks"),
    (-32600, "exceeds the range allowed for your plan (5000 > 3000)"),
    (-32602, "Block range limit exceeded. See more details in the documentation"),
    (-32000, "please limit the query to at most 1000 blocks"),
    (-32602, "query exceeds max block range 1000"),
    (-32602, "query exceeds max results 20000, retry with the range 24383075-24383096"),
    (-32020, "backend response too large"),
    (-32000, "logs matched by query exceeds limit of 10000"),
    (-32000, "requested too many blocks from 0 to 16777216, maximum is set to 2048"),
    (3, "unexpected: backend is busy"),
)
"""What twenty providers say of a range that is too large, and one word that nobody knows."""


class Refused(Exception):
    """The node says no to one question."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(said)
        self.code, self.said = code, said


@dataclass
class Machine:
    """One machine, for the time of one request."""

    tree: Tree
    faults: Faults

    def __post_init__(self) -> None:
        path = self.tree.tip.path()
        if self.faults.occurs("lag"):
            path = path[: max(1, len(path) - self.faults.dice.randint(1, 3))]
        elif self.faults.occurs("other_branch"):
            path = self._another()
        self.path = path

    def answer(self, asked: Any) -> Any:  # noqa: ANN401 - JSON
        """The answer to a request of one question or several."""
        if not isinstance(asked, list):
            return self._one(asked)
        if self.faults.occurs("refused_batch"):
            return {"jsonrpc": "2.0", "id": None, "error": {"code": -32600, "message": "no batch"}}
        self._clamp(asked)
        answers = [self._one(question) for question in asked]
        if self.faults.occurs("unanswered_question"):
            answers.pop(self.faults.dice.randrange(len(answers)))
        if self.faults.occurs("other_order"):
            self.faults.dice.shuffle(answers)
        return answers

    def _clamp(self, asked: list[dict[str, Any]]) -> None:
        """Stand below the end of a range, which is then cut there without a word."""
        for question in asked:
            wanted = question["params"][0] if question["params"] else None
            if (
                isinstance(wanted, dict)
                and "toBlock" in wanted
                and self.faults.occurs("clamped_range")
            ):
                self.path = self.path[: max(1, int(wanted["toBlock"], 16))]

    def _one(self, question: dict[str, Any]) -> dict[str, Any]:
        told: dict[str, Any] = {"jsonrpc": "2.0", "id": question["id"]}
        if self.faults.occurs("refused_question"):
            return {**told, "error": {"code": -32603, "message": "internal error"}}
        try:
            told["result"] = self._result(question["method"], question["params"])
        except Refused as no:
            told["error"] = {"code": no.code, "message": no.said}
        return told

    def _result(self, method: str, params: list[Any]) -> Any:  # noqa: ANN401 - JSON
        match method:
            case "eth_chainId":
                return hex(CHAIN_ID)
            case "eth_getCode":
                return params[0] if self._is_there(params[1]) else "0x"
            case "eth_getBlockByNumber":
                return self._by_number(params[0])
            case "eth_getBlockByHash":
                block = self.tree.blocks.get(params[0])
                lost = self.faults.occurs("null_block")
                return None if block is None or lost else _header(block)
            case "eth_getLogs" if "blockHash" in params[0]:
                return [_log(*one) for one in self._of_block(params[0]["blockHash"])]
            case "eth_getLogs":
                return [_log(*one) for one in self._of_range(params[0])]
            case _:
                pass
        raise Refused(-32601, f"the method {method} does not exist")

    def _is_there(self, which: str) -> bool:
        """Whether the contract is: once it is created it names its owner; at the head it is."""
        if which == "latest":
            return True
        number = int(which, 16)
        return number < len(self.path) and is_there(self.path[number].market)

    def _by_number(self, which: str) -> dict[str, Any] | None:
        head = self.path[-1]
        # What is final does not depend on the machine, unless it has not seen it.
        final = self.tree.finalized if self.tree.finalized in self.path else self.path[0]
        match which:
            case "latest":
                return _header(head)
            case "safe":
                safe = self.path[max(0, head.number - self.tree.safe_depth)]
                return _header(max(safe, final, key=lambda one: one.number))
            case "finalized":
                return self._final(final)
            case _:
                pass
        number = int(which, 16)
        if number >= len(self.path) or (number and self.faults.occurs("null_block")):
            return None
        return _header(self.path[number])

    def _final(self, final: Block) -> dict[str, Any] | None:
        if self.faults.occurs("no_final"):
            return None
        if self.faults.occurs("older_final"):
            return _header(self.path[self.faults.dice.randint(0, final.number)])
        return _header(final)

    def _of_block(self, block_hash: str) -> list[tuple[RawLog, bool]]:
        block = self.tree.blocks.get(block_hash)
        if block is None or self.faults.occurs("unknown_hash"):
            raise Refused(-32000, "unknown block")
        logs = list(block.logs)
        if self.faults.occurs("no_logs"):
            logs = []
        if logs and self.faults.occurs("missing_log"):
            # One whose contents no other log repeats: the bloom cannot tell repeated ones apart.
            logs.pop(self.faults.dice.randrange(len(logs)))
            if bloom_of(logs) == block.header.logs_bloom:
                logs = list(block.logs)
        if self.faults.occurs("foreign_logs"):
            logs = list(self.tree.blocks[self.faults.dice.choice(sorted(self.tree.blocks))].logs)
        return self._messed_up(logs)

    def _of_range(self, wanted: dict[str, Any]) -> list[tuple[RawLog, bool]]:
        first, last = int(wanted["fromBlock"], 16), int(wanted["toBlock"], 16)
        if self.faults.occurs("refused_range"):
            raise Refused(*self.faults.dice.choice(REFUSALS))
        named = {address.lower() for address in wanted["address"]}
        logs = [
            log
            for block in self.path[first : last + 1]
            for log in block.logs
            if log.address.lower() in named
        ]
        return self._messed_up(logs)

    def _messed_up(self, logs: list[RawLog]) -> list[tuple[RawLog, bool]]:
        """The same logs in ways that must make no difference; True: marked as removed."""
        found = [(log, False) for log in logs]
        if logs and self.faults.occurs("duplicates"):
            found.append((self.faults.dice.choice(logs), False))
        if self.faults.occurs("removed_logs"):
            left = self.tree.blocks[self.faults.dice.choice(sorted(self.tree.blocks))]
            found += [(log, True) for log in left.logs]
        if found and self.faults.occurs("other_order"):
            self.faults.dice.shuffle(found)
        return found

    def _another(self) -> list[Block]:
        """Two machines can disagree above what is final, never below."""
        final = self.tree.finalized
        others = [
            block
            for block in self.tree.blocks.values()
            if block.number >= final.number and block.path()[final.number] is final
        ]
        return self.faults.dice.choice(others).path()


def _header(block: Block) -> dict[str, Any]:
    header = block.header
    return {
        "number": hex(header.number),
        "hash": header.hash,
        "parentHash": header.parent_hash,
        "timestamp": hex(header.timestamp_s),
        "logsBloom": f"0x{header.logs_bloom:0512x}",
    }


def _log(log: RawLog, removed: bool) -> dict[str, Any]:  # noqa: FBT001 - one of a pair
    return {
        "address": log.address.lower(),
        "topics": [f"0x{topic.hex()}" for topic in log.topics],
        "data": f"0x{log.data.hex()}",
        "blockNumber": hex(log.block_number),
        "blockHash": log.block_hash,
        "transactionHash": log.tx_hash,
        "transactionIndex": hex(log.tx_index),
        "logIndex": hex(log.log_index),
        "removed": removed,
    }
