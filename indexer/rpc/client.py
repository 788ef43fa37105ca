"""JSON-RPC 2.0 over one transport: questions out, results in, in the order asked.

Owns ids, batches and the node's own errors. Refuses to know any method.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, TypeAlias

from indexer.rpc.errors import AnswerMalformed, NodeRefused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json: TypeAlias = "None | bool | int | float | str | Sequence[Json] | Mapping[str, Json]"

_SAID_AT_MOST: Final = 300


class Posts(Protocol):
    """Gives the answer's body for a question's."""

    def post(self, body: bytes) -> bytes:
        """Post; raises ChainUnavailable."""


@dataclass(frozen=True, slots=True)
class Question:
    """A method and its parameters."""

    method: str
    params: tuple[Json, ...] = ()


class Client:
    """Asks one node. `batch_limit` is how many questions one request may hold."""

    def __init__(self, transport: Posts, batch_limit: int) -> None:
        self._transport = transport
        self._batch_limit = batch_limit

    def ask(self, question: Question) -> Json:
        """Ask one question.

        Raises:
            ChainUnavailable: no answer, or an error of the node's own (NodeRefused).
        """
        (result,) = self.ask_all([question])
        return result

    def ask_all(self, questions: Sequence[Question]) -> list[Json]:
        """Ask several questions in as few requests as allowed; raises as `ask` for any of them."""
        results: list[Json] = []
        for start in range(0, len(questions), self._batch_limit):
            results += self._batch(questions[start : start + self._batch_limit])
        return results

    def _batch(self, questions: Sequence[Question]) -> list[Json]:
        asked = [
            {"jsonrpc": "2.0", "id": number, "method": one.method, "params": one.params}
            for number, one in enumerate(questions)
        ]
        name = questions[0].method
        body = json.dumps(asked[0] if len(asked) == 1 else asked).encode()
        try:
            told = json.loads(self._transport.post(body))
        except (ValueError, RecursionError) as error:
            raise AnswerMalformed(name, "it is not JSON") from error
        # Some nodes answer a batch that they refuse as a whole with one error.
        answers = told if isinstance(told, list) else [told]
        found: dict[object, Json] = {}
        for answer in answers:
            if not isinstance(answer, dict):
                raise AnswerMalformed(name, "it is not a JSON-RPC answer")
            if answer.get("error") is not None:
                raise _refusal(_method(questions, answer.get("id")), answer["error"])
            found[answer.get("id")] = answer.get("result")
        if any(number not in found for number in range(len(questions))):
            raise AnswerMalformed(name, "some questions were left without an answer")
        return [found[number] for number in range(len(questions))]


def _method(questions: Sequence[Question], number: object) -> str:
    if isinstance(number, int) and 0 <= number < len(questions):
        return questions[number].method
    return questions[0].method


def _refusal(method: str, error: Json) -> NodeRefused:
    if not isinstance(error, dict):
        return NodeRefused(method, 0, str(error)[:_SAID_AT_MOST])
    code = error.get("code")
    said = str(error.get("message", "no reason given"))[:_SAID_AT_MOST]
    return NodeRefused(method, code if isinstance(code, int) else 0, said)
