"""The port on which a process tells Prometheus its figures.

Owns serving a registry, and the refusal of an address that cannot be had. Refuses figures of its
own: each process names its own.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from prometheus_client import start_http_server

from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from prometheus_client import CollectorRegistry


@typed_error
class MetricsPortTaken(RuleViolated):
    """The metrics cannot be served where the settings say."""

    code = "metrics_port_taken"

    host: str
    port: int
    fault: str

    def _sentence(self) -> str:
        return (
            f"The metrics cannot be served on {self.host}, port {self.port} ({self.fault}): name "
            "another metrics_port or metrics_host."
        )


@contextmanager
def serving_figures(registry: CollectorRegistry, host: str, port: int) -> Iterator[int]:
    """Serve the figures of a registry at `/metrics` while the block lasts; gives the port.

    Raises:
        MetricsPortTaken: somebody else listens there, or there is no such address.
    """
    try:
        server, thread = start_http_server(port, host, registry)
    except (OSError, UnicodeError) as error:
        # The second is of a name that has an empty part, or one that is too long.
        fault = getattr(error, "strerror", None) or type(error).__name__
        raise MetricsPortTaken(host, port, fault) from error
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
