from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pydantic import SecretStr

from api.process import chain_of
from api.traces import around_node, tracing
from tests.integration.api.collecting import Collector, attributes, collecting
from tests.integration.api.live import SESSION
from tests.integration.api.trading import FACE
from tests.integration.api.world import browser
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx
    import pytest

    from tests.integration.api.live import Live

TRACE = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"


@dataclass(frozen=True)
class Traced:
    api: httpx.Client
    collector: Collector


@contextmanager
def traced(live: Live, **changes: object) -> Iterator[Traced]:
    """An API that tells a collector; all is told when the block ends."""
    with collecting() as collector:
        wished = {"traces_url": SecretStr(collector.url)} | changes
        settings = live.parts.settings.model_copy(update=wished)
        with tracing(settings) as traces:
            chain = chain_of(settings, around_node(traces))
            parts = replace(live.parts, settings=settings, chain=chain, traces=traces)
            yield Traced(browser(parts), collector)


def test_a_trace_leads_from_the_request_to_what_was_asked_of_the_node(live: Live) -> None:
    live.publish()
    seat = live.mint(SESSION, "ada")
    live.mirror()
    body = {
        "account": address_of("ada"),
        "seat": str(seat),
        "price_wei": str(FACE),
        "expires_in_s": 3_600,
    }
    with traced(live) as over:
        answer = over.api.post("/v1/tx/list", json=body)
        assert answer.status_code == 200, answer.text
    [request] = over.collector.spans("POST /v1/tx/list")
    held = attributes(request)
    assert held["http.route"] == "/v1/tx/list"
    assert held["http.response.status_code"] == "200"
    assert held["seats.request"] == answer.headers["X-Request-Id"]
    asked = [span for span in over.collector.told if span.name.startswith("node eth_")]
    assert asked
    assert {span.trace_id for span in asked} == {request.trace_id}
    [endpoint] = over.collector.spans("fastapi.endpoint")
    assert endpoint.span_id in {span.parent_span_id for span in asked}


def test_what_the_asker_wrote_does_not_leave_the_process(live: Live) -> None:
    with traced(live) as over:
        signed_in = {
            "Authorization": "Bearer hunter2-bearer",
            "Host": "hunter2-host",
            "traceparent": f"00-{TRACE}-{CALLER}-01",
            "tracestate": "a=hunter2-state",
            "baggage": "b=hunter2-baggage",
        }
        path = f"/v1/accounts/{address_of('ada')}/hunter2-path"
        assert over.api.get(f"{path}?q=hunter2-query", headers=signed_in).status_code == 404
        found = over.api.get("/v1/drops/7", params={"at": "hunter2-at"}, headers=signed_in)
        assert found.status_code in {404, 422}
        lost = over.api.request("HUNTER2-METHOD", "/v1/drops/7")
        assert lost.status_code == 405
        over.api.post("/v1/access/check", content=b'{"seat": "hunter2-body"}')
    assert len(over.collector.told) >= 4
    sent = b"".join(over.collector.bodies).lower()
    assert b"hunter2" not in sent
    assert address_of("ada").lower().encode() not in sent


def test_a_request_belongs_to_the_trace_that_it_names(live: Live) -> None:
    with traced(live) as over:
        over.api.get("/v1/drops/7", headers={"traceparent": f"00-{TRACE}-{CALLER}-01"})
    [request] = over.collector.spans("GET /v1/drops/{drop}")
    assert request.trace_id.hex() == TRACE
    assert request.parent_span_id.hex() == CALLER


def test_whoever_asks_does_not_decide_what_is_told(live: Live) -> None:
    with traced(live, traces_share=0.0) as over:
        over.api.get("/v1/drops/7", headers={"traceparent": f"00-{TRACE}-{CALLER}-01"})
    assert over.collector.bodies == []
    with traced(live, traces_share=1.0) as over:
        over.api.get("/v1/drops/7", headers={"traceparent": f"00-{TRACE}-{CALLER}-00"})
    assert len(over.collector.spans("GET /v1/drops/{drop}")) == 1


def test_no_trace_is_told_for_its_id(live: Live) -> None:
    # By the id alone, as shares are usually drawn, the first would always be told.
    with traced(live, traces_share=0.001) as over:
        for _ in range(20):
            asked = {"traceparent": f"00-{1:032x}-{CALLER}-01"}
            over.api.get("/v1/drops/7", headers=asked)
    assert len(over.collector.spans("GET /v1/drops/{drop}")) < 5


def test_probes_are_not_traced(live: Live) -> None:
    with traced(live) as over:
        assert over.api.get("/health/live").status_code == 200
    assert over.collector.bodies == []


def test_what_breaks_is_told_by_its_kind_alone(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError("hunter2")

    monkeypatch.setattr("api.catalogue.drop_routes.look", breaks)
    with traced(live) as over:
        assert over.api.get("/v1/drops/7").status_code == 500
    [request] = over.collector.spans("GET /v1/drops/{drop}")
    assert attributes(request)["http.response.status_code"] == "500"
    [endpoint] = over.collector.spans("fastapi.endpoint")
    assert attributes(endpoint)["error.type"] == "ZeroDivisionError"
    assert b"hunter2" not in b"".join(over.collector.bodies)
