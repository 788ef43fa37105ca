"""How the contracts come to stand on a chain, and how they are found there again.

Owns the order (libraries, renderer, seats, which creates its extension), the constructors'
arguments and the checks afterwards. Refuses to deploy a library anywhere but where it is linked, to
connect to code of another version, and to remember addresses: a `Deployment` is the caller's to
keep.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from eth_abi.abi import encode as encode_abi

from marketplace.bindings.actions import ARTIFACT
from marketplace.bindings.addresses import checksum_address
from marketplace.bindings.artifacts import DEPLOYMENT_PROXY, LIBRARY_SALT, load
from marketplace.bindings.seats import SeatsContract
from marketplace.bindings.transactions import PreparedTransaction
from marketplace.bindings.verification import CodeMissing, code_at, require_chain, require_code
from marketplace.domain.errors import RuleViolated, typed_error

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web3 import Web3

    from marketplace.bindings.artifacts import Artifact, LibraryDeployment
    from marketplace.bindings.transactions import Mined, Sends
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.money import Bps

RENDERER: Final = "SeatRenderer"
EXTENSION: Final = "SeatsExtension"


@typed_error
class DeploymentProxyMissing(RuleViolated):
    """The chain has no deterministic deployment proxy, so libraries have no known address."""

    code = "deployment_proxy_missing"

    proxy: ChecksumAddress
    chain_id: int

    def _sentence(self) -> str:
        return (
            f"Chain {self.chain_id} has no deployment proxy at {self.proxy}: send the proxy's "
            "published transaction there first, or use another chain."
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PlatformTerms:
    """What the platform is deployed with.

    Attributes:
        owner: Who may set treasury and fee of new drops.
        treasury: Who takes the fee.
        fee: The platform's share of released money, at most 10%.
        pages: Address of the market's pages, without a slash at its end; seats link to it.
        wrapped_ether: The chain's wrapped ether, in which offers for seats of drops in ETH are
            paid. It can never be changed.
    """

    owner: ChecksumAddress
    treasury: ChecksumAddress
    fee: Bps
    pages: str
    wrapped_ether: ChecksumAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedLibrary:
    """A linked library and where it stands on every chain."""

    name: str
    address: ChecksumAddress


@dataclass(frozen=True, slots=True, kw_only=True)
class Deployment:
    """Where the market stands; `block` is the one that `seats` was created in."""

    chain_id: int
    seats: ChecksumAddress
    extension: ChecksumAddress
    renderer: ChecksumAddress
    libraries: tuple[DeployedLibrary, ...]
    block: int


def deploy(web3: Web3, sender: Sends, platform: PlatformTerms) -> Deployment:
    """Deploy the market, and check that every part is what was compiled.

    Libraries that stand already are used. Raises DeploymentProxyMissing, CodeMissing, CodeDiffers
    and whatever the sender raises.
    """
    seats_artifact, renderer_artifact = load(ARTIFACT), load(RENDERER)
    chain_id = web3.eth.chain_id
    # Seats refuses an address without code too, but only once the rest has been paid for.
    if not code_at(web3, platform.wrapped_ether):
        raise CodeMissing("wrapped ether", platform.wrapped_ether, chain_id)
    libraries = {
        library.address: library
        for artifact in (renderer_artifact, seats_artifact)
        for library in artifact.libraries
    }
    for library in libraries.values():
        _deploy_library(web3, sender, library, chain_id)
    renderer = sender.send(creation(RENDERER, (platform.pages,)))
    arguments = (
        platform.owner,
        platform.treasury,
        platform.fee,
        renderer.contract,
        platform.wrapped_ether,
    )
    seats = sender.send(creation(ARTIFACT, arguments))
    require_code(web3, seats_artifact, created(seats), chain_id)
    deployment = Deployment(
        chain_id=chain_id,
        seats=created(seats),
        extension=_require_extension(web3, created(seats), chain_id),
        renderer=created(renderer),
        libraries=tuple(
            DeployedLibrary(name=library.name, address=_checksum(library.address))
            for library in libraries.values()
        ),
        block=seats.block_number,
    )
    require_code(web3, renderer_artifact, deployment.renderer, chain_id)
    return deployment


def creation(name: str, arguments: Sequence[object] = ()) -> PreparedTransaction:
    """Prepare the creation of the contract of an artifact, with its constructor's arguments."""
    artifact = load(name)
    data = artifact.bytecode + encode_abi(_constructor_types(artifact), arguments)
    return PreparedTransaction(to=None, data=data, summary=f"Deploy {name}")


def connect(web3: Web3, address: ChecksumAddress, chain_id: int) -> SeatsContract:
    """Bind the market at an address, after checking chain, code, extension and libraries.

    Raises WrongChain, CodeMissing and CodeDiffers.
    """
    require_chain(web3, chain_id)
    artifact = load(ARTIFACT)
    require_code(web3, artifact, address, chain_id)
    _require_extension(web3, address, chain_id)
    for library in artifact.libraries:
        require_code(web3, load(library.name), _checksum(library.address), chain_id)
    return SeatsContract(web3, address, chain_id)


def _require_extension(web3: Web3, seats: ChecksumAddress, chain_id: int) -> ChecksumAddress:
    """Check the code behind `Seats`, which has just been checked itself; gives its address.

    The address is an immutable, which the comparison of code leaves out.
    """
    extension = SeatsContract(web3, seats, chain_id).extension()
    require_code(web3, load(EXTENSION), extension, chain_id)
    return extension


def _deploy_library(web3: Web3, sender: Sends, library: LibraryDeployment, chain_id: int) -> None:
    address = _checksum(library.address)
    proxy = _checksum(DEPLOYMENT_PROXY)
    if not code_at(web3, address):
        if not code_at(web3, proxy):
            raise DeploymentProxyMissing(proxy, chain_id)
        sender.send(
            PreparedTransaction(
                to=proxy,
                data=LIBRARY_SALT + library.init_code,
                summary=f"Deploy the library {library.name}",
            )
        )
    require_code(web3, load(library.name), address, chain_id)


def _constructor_types(artifact: Artifact) -> list[str]:
    for element in artifact.abi:
        if element["type"] == "constructor":
            return [str(component["type"]) for component in element.get("inputs", ())]
    return []


def created(mined: Mined) -> ChecksumAddress:
    """The contract that a creation left."""
    if mined.contract is None:
        raise ValueError("A transaction without a recipient creates a contract.")
    return mined.contract


def _checksum(address: str) -> ChecksumAddress:
    return checksum_address(bytes.fromhex(address[2:]))
