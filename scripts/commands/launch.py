"""Owns `seats launch`: from a file to a drop on a chain, once.

Refuses a second launch of the same file on the same contract unless it is asked for, and addresses
whose keys everybody knows anywhere but on a development chain.
"""

# Annotations are evaluated: typer reads them.

from pathlib import Path
from typing import Annotated, Final

import typer

from marketplace.devnet.accounts import named_accounts
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.errors import RuleViolated
from marketplace.launch.file import LaunchFile, read_launch_file
from marketplace.launch.record import (
    AlreadyLaunched,
    Launched,
    add_launch,
    read_record,
    record_path,
)
from scripts.commands.options import ChainId, Contract, Keystore, Rpc, signer
from scripts.launching import CreatedDrop, create_drop
from scripts.market import Market, open_market
from scripts.views.console import console

DEVELOPMENT_CHAINS: Final = frozenset({31337, 1337})


class OpenKey(RuleViolated):
    """The terms name an address whose key everybody knows."""

    code = "open_key"

    def __init__(self, role: str, address: ChecksumAddress) -> None:
        super().__init__(
            f"The {role} {address} is an account of the development chain, whose key everybody "
            "knows: name an address of your own before you launch on this chain."
        )


def launch(
    file: Annotated[Path, typer.Argument(help="The launch file.")],
    rpc: Rpc,
    contract: Contract,
    chain_id: ChainId = None,
    keystore: Keystore = None,
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Launch although the record says that it was done.")
    ] = False,
) -> None:
    """Create the drop of a launch file; whoever signs becomes its mentor.

    The key comes from an encrypted keystore or from the environment variable SEATS_KEY.
    """
    mentor = signer(keystore)
    # Faults that need no chain are named before one is asked.
    market = open_market(rpc, contract, chain_id)
    read = read_launch_file(file, market.head().time, mentor.address)
    _refuse_open_keys(read, market.seats.chain_id)
    record = record_path(file)
    earlier = read_record(record).on(market.seats.chain_id, market.seats.address)
    if earlier is not None and not again:
        raise AlreadyLaunched(earlier, record)
    created = create_drop(market.seats, market.sender(mentor), read)
    add_launch(record, _launched(market, mentor.address, created, read))
    out = console()
    mined = created.mined
    out.print(f"Drop {created.drop} is on the chain, in block {mined.block_number}.", style="bold")
    out.print(f"It took {mined.gas_used:,} gas. The record is {record}: keep it, it holds the")
    out.print(f"terms that 0x{created.terms_hash.hex()} stands for.")
    out.print(
        f"Look at it: seats show {created.drop} --rpc {rpc} --contract {contract}", soft_wrap=True
    )


def _refuse_open_keys(file: LaunchFile, chain_id: int) -> None:
    if chain_id in DEVELOPMENT_CHAINS:
        return
    known = {account.address for account in named_accounts()}
    terms = file.drop.terms
    for role, address in (
        ("payout", terms.payout),
        ("verifier", terms.verifier),
        ("resolver", terms.resolver),
    ):
        if str(address) in known:
            raise OpenKey(role, address)


def _launched(
    market: Market, mentor: ChecksumAddress, created: CreatedDrop, file: LaunchFile
) -> Launched:
    mined = created.mined
    return Launched(
        chain_id=market.seats.chain_id,
        contract=market.seats.address,
        drop=created.drop,
        mentor=mentor,
        transaction_hash=f"0x{mined.transaction_hash.hex()}",
        block=mined.block_number,
        block_hash=f"0x{mined.block_hash.hex()}",
        terms_hash=f"0x{created.terms_hash.hex()}",
        terms=file.document,
    )
