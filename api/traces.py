"""What a request took, span by span, for those who want to be told.

Owns what FastAPI and the node's connection note, and whether anything is noted. What leaves the
process is `api.collector`'s. Refuses a provider of the whole process: two applications with
different parts can live in one.
"""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING

from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fastapi.telemetry import TelemetryConfig
    from opentelemetry.trace import TracerProvider

    from api.settings import ApiSettings
    from marketplace.chain.connection import Around


@typed_error
class TracesMissing(RuleViolated):
    """What tells traces is not installed."""

    code = "traces_missing"

    def _sentence(self) -> str:
        return (
            "Traces are told by OpenTelemetry's SDK, which is not installed: "
            "`pip install -e '.[traces]'`, or leave SEATS_API_TRACES_URL unset."
        )


@contextmanager
def tracing(settings: ApiSettings) -> Iterator[TracerProvider | None]:
    """Who makes spans while the block lasts; what is left is told at its end, within seconds.

    None where nobody asks for traces. A collector that is away costs spans, never an answer.

    Raises:
        TracesMissing: the SDK is not installed.
    """
    if settings.traces_url is None:
        yield None
        return
    try:
        from api.collector import provider_telling  # noqa: PLC0415 - the SDK is an extra
    except ImportError as error:
        raise TracesMissing from error
    provider = provider_telling(settings.traces_url.get_secret_value(), settings.traces_share)
    try:
        yield provider
    finally:
        provider.shutdown()


def telemetry_of(provider: TracerProvider | None) -> TelemetryConfig:
    """What FastAPI shall do by itself: spans where somebody takes them, and nothing else.

    Its logs would hold the texts of errors, and environment variables would turn it on unseen.
    """
    return {
        "tracing": provider is not None,
        "tracer_provider": provider,
        "metrics": False,
        "logs": False,
        "auto_configure": False,
        # Asked every few seconds, by machines, and answered at once.
        "exclude": lambda scope: scope["path"].startswith("/health/"),
    }


def around_node(provider: TracerProvider | None) -> Around:
    """What each request to the node goes on in: a span that its JSON-RPC method names."""
    if provider is None:
        return lambda _: nullcontext()
    tracer = provider.get_tracer("api.chain")
    # An error's text may hold the node's address, and with it a key.
    return lambda method: tracer.start_as_current_span(
        f"node {method}", record_exception=False, set_status_on_exception=False
    )
