"""A node behind an address.

Owns how web3 is set up: a time limit for each request, no retries (three of them turn a limit of
seconds into a minute while somebody waits), no off-chain look-ups. Refuses another chain than the
one that was asked for, and to repeat an address: it may hold a key anywhere.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Final, TypeAlias

from web3 import HTTPProvider, Web3
from web3.middleware import ExtraDataToPOAMiddleware

from marketplace.bindings.verification import require_chain
from marketplace.domain.errors import RuleViolated, typed_error
from marketplace.web_addresses import parts_of

if TYPE_CHECKING:
    from typing import Any

    from web3.providers import BaseProvider
    from web3.types import RPCEndpoint, RPCResponse

Around: TypeAlias = Callable[[str], AbstractContextManager[object]]
"""What a request to the node goes on in, by its JSON-RPC method."""

REQUEST_SECONDS: Final = 10.0


@typed_error
class NodeAddressInvalid(RuleViolated):
    """The node's address is not one that can be asked over HTTP."""

    code = "node_address_invalid"

    def _sentence(self) -> str:
        return (
            "The node's address cannot be used: write http:// or https:// and a host, as in "
            "http://127.0.0.1:8545. In a name or password, / is written %2F."
        )


class _Surrounded(HTTPProvider):
    """Sends each request while something else lasts."""

    def __init__(self, url: str, request_seconds: float, around: Around) -> None:
        super().__init__(
            url, request_kwargs={"timeout": request_seconds}, exception_retry_configuration=None
        )
        self._around = around

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:  # noqa: ANN401 - web3's own
        with self._around(method):
            return super().make_request(method, params)


def open_node(
    url: str,
    chain_id: int,
    request_seconds: float = REQUEST_SECONDS,
    around: Around = lambda _: nullcontext(),
) -> Web3:
    """Connect to the node at `url`, which must serve the chain `chain_id`.

    Each request goes on in what `around` gives. Raises NodeAddressInvalid, NodeUnreachable and
    WrongChain.
    """
    web3 = reach_node(url, request_seconds, around)
    require_chain(web3, chain_id)
    return web3


def reach_node(
    url: str,
    request_seconds: float = REQUEST_SECONDS,
    around: Around = lambda _: nullcontext(),
) -> Web3:
    """Set a connection up without asking anything yet. Raises NodeAddressInvalid."""
    if parts_of(url, {"http", "https"}) is None:
        raise NodeAddressInvalid
    return over_provider(_Surrounded(url, request_seconds, around))


def over_provider(provider: BaseProvider) -> Web3:
    """Set web3 up over a provider, such as one inside this process."""
    provider.global_ccip_read_enabled = False
    web3 = Web3(provider)
    # It would ask for the chain's id before each call and estimate, to compare a field that no
    # transaction here has.
    web3.middleware_onion.remove("validation")
    # Headers of chains that prove authority, and of those that came from one, hold more.
    web3.middleware_onion.inject(ExtraDataToPOAMiddleware, layer=0)
    return web3
