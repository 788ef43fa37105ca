from __future__ import annotations

import sys

import pytest
from pydantic import SecretStr

from api.settings import ApiSettings
from api.traces import TracesMissing, around_node, telemetry_of, tracing

SETTINGS = ApiSettings.model_validate(
    {
        "database_url": SecretStr("sqlite:///x"),
        "node_url": SecretStr("http://127.0.0.1:8545"),
        "contract": "0x9fE46736679d2D9a65F0992F2272dE9f3c7fa6e0",
    }
)
WISHED = SETTINGS.model_copy(
    update={"traces_url": SecretStr("http://hunter2@127.0.0.1:1/v1/traces")}
)


def test_nothing_is_traced_unless_it_is_wished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FASTAPI_OTEL_AUTO_CONFIGURE", "true")
    with tracing(SETTINGS) as traces:
        assert traces is None
    told = telemetry_of(None)
    assert [told["tracing"], told["metrics"], told["logs"], told["auto_configure"]] == [False] * 4
    with around_node(None)("eth_call") as span:
        assert span is None


def test_whoever_wishes_traces_without_the_sdk_is_told_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "api.collector", None)
    with pytest.raises(TracesMissing, match=r"pip install -e '\.\[traces\]'"), tracing(WISHED):
        pass
