"""Whether this process lives, and whether it should get requests.

Owns the two addresses and the checks behind the second. Refuses details: who asks is a stranger,
and the log has them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from fastapi import APIRouter

from api.answers import documented
from api.errors import FieldFault, NotReady
from api.logs import FAULTS
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from api.store.history import require_current
from api.wire import WireModel
from indexer.queries import mirrored_contract
from marketplace.storage.errors import StorageError
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.parts import Parts

router = APIRouter(prefix="/health", tags=["health"])

STORE: Final = "store"
MIRROR: Final = "mirror"
CONTRACT: Final = "contract"


class Live(WireModel):
    """The process answers."""

    status: Literal["live"] = "live"


class Ready(WireModel):
    """Every check passes; the block that answers rest on now."""

    status: Literal["ready"] = "ready"
    block: int
    block_hash: str
    lag_s: int


@router.get("/live")
async def live() -> Live:
    """Answer while the process runs: restart it when this fails."""
    return Live()


@router.get("/ready", responses=documented("not_ready"))
def ready(parts: ApiParts) -> Ready:
    """Answer while requests can be answered: send them elsewhere when this fails."""
    failing = [*_refused(STORE, lambda: require_current(parts.store))]
    failing += _refused(MIRROR, parts.mirror.require_current)
    if failing:
        raise NotReady(tuple(failing))
    return _of_mirror(parts)


def _of_mirror(parts: Parts) -> Ready:
    try:
        block = parts.mirror.block(int(parts.clock().timestamp()))
        with reading(parts.reads) as connection:
            mirrored = mirrored_contract(connection, parts.mirror_id)
    except StorageError as error:
        raise NotReady((_fault(MIRROR, error),)) from error
    if mirrored not in {None, parts.settings.contract}:
        raise NotReady((FieldFault(CONTRACT, "the mirror is of another contract than is set"),))
    if block is None:
        raise NotReady((FieldFault(MIRROR, "it is not level with the chain yet"),))
    if not 0 <= block.lag_s <= parts.settings.allowed_lag_s:
        raise NotReady((FieldFault(MIRROR, f"it lags by {block.lag_s} s"),))
    return Ready(block=block.number, block_hash=block.block_hash, lag_s=block.lag_s)


def _refused(name: str, check: Callable[[], None]) -> list[FieldFault]:
    try:
        check()
    except StorageError as error:
        return [_fault(name, error)]
    return []


def _fault(name: str, error: StorageError) -> FieldFault:
    FAULTS.error("%s", error, extra={"seen": {"check": name}})
    return FieldFault(name, error.code)
