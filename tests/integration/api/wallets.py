"""Contract wallets on the chain: compiled from the tests' contracts, deployed, signed for.

Owns the compiling and the forms of signatures. Refuses assertions.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from eth_abi.abi import encode
from eth_account.messages import encode_defunct, encode_typed_data
from eth_utils.abi import function_signature_to_4byte_selector
from siwe import EIP6492_MAGIC_SUFFIX

from marketplace.bindings.addresses import parse_address
from marketplace.bindings.deploy import created
from marketplace.bindings.node import call
from marketplace.bindings.transactions import PreparedTransaction
from scripts.toolchain.compiler import find_compilers, run_compiler
from scripts.toolchain.project import REPOSITORY
from scripts.toolchain.settings import read_settings
from scripts.toolchain.solc_json import SolcInput, SolcSource
from tests.integration.api.live import wallet
from tests.integration.api.world import Wallet

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eth_account.messages import SignableMessage
    from eth_account.signers.local import LocalAccount

    from marketplace.domain.addresses import ChecksumAddress
    from tests.integration.api.live import Live

_FOLDER: Final = REPOSITORY.root / "tests" / "contracts" / "hostile"
_FILES: Final = ("SignInWallets.sol", "SignatureWallets.sol")


@cache
def _codes() -> Mapping[str, bytes]:
    """Creation code by contract; compiled once in a process."""
    sources = {name: (_FOLDER / name).read_text(encoding="utf-8") for name in _FILES}
    settings = read_settings(REPOSITORY)
    output = run_compiler(
        find_compilers()[0],
        SolcInput(
            language="Solidity",
            sources={name: SolcSource(content=text) for name, text in sources.items()},
            settings=settings.for_solc({"*": {"*": ["evm.bytecode.object"]}}),
        ),
    )
    return {
        name: bytes.fromhex(contract["evm"]["bytecode"]["object"])
        for unit in output["contracts"].values()
        for name, contract in unit.items()
    }


def deployed(
    live: Live, name: str, kinds: Sequence[str] = (), values: Sequence[object] = ()
) -> ChecksumAddress:
    """Deploy one of the contracts, with its constructor's arguments."""
    data = _codes()[name] + encode(kinds, values)
    return created(live.market.send("cleo", PreparedTransaction(to=None, data=data, summary=name)))


def calldata(signature: str, *values: object) -> bytes:
    """A call of a function, by its signature."""
    kinds = signature.partition("(")[2].removesuffix(")")
    arguments = encode(kinds.split(","), values) if kinds else b""
    return function_signature_to_4byte_selector(signature) + arguments


def called(live: Live, to: ChecksumAddress, data: bytes) -> None:
    """Send a call as somebody."""
    live.market.send("cleo", PreparedTransaction(to=to, data=data, summary="Call"))


def through_factory(factory: ChecksumAddress, call: bytes, signature: str) -> str:
    """A signature that carries what makes its wallet (ERC-6492)."""
    parts = encode(["address", "bytes", "bytes"], [factory, call, bytes.fromhex(signature[2:])])
    return f"0x{parts.hex()}{EIP6492_MAGIC_SUFFIX}"


@dataclass(slots=True)
class ContractWallet(Wallet):
    """A contract's account, which a key signs for.

    Attributes:
        at: The account.
        padding: Bytes that follow the key's signature.
        factory: Makes the wallet by `make(owner)`, where it is not there yet.
    """

    at: ChecksumAddress = ""  # type: ignore[assignment] # always given; the field above has a default
    padding: int = 0
    factory: ChecksumAddress | None = None

    @property
    def address(self) -> ChecksumAddress:
        return self.at

    def sign(self, text: str) -> str:
        """As its software does it: by the owner's key."""
        return self._signed(encode_defunct(text=text))

    def sign_typed(self, typed_data: Mapping[str, object]) -> str:
        """The same over typed data (EIP-712)."""
        return self._signed(encode_typed_data(full_message=dict(typed_data)))

    def _signed(self, message: SignableMessage) -> str:
        signature = bytes(self.signer.sign_message(message).signature)
        written = f"0x{(signature + bytes(self.padding)).hex()}"
        if self.factory is None:
            return written
        return through_factory(
            self.factory, calldata("make(address)", self.signer.address), written
        )


def owned_wallet(live: Live, owner: str, padding: int = 0) -> ContractWallet:
    """Deploy a wallet of a named account."""
    signer: LocalAccount = wallet(owner).signer
    at = deployed(live, "OwnedWallet", ["address"], [signer.address])
    return ContractWallet(signer, at, padding)


def factory_wallet(live: Live, owner: str) -> ContractWallet:
    """A wallet of a named account that is not there yet, and its factory, which is."""
    factory = deployed(live, "WalletFactory")
    signer: LocalAccount = wallet(owner).signer
    data = calldata("willMake(address)", signer.address)
    asked = PreparedTransaction(to=factory, data=data, summary="Where it will be")
    answer = call(live.market.web3, asked)
    return ContractWallet(signer, parse_address("0x" + answer[-20:].hex()), factory=factory)


def set_owner(live: Live, account: ContractWallet, owner: str, *, owns: bool) -> None:
    """Let a named account's key sign for a wallet, or no longer."""
    called(live, account.at, calldata("setOwner(address,bool)", wallet(owner).address, owns))
