"""Spans on their way to a collector, by OpenTelemetry's protocol over HTTP.

Owns what they hold when they leave the process. Refuses what whoever asks has written, addresses
and queries above all: they name people and hold tokens, and FastAPI writes both down. Needs the
SDK, an extra: only `api.traces` imports it, when somebody wants to be told.
"""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING, Final

from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import Decision, ParentBased, Sampler, SamplingResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import Span
    from opentelemetry.trace import Link, SpanKind, TraceState
    from opentelemetry.util.types import Attributes

_LOG: Final = logging.getLogger(__name__)

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


class Draw(Sampler):
    """Tells so many of all requests, by chance.

    Not by the id of the trace, as is usual: whoever asks may write that. What else they say of
    their trace is left out too.
    """

    def __init__(self, share: float) -> None:
        self._share = share

    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """Draw once, for a request; what is within it follows."""
        del parent_context, trace_id, name, kind, links, trace_state
        told = random.random() < self._share  # noqa: S311 - a share of what happens, no secret
        return SamplingResult(Decision.RECORD_AND_SAMPLE if told else Decision.DROP, attributes)

    def get_description(self) -> str:
        """Name it."""
        return f"Draw{{{self._share}}}"


class _Away(logging.Filter):
    """Says that a collector is away, and not where: its address may hold a key."""

    def filter(self, record: logging.LogRecord) -> bool:
        _LOG.warning("Traces could not be told to the collector; they are lost.")
        del record
        return False


_AWAY: Final = _Away()


def provider_telling(url: str, share: float) -> TracerProvider:
    """Who makes spans, and tells them to the collector at an address in batches.

    Args:
        url: Where spans are posted, as in `http://127.0.0.1:4318/v1/traces`.
        share: Of all traces, from 0 to 1.
    """
    # Whoever asks may say which trace a request belongs to, not whether it is told.
    chosen = Draw(share)
    logging.getLogger(OTLPSpanExporter.__module__).addFilter(_AWAY)
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
