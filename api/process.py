"""The API as a process: from settings to a server that ends well.

Owns the order of starting and what is told at the end; `api.exits` has the codes. Refuses to start
over tables of its own that are of another version; the mirror may come later, and `/health/ready`
says so until then.

| exit | meaning | what helps |
|---|---|---|
| 0 | stopped as wished; tables brought up | |
| 2 | the settings or the address cannot be used | mend them |
| 4 | no answer from the database | try again |
| 6 | the database is of another version or another program | look |
"""

from __future__ import annotations

import logging
from contextlib import ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from api.access.receipts import receipt_signer
from api.app import create_app
from api.chain import Chain
from api.figures import Figures
from api.gate.mirror import MirrorFacts
from api.parts import Parts
from api.server import listen, origin_of, serve
from api.store import history
from api.traces import around_node, tracing
from indexer.queries import MirrorId
from marketplace.domain.addresses import ChecksumAddress
from marketplace.figures import serving_figures
from marketplace.storage.engines import PoolBounds, open_engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pydantic import SecretStr
    from sqlalchemy import Engine

    from api.settings import ApiSettings
    from marketplace.chain.connection import Around

_LOG: Final = logging.getLogger(__name__)


def run(settings: ApiSettings, ready: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM; `ready` gets the public URL once requests are answered.

    Raises:
        AddressTaken, MetricsPortTaken: a port cannot be had.
        TracesMissing: traces are wished, and what tells them is not installed.
        KeyUnusable: decisions cannot be signed with the key that was given.
        StorageError: the API's own tables are not there or not of this version.
    """
    receipts = receipt_signer(settings)
    with ExitStack() as closing:
        store = closing.enter_context(_opened(settings, settings.database_url))
        history.require_current(store)
        mirror_url = settings.mirror_url or settings.database_url
        mirror = closing.enter_context(_opened(settings, mirror_url))
        listener = closing.enter_context(listen(settings))
        origin = origin_of(settings, listener)
        facts = MirrorFacts(mirror, MirrorId(settings.chain_id, settings.contract_set))
        traces = closing.enter_context(tracing(settings))
        chain = chain_of(settings, around_node(traces))
        parts = Parts(
            settings,
            origin,
            store,
            facts,
            mirror,
            chain,
            clock=lambda: datetime.now(UTC),
            receipts=receipts,
            figures=closing.enter_context(_figures(settings)),
            traces=traces,
        )
        app = create_app(parts)
        serve(app, settings, listener, lambda: ready(origin.url))


def chain_of(settings: ApiSettings, around: Around = lambda _: nullcontext()) -> Chain:
    """The node that settings name; it is not asked yet, and each request goes on in `around`."""
    return Chain(
        settings.node_url.get_secret_value(),
        settings.chain_id,
        ChecksumAddress(settings.contract),
        settings.node_timeout_s,
        around=around,
    )


def upgrade(settings: ApiSettings) -> None:
    """Bring the API's own tables to this program's version.

    Raises:
        StorageError: they are newer, another program's, or cannot be reached.
    """
    with _opened(settings, settings.database_url) as store:
        history.upgrade(store)


@contextmanager
def _figures(settings: ApiSettings) -> Iterator[Figures | None]:
    """Who counts, served while the block lasts; None where nobody asks for figures."""
    if settings.metrics_port is None:
        yield None
        return
    figures = Figures()
    with serving_figures(figures.registry, settings.metrics_host, settings.metrics_port) as port:
        where = {"host": settings.metrics_host, "port": port}
        _LOG.info("serving metrics", extra={"seen": where})
        yield figures


@contextmanager
def _opened(settings: ApiSettings, url: SecretStr) -> Iterator[Engine]:
    pool = PoolBounds(settings.database_connections, settings.database_wait_s)
    engine = open_engine(url.get_secret_value(), pool=pool)
    try:
        yield engine
    finally:
        engine.dispose()
