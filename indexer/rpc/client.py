"""JSON-RPC 2.0 over one transport: questions out, results in, in the order asked.

Owns ids, batches and the node's own errors. Refuses to know any method.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeAlias

from pydantic_core import from_json

from indexer.rpc.errors import AnswerMalformed, NodeRefused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Json: TypeAlias = "bool | int | float | str | Sequence[Json] | Mapping[str, Json] | None"

_SAID_AT_MOST: Final = 300


class Posts(Protocol):
    """Gives the answer's body for a question's."""

    @property
    def answered_at(self) -> int | None:
        """The Unix second of the last answer, by the clock of whoever gave it; None: not said."""

    def post(self, body: bytes) -> bytes:
        """Post; raises ChainUnavailable."""

    def close(self) -> None:
        """Close what is open."""


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

    @property
    def answered_at(self) -> int | None:
        """The Unix second of the last answer, by the clock of whoever gave it; None: not said."""
        return self._transport.answered_at

    def close(self) -> None:
        """Close the connection; a later question opens another."""
        self._transport.close()

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
        for answer in self.try_all(questions):
            if isinstance(answer, NodeRefused):
                raise answer
            results.append(answer)
        return results

    def try_all(self, questions: Sequence[Question]) -> list[Json | NodeRefused]:
        """Ask several questions; a refused one's answer is the refusal.

        Raises:
            ChainUnavailable: no answer, or not one for each question.
        """
        answers: list[Json | NodeRefused] = []
        for start in range(0, len(questions), self._batch_limit):
            answers += self._batch(questions[start : start + self._batch_limit])
        return answers

    def _batch(self, questions: Sequence[Question]) -> list[Json | NodeRefused]:
        asked = [
            {"jsonrpc": "2.0", "id": number, "method": one.method, "params": one.params}
            for number, one in enumerate(questions)
        ]
        name = questions[0].method
        body = json.dumps(asked[0] if len(asked) == 1 else asked).encode()
        try:
            told = _decoded(self._transport.post(body))
        except ValueError as error:
            raise AnswerMalformed(name, str(error)) from None
        found: dict[object, Json | NodeRefused] = {}
        for answer in told if isinstance(told, list) else [told]:
            if not isinstance(answer, dict):
                raise AnswerMalformed(name, "it is not a JSON-RPC answer")
            number = answer.get("id")
            if isinstance(number, list | dict):
                raise AnswerMalformed(name, "its id is none that was given")
            if answer.get("error") is None:
                found[number] = answer.get("result")
                continue
            found[number] = _refusal(_method(questions, number), answer["error"])
        if (
            len(asked) > 1
            and not isinstance(told, list)
            and isinstance(found.get(None), NodeRefused)
        ):
            # Some nodes answer a batch that they refuse as a whole with one error.
            return [found[None]] * len(asked)
        if any(number not in found for number in range(len(questions))):
            raise AnswerMalformed(name, "some questions were left without an answer")
        return [found[number] for number in range(len(questions))]


def _decoded(body: bytes) -> Any:  # noqa: ANN401 - any JSON
    # Neither Python's own decoder nor msgspec's: both trust a recursion limit that other packages
    # raise so far that an answer of nested brackets would end the process.
    return from_json(body, allow_inf_nan=False)


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
