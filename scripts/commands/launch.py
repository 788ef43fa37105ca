"""Owns `seats launch`: from a file to a drop on a chain, once.

Refuses a second launch of the same file on the same contract unless it is asked for, and any chain
but a development chain: nobody has audited the contract, and no command here reports delivery yet.
"""

# Annotations are evaluated: typer reads them.

from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from marketplace.client.origin import ApiOrigin
from marketplace.devnet.accounts import named_accounts
from marketplace.domain.addresses import ChecksumAddress
from marketplace.domain.errors import RuleViolated, SeatmarketError
from marketplace.launch.alone import launching_alone
from marketplace.launch.file import LaunchFile, judge_source
from marketplace.launch.premises import CurrencyFacts, Premises
from marketplace.launch.record import AlreadyLaunched, Launched, read_record, record_path
from marketplace.launch.source import read_source
from marketplace.launch.warnings import roles_of
from scripts.commands.options import ChainId, Contract, Keystore, Rpc, signer
from scripts.launching import launch_once, settle
from scripts.market import Market, open_market
from scripts.publishing import publish_launch
from scripts.views.console import console
from scripts.views.publishing import show_published

DEVELOPMENT_CHAINS: Final = frozenset({31337, 1337})


class OpenKey(RuleViolated):
    """The terms name an address whose key everybody knows."""

    code = "open_key"

    def __init__(self, role: str, address: ChecksumAddress) -> None:
        super().__init__(
            f"The {role} {address} is an account of the development chain, whose key everybody "
            "knows: name an address of your own before you launch on this chain."
        )


class NotForRealMoney(RuleViolated):
    """A launch on a chain where the market's money would be real."""

    code = "not_for_real_money"

    def __init__(self, chain_id: int) -> None:
        super().__init__(
            "Nobody outside the project has audited the contract, and this program has no command "
            "yet that reports your delivery and has you paid, so nothing is launched on chain "
            f"{chain_id}: use a development chain."
        )


def launch(
    file: Annotated[Path, typer.Argument(help="The launch file.")],
    rpc: Rpc,
    contract: Contract,
    chain_id: ChainId = None,
    keystore: Keystore = None,
    api: Annotated[
        str | None,
        typer.Option("--api", envvar="SEATS_API", help="Publish the terms there as well."),
    ] = None,
    *,
    again: Annotated[
        bool, typer.Option("--again", help="Launch although the record says that it was done.")
    ] = False,
) -> None:
    """Create the drop of a launch file; whoever signs becomes its mentor.

    It can be run again after any failure: what an earlier run has begun is found on the chain. The
    key comes from an encrypted keystore or from the environment variable SEATS_KEY.
    """
    out, record = console(), record_path(file)
    if api is not None:
        # Found wrong afterwards, it would be found with the drop already on the chain.
        ApiOrigin.parse(api)
    with launching_alone(file):
        source = read_source(file)
        mentor = signer(keystore)
        market = open_market(rpc, contract, chain_id)
        sender = market.sender(mentor)
        settled = settle(market, sender, record)
        for found in settled.launched:
            out.print("An earlier run had sent it already; nothing was sent now.")
            _tell(out, found, record)
        if settled.launched:
            launched = settled.launched[-1]
        else:
            known = read_record(record)
            earlier = known.on(market.seats.chain_id, market.seats.address)
            here = next((one for one in earlier if _is_here(market, one)), None)
            if here is not None and not again:
                raise AlreadyLaunched(here, record)
            read = judge_source(source, market.next_time(), mentor.address, premises_of(market))
            _refuse_money_traps(read, market.seats.chain_id)
            rivals = () if again else settled.open
            launched = launch_once(market, sender, read, record, known, rivals)
            if earlier and here is None:
                _tell_of_another_chain(out, earlier[0])
            _tell(out, launched, record)
    if api is not None:
        try:
            show_published(out, publish_launch(api, mentor, launched), launched, api)
        except SeatmarketError:
            later = f"The drop is launched and its terms are not published: `seats publish {file}`"
            typer.echo(f"{later} with the same --api does the rest.", err=True)
            raise


def premises_of(market: Market) -> Premises:
    """What a market says that a launch file is judged by."""

    def facts(currency: ChecksumAddress) -> CurrencyFacts:
        allowed = market.seats.currency_index_of(currency) != 0
        return CurrencyFacts(allowed, market.currency(currency).decimals())

    return Premises(market.seats.drop_count(), facts)


def _tell(out: Console, launched: Launched, record: Path) -> None:
    out.print(f"Drop {launched.drop} is on the chain, in block {launched.block}.", style="bold")
    out.print(f"It took {launched.gas_used:,} gas. The record is {record}: keep it, it holds the")
    out.print(f"terms that {launched.terms_hash} stands for.")
    # The node's address is not repeated: it may hold a key.
    out.print(f"Look at it with `seats show {launched.drop}` and the same --rpc and --contract.")


def _tell_of_another_chain(out: Console, earlier: Launched) -> None:
    out.print(
        f"The record names drop {earlier.drop}, on a chain {earlier.chain_id} that is not this "
        "one: that chain began anew, or another one has its id. This launch is the first here."
    )


def _is_here(market: Market, earlier: Launched) -> bool:
    """Whether a launch was on this very chain: one that began anew has none of its hashes."""
    block_hash, sent = (
        bytes.fromhex(text.removeprefix("0x"))
        for text in (earlier.block_hash, earlier.transaction_hash)
    )
    return market.holds(earlier.block, block_hash, sent)


def _refuse_money_traps(file: LaunchFile, chain_id: int) -> None:
    if chain_id in DEVELOPMENT_CHAINS:
        return
    known = {account.address for account in named_accounts()}
    for role, address in roles_of(file):
        if str(address) in known:
            raise OpenKey(role, address)
    raise NotForRealMoney(chain_id)
