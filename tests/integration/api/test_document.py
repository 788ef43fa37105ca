"""The API against its own OpenAPI document: requests made from it, answers held against it.

Once every operation by itself, with what fits and what does not; once along the document's links,
from what one answer says to the next request. No server error, and no answer that is not described.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, run_state_machine_as_test
from schemathesis import Response
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode

from tests.integration.api.everybody import peopled
from tests.integration.api.generating import (
    CONFORMS,
    REFUSES,
    ROLES,
    Sender,
    faults_of,
    operations_of,
)
from tests.integration.api.live import live_api
from tests.integration.api.receiving import KEY
from tests.integration.api.world import browser
from tests.unit.marketplace.receipts.examples import SIGNER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from schemathesis import BaseSchema
    from schemathesis.checks import CheckFunction
    from schemathesis.generation.stateful.state_machine import StepInput, StepOutput
    from schemathesis.schemas import APIOperation
    from sqlalchemy import Engine

    from tests.integration.api.generating import AnyCase
    from tests.integration.api.live import LiveChain

EXAMPLES: Final = settings().max_examples // 10
STEPS: Final = 25
PATIENCE: Final = 600 if EXAMPLES < 100 else 7_200
SETTINGS: Final = settings(
    max_examples=EXAMPLES,
    stateful_step_count=STEPS,
    # Bodies of the document are deep, and what is left out of them is thrown away.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


@pytest.fixture
def sender(launched_chain: LiveChain, database: Engine, tmp_path: Path) -> Iterator[Sender]:
    given = {
        "webhook_key": KEY,
        "webhook_loopback": True,
        "media_url": f"file://{tmp_path}/first",
        "media_copy_url": f"file://{tmp_path}/second",
        "max_sessions": 100,
    }
    with live_api(launched_chain, database, **given) as live:
        live.parts = replace(live.parts, receipts=SIGNER)
        live.api = browser(live.parts)
        made = Sender(peopled(live, tmp_path))
        yield made
        made.close()


@pytest.fixture
def schema(sender: Sender) -> BaseSchema:
    return operations_of(sender.world)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_what_a_request_has_removed_is_there_for_the_next(
    sender: Sender, schema: BaseSchema
) -> None:
    named = {"recording": sender.world.things["recording"]["one"]}
    watch = schema["/v1/recordings/{recording}/stream"]["GET"].Case(path_parameters=named)
    remove = schema["/v1/recordings/{recording}"]["DELETE"].Case(path_parameters=named)
    for _ in range(2):
        sender.afresh()
        assert sender.send(watch, "owner").status_code == 200
        assert sender.send(remove, "mentor").status_code == 204


@pytest.mark.timeout(PATIENCE)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_operation_answers_as_the_document_says(sender: Sender, schema: BaseSchema) -> None:
    wrong = []
    for found in schema.get_all_operations():
        assert isinstance(found, Ok), found
        operation = found.ok()
        before = sender.sent.total()
        try:
            ask(sender, operation)
        except BaseExceptionGroup as faults:
            wrong.append(f"{operation.label}: {faults}")
        except AssertionError as fault:
            wrong.append(f"{operation.label}: {fault}")
        assert sender.sent.total() > before, operation.label
    report(sender, f"{len(wrong)} operations went wrong")
    assert not wrong, "\n\n".join(wrong)


def ask(sender: Sender, operation: APIOperation[Any, Any, Any, Any]) -> None:
    """Ask one operation as often as the profile says, by everybody."""
    head = sender.world.live.market.web3.eth.block_number

    @SETTINGS
    @given(
        st.sampled_from([*GenerationMode]).flatmap(
            lambda mode: operation.as_strategy(generation_mode=mode)
        ),
        st.sampled_from(ROLES),
        st.none() | st.randoms(use_true_random=False),
    )
    def asked(case: AnyCase, role: str, real: Random | None) -> None:
        sender.afresh()
        if real is not None:
            sender.name_real(case, role, real)
        answer = sender.send(case, role)
        # What is there may have taken the place of what did not fit.
        judge(case, answer, head, [*CONFORMS, REFUSES] if real is None else CONFORMS)

    asked()


def judge(case: AnyCase, answer: httpx.Response, head: int, checks: list[CheckFunction]) -> None:
    case.validate_response(answer, checks=checks)
    assert not (faults := list(faults_of(case, answer, head))), faults


def report(sender: Sender, what: str) -> None:
    statuses = {int(status): count for status, count in sorted(sender.sent.items())}
    sys.stdout.write(f"{sender.sent.total()} generated requests, {what}: {statuses}\n")


@pytest.mark.timeout(PATIENCE)
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_every_way_along_the_links_is_as_the_document_says(
    sender: Sender, schema: BaseSchema
) -> None:
    head = sender.world.live.market.web3.eth.block_number
    followed: Counter[str] = Counter()

    class Ways(schema.as_state_machine()):  # type: ignore[misc] # made from the document
        """One person who goes on from what was answered."""

        def setup(self) -> None:
            sender.afresh()
            self.role = "owner"
            self.random = Random(0)

        @initialize(role=st.sampled_from(ROLES))
        def begin(self, role: str) -> None:
            self.role = role

        def step(self, input: StepInput) -> StepOutput:  # noqa: A002 - its own name for it
            sender.name_real(input.case, self.role, self.random, keep=linked(input))
            output: StepOutput = super().step(input)
            if input.transition is not None and output.response.status_code < 400:
                followed[input.transition.id] += 1
            return output

        def call(self, case: AnyCase, **_: object) -> Response:
            self.answer = sender.send(case, self.role)
            return Response.from_any(self.answer)

        def validate_response(self, _: Response, case: AnyCase, **__: object) -> None:
            judge(case, self.answer, head, CONFORMS)

    run_state_machine_as_test(Ways, settings=SETTINGS)
    report(sender, f"{len(followed)} links led on")
    # Most are for other tests to insist on; this one must get about.
    assert len(followed) > 12, followed


def linked(step: StepInput) -> set[str]:
    """The names whose values come by a link."""
    if step.transition is None:
        return set()
    named = {name for place in step.transition.parameters.values() for name in place}
    body = step.transition.request_body
    return named | set(body.definition if body and isinstance(body.definition, dict) else ())
