"""Whether this process lives, and whether it should get requests.

Owns the two addresses and the checks behind the second. Refuses details: who asks is a stranger,
and the log has them; and to wait for a database that hangs, or for a free thread while requests
hold them all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from fastapi import APIRouter, Request

from api.answers import documented
from api.errors import FieldFault, NotReady
from api.logs import FAULTS
from api.probing import PATIENCE_S, Probe, Unanswered
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from api.store.history import require_current
from api.wire import WireModel
from indexer.queries import mirrored_contract
from marketplace.storage.errors import StorageError
from marketplace.storage.transactions import reading

if TYPE_CHECKING:
    from collections.abc import Callable

    from api.parts import Parts
    from api.probing import Reached

router = APIRouter(prefix="/health", tags=["health"])

STORE: Final = "store"
MIRROR: Final = "mirror"
CONTRACT: Final = "contract"


class Live(WireModel):
    """The process answers."""

    status: Literal["live"] = "live"
    """Always `live`."""


class Ready(WireModel):
    """Every check passes; the block that answers rest on now."""

    status: Literal["ready"] = "ready"
    """Always `ready`."""

    block: int
    """Number of the block that answers rest on now."""

    block_hash: str
    lag_s: int
    """Seconds since the mirror last was level with its node."""


@router.get("/live")
async def live() -> Live:
    """Say that the process runs: restart it when this fails."""
    return Live()


Found: TypeAlias = "Ready | tuple[FieldFault, ...]"
"""What the checks give; where some fail, what is wrong."""


def readiness() -> Probe[Found]:
    """Make what the checks of one application are asked through."""
    return Probe("readiness")


@router.get("/ready", responses=documented("not_ready"))
async def ready(request: Request, parts: ApiParts) -> Ready:
    """Say that requests can be answered: send them elsewhere when this fails.

    Passes while both databases answer, within 2 seconds and in the version that is needed, and the
    mirror is level with its node and of the contract that is set.
    """
    probe: Probe[Found] = request.app.state.readiness
    found = await probe.ask(lambda reached: _checked(parts, reached))
    if isinstance(found, Unanswered):
        fault = FieldFault(found.at, f"no answer within {PATIENCE_S:g} s")
        FAULTS.error("%s", fault.fault, extra={"seen": {"check": found.at}})
        raise NotReady((fault,))
    if isinstance(found, Ready):
        return found
    raise NotReady(found)


def _checked(parts: Parts, reached: Reached) -> Found:
    reached(STORE)
    failing = _refused(STORE, lambda: require_current(parts.store))
    reached(MIRROR)
    failing += _refused(MIRROR, parts.mirror.require_current)
    return tuple(failing) if failing else _of_mirror(parts)


def _of_mirror(parts: Parts) -> Found:
    try:
        block = parts.mirror.block(int(parts.clock().timestamp()))
        with reading(parts.reads) as connection:
            mirrored = mirrored_contract(connection, parts.mirror_id)
    except StorageError as error:
        return (_fault(MIRROR, error),)
    if mirrored not in {None, parts.settings.contract}:
        return (FieldFault(CONTRACT, "the mirror is of another contract than is set"),)
    if block is None:
        return (FieldFault(MIRROR, "it is not level with the chain yet"),)
    if not 0 <= block.lag_s <= parts.settings.allowed_lag_s:
        return (FieldFault(MIRROR, f"it lags by {block.lag_s} s"),)
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
