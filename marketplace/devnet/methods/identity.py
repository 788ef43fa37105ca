"""Owns the methods that say which chain this is and how it is doing.

Refuses to look like a public network: there are no peers and nothing is ever syncing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from eth_utils.crypto import keccak

from marketplace.devnet.quantities import Json, data, quantity, read_data

if TYPE_CHECKING:
    from marketplace.devnet.chain import DevChain
    from marketplace.devnet.params import Params

CLIENT_VERSION: Final = "Seatmarket/devnet/py-evm"


def chain_id(chain: DevChain, params: Params) -> Json:
    """EIP-155 chain id."""
    params.at_most(0)
    return quantity(chain.settings.chain_id)


def network_version(chain: DevChain, params: Params) -> Json:
    """The chain id once more, in decimal digits."""
    params.at_most(0)
    return str(chain.settings.chain_id)


def client_version(chain: DevChain, params: Params) -> Json:
    """Name of this chain and its fork."""
    params.at_most(0)
    return f"{CLIENT_VERSION}/{chain.settings.fork}"


def listening(chain: DevChain, params: Params) -> Json:
    """Always true: who asks has been heard."""
    del chain
    params.at_most(0)
    return True


def peer_count(chain: DevChain, params: Params) -> Json:
    """Always 0."""
    del chain
    params.at_most(0)
    return quantity(0)


def syncing(chain: DevChain, params: Params) -> Json:
    """Always false."""
    del chain
    params.at_most(0)
    return False


def sha3(chain: DevChain, params: Params) -> Json:
    """Keccak-256 of the given data."""
    del chain
    params.at_most(1)
    return data(keccak(read_data(params.at(0, "data"), "data")))


def coinbase(chain: DevChain, params: Params) -> Json:
    """Receiver of the priority fees."""
    params.at_most(0)
    return data(chain.head.header.coinbase)
