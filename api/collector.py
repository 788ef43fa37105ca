"""Spans on their way to a collector, by OpenTelemetry's protocol over HTTP.

Owns what they hold when they leave the process. Refuses what whoever asks has written, addresses
and queries above all: they name people and hold tokens, and FastAPI writes both down. Needs the
SDK, an extra: only `api.traces` imports it, when somebody wants to be told.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

if TYPE_CHECKING:
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Span

SERVICE: Final = "seats-api"
KEPT_BACK: Final = (
    *("url.path", "url.query", "server.address", "server.port"),
    "http.request.method_original",
)
"""Attributes in the words of whoever asks; the route and the request's id stand for them."""

_LIMITS: Final = SpanLimits(max_span_attributes=32, max_span_attribute_length=256)
_PATIENCE_S: Final = 5
"""For one batch, and for the last one when the process ends."""


class KeepBack(SpanProcessor):
    """Empties those attributes before anything else sees a span."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Empty them."""
        del parent_context
        written = span.attributes or {}
        for name in KEPT_BACK:
            if name in written:
                span.set_attribute(name, "")


def provider_telling(url: str, share: float) -> TracerProvider:
    """Who makes spans, and tells them to the collector at an address in batches.

    Args:
        url: Where spans are posted, as in `http://127.0.0.1:4318/v1/traces`.
        share: Of all traces, from 0 to 1.
    """
    # Whoever asks may say which trace a request belongs to, not whether it is told.
    chosen = TraceIdRatioBased(share)
    provider = TracerProvider(
        sampler=ParentBased(chosen, remote_parent_sampled=chosen, remote_parent_not_sampled=chosen),
        resource=Resource.create({"service.name": SERVICE}),
        span_limits=_LIMITS,
        shutdown_on_exit=False,
    )
    provider.add_span_processor(KeepBack())
    exporter = OTLPSpanExporter(endpoint=url, timeout=_PATIENCE_S)
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider
