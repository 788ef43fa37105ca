"""Owns the options that several commands share: where the market is, who signs, which ports.

Refuses keys on the command line, where every program of the machine could read them.
"""

# Annotations are evaluated: typer reads them.

import getpass
import os
from pathlib import Path
from typing import Annotated, Final

import typer

from marketplace.chain.keys import LocalSigner, signer_from_environment, signer_from_keystore

KEY_VARIABLE: Final = "SEATS_KEY"
PASSWORD_VARIABLE: Final = "SEATS_KEYSTORE_PASSWORD"  # noqa: S105 - the name, not the password

Rpc = Annotated[str, typer.Option(envvar="SEATS_RPC", help="URL of a node of the chain.")]
Contract = Annotated[str, typer.Option(envvar="SEATS_CONTRACT", help="Address of the market.")]
ChainId = Annotated[
    int | None,
    typer.Option(envvar="SEATS_CHAIN_ID", help="Refuse a node that serves another chain."),
]
Keystore = Annotated[
    Path | None,
    typer.Option(
        envvar="SEATS_KEYSTORE",
        help=f"Encrypted key file; without it the key comes from {KEY_VARIABLE}.",
    ),
]
ApiPort = Annotated[
    int, typer.Option("--port", min=0, max=65_535, help="TCP port of the API; 0 takes a free one.")
]
RpcPort = Annotated[
    int,
    typer.Option(
        "--rpc-port", min=0, max=65_535, help="TCP port of the chain; 0 takes a free one."
    ),
]


def require_two_ports(port: int, rpc_port: int) -> None:
    """Return when API and chain do not ask for one port. Raises typer.BadParameter."""
    if port and port == rpc_port:
        message = f"API and chain cannot share port {port}: choose another for one of them."
        raise typer.BadParameter(message, param_hint="'--port' and '--rpc-port'")


def signer(keystore: Path | None) -> LocalSigner:
    """Whoever signs: the keystore's key, else that of the environment. Raises KeyUnusable."""
    if keystore is None:
        return signer_from_environment(KEY_VARIABLE)
    return signer_from_keystore(keystore, _password)


def _password() -> str:
    return os.environ.get(PASSWORD_VARIABLE) or getpass.getpass("Password of the keystore: ")
