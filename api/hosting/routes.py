"""The addresses of co-hosts.

Owns paths and which problems each route names. Refuses rules, and API keys: who else gets into a
room is said by somebody who is signed in, and by no program whose key may have been copied.
"""

from __future__ import annotations

from typing import Annotated, Final

from fastapi import APIRouter, Path

from api.answers import documented
from api.auth.caller import CALLER_PROBLEMS, SignedInCaller
from api.catalogue.drop_routes import MIRROR_PROBLEMS
from api.hosting import hosts
from api.hosting.bodies import CoHostAnswer, CoHostsAnswer
from api.places import DropInPath  # noqa: TC001 - FastAPI reads the annotations
from api.requests import ApiParts  # noqa: TC001 - FastAPI reads the annotations
from api.wire import Account

_ALWAYS: Final = (
    *CALLER_PROBLEMS,
    *MIRROR_PROBLEMS,
    "not_found",
    "mentor_required",
    "invalid_request",
)

CoHostAccount = Annotated[Account, Path(description="Who helps, or shall.")]

router = APIRouter(prefix="/v1/drops/{drop}/co-hosts", tags=["co-hosts"])


@router.get("", responses=documented(*_ALWAYS))
def list_co_hosts(drop: DropInPath, caller: SignedInCaller, parts: ApiParts) -> CoHostsAnswer:
    """List whom a drop's mentor lets help.

    For the mentor, and for each of those who help.
    """
    return CoHostsAnswer.of(drop, hosts.listed(parts, drop, caller.account))


@router.put("/{account}", responses=documented(*_ALWAYS, "too_many_co_hosts"))
def name_co_host(
    drop: DropInPath, account: CoHostAccount, caller: SignedInCaller, parts: ApiParts
) -> CoHostAnswer:
    """Let somebody help with your drop: enter its rooms, watch and add its recordings.

    Only the drop's mentor may. Repeatable.
    """
    return CoHostAnswer.of(hosts.name(parts, drop, caller.account, account))


@router.delete("/{account}", responses=documented(*_ALWAYS), status_code=204)
def remove_co_host(
    drop: DropInPath, account: CoHostAccount, caller: SignedInCaller, parts: ApiParts
) -> None:
    """Let somebody help no longer: nothing is decided for them after this.

    Only the drop's mentor may. Repeatable.
    """
    hosts.remove(parts, drop, caller.account, account)
