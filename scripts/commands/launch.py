"""Owns `seats launch`: from a file to a drop on a chain, once.

Refuses a second launch of the same file on the same contract unless it is asked for, and any chain
but a development chain, because money that enters this version of the contract does not leave it.
"""

# Annotations are evaluated: typer reads them.

from pathlib import Path
from typing import Annotated, Final

import typer

from marketplace.devnet.accounts import named_accounts
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.errors import RuleViolated
from marketplace.launch.file import LaunchFile, judge_source
from marketplace.launch.record import (
    AlreadyLaunched,
    Launched,
    add_launch,
    read_record,
    record_path,
)
from marketplace.launch.source import read_source
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


class EscrowWithoutExit(RuleViolated):
    """Buyers' money would enter the contract and could not leave it."""

    code = "escrow_without_exit"

    def __init__(self, chain_id: int) -> None:
        super().__init__(
            "This version of the contract takes what buyers pay into escrow and has no way out of "
            f"it, neither to them nor to you, so nothing is launched on chain {chain_id}: use a "
            "development chain."
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
    source = read_source(file)
    mentor = signer(keystore)
    market = open_market(rpc, contract, chain_id)
    drops = market.seats.drop_count()
    read = judge_source(source, market.next_time(), mentor.address, drops)
    if market.seats.chain_id not in DEVELOPMENT_CHAINS:
        _refuse_open_keys(read)
        raise EscrowWithoutExit(market.seats.chain_id)
    record = record_path(file)
    earlier = read_record(record).on(market.seats.chain_id, market.seats.address)
    here = next((one for one in earlier if _is_here(market, one)), None)
    if here is not None and not again:
        raise AlreadyLaunched(here, record)
    created = create_drop(market.seats, market.sender(mentor), read)
    add_launch(record, _launched(market, mentor.address, created, read))
    out = console()
    if earlier and here is None:
        out.print(
            f"The record names drop {earlier[0].drop}, on a chain {earlier[0].chain_id} that is not"
            " this one: that chain began anew, or another one has its id. This launch is the first"
            " here."
        )
    mined = created.mined
    out.print(f"Drop {created.drop} is on the chain, in block {mined.block_number}.", style="bold")
    out.print(f"It took {mined.gas_used:,} gas. The record is {record}: keep it, it holds the")
    out.print(f"terms that 0x{created.terms_hash.hex()} stands for.")
    # The node's address is not repeated: it may hold a key.
    out.print(f"Look at it with `seats show {created.drop}` and the same --rpc and --contract.")


def _is_here(market: Market, earlier: Launched) -> bool:
    """Whether a launch was on this very chain: one that began anew has none of its hashes."""
    block_hash, sent = (
        bytes.fromhex(text.removeprefix("0x"))
        for text in (earlier.block_hash, earlier.transaction_hash)
    )
    return market.holds(earlier.block, block_hash, sent)


def _refuse_open_keys(file: LaunchFile) -> None:
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
