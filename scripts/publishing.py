"""Owns publishing the terms of a launch: the API gets the very text whose hash the drop carries.

With it come the allowlists that were launched, without which nobody could mint by them.

Refuses to publish for a drop that the API does not show with that hash, and to sign in anywhere but
on the launch's own chain.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from marketplace.allowlist.phases import PhaseAllowlist
from marketplace.bindings.addresses import parse_address
from marketplace.client import MarketAddress, SeatmarketClient
from marketplace.client.errors import ApiRefused
from marketplace.client.patience import Patience
from marketplace.domain.errors import ChainUnavailable, RuleViolated, typed_error
from marketplace.domain.ids import DropId, PhaseIndex

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from marketplace.chain.keys import Signer
    from marketplace.client.answers.drops import Drop
    from marketplace.launch.record import Launched, LaunchRecord

_PATIENCE: Final = Patience(seconds=30.0, interval=0.25)


@typed_error
class NeverLaunched(RuleViolated):
    """There is no record of any launch."""

    code = "never_launched"

    record: Path

    def _sentence(self) -> str:
        return (
            f"{self.record} names no launch: launch the file first with `seats launch`, or name "
            "the file whose record lies beside it."
        )


@typed_error
class NotLaunchedHere(RuleViolated):
    """The record names no launch on the market that the API is about."""

    code = "not_launched_here"

    record: Path
    chain_id: int
    contract: str

    def _sentence(self) -> str:
        return (
            f"{self.record} names no launch on {self.contract} of chain {self.chain_id}, which "
            "this API is about: launch the file there first, or name another API."
        )


@typed_error
class AnotherMentor(RuleViolated):
    """The key is not that of whoever launched."""

    code = "another_mentor"

    signer: str
    mentor: str

    def _sentence(self) -> str:
        return (
            f"The key is that of {self.signer}, and the drop was launched by {self.mentor}: only "
            "the mentor publishes a drop's terms."
        )


@typed_error
class ApiElsewhere(RuleViolated):
    """The API is about another market than the launch."""

    code = "api_elsewhere"

    chain_id: int
    contract: str

    def _sentence(self) -> str:
        return (
            f"This API is about {self.contract} of chain {self.chain_id}, and the drop was "
            "launched on another market: name that market's API."
        )


@typed_error
class DropUnmirrored(ChainUnavailable):
    """The API has not seen the launch, or has seen another drop of its number."""

    code = "drop_unmirrored"

    drop: int
    block: int

    def _sentence(self) -> str:
        return (
            f"The API does not show drop {self.drop} of block {self.block} with the terms that "
            "were launched: try again when it has caught up; if that does not help, its chain is "
            "another one."
        )


def launches_of(client: SeatmarketClient, record: LaunchRecord, path: Path) -> Sequence[Launched]:
    """The launches of a record on the API's market, newest first.

    Raises NeverLaunched, before anything is asked, and NotLaunchedHere.
    """
    if not record.launches:
        raise NeverLaunched(path)
    status = client.chain_status()
    found = record.on(status.chain_id, status.contract)
    if not found:
        raise NotLaunchedHere(path, status.chain_id, status.contract)
    return found


def publish_launch(
    url: str, signer: Signer, launched: Launched, patience: Patience = _PATIENCE
) -> Drop:
    """Publish the terms and lists of a launch, and give the drop as readers see it then.

    Raises AnotherMentor, ApiElsewhere, DropUnmirrored and as the client.
    """
    if signer.address != launched.mentor:
        raise AnotherMentor(signer.address, launched.mentor)
    market = MarketAddress(launched.chain_id, parse_address(launched.contract))
    with SeatmarketClient(url, market=market) as client:
        drop = DropId(launched.drop)
        status = client.chain_status()
        if (status.chain_id, status.contract) != (market.chain_id, market.contract):
            raise ApiElsewhere(status.chain_id, status.contract)
        _wait_for(client, launched, patience)
        client.sign_in(signer)
        try:
            client.publish_terms(drop, launched.terms)
            for one in launched.allowlists:
                accounts = [parse_address(account) for account in one.accounts]
                client.publish_allowlist(drop, PhaseAllowlist(PhaseIndex(one.phase), accounts))
            return client.drop(drop)
        finally:
            client.sign_out()


def _wait_for(client: SeatmarketClient, launched: Launched, patience: Patience) -> None:
    """Wait until the API shows the drop. Raises DropUnmirrored."""
    deadline = patience.now() + patience.seconds
    while not _is_shown(client, launched):
        if patience.now() >= deadline:
            raise DropUnmirrored(launched.drop, launched.block)
        patience.pause(patience.interval)


def _is_shown(client: SeatmarketClient, launched: Launched) -> bool:
    try:
        return client.drop(DropId(launched.drop)).terms_hash == launched.terms_hash
    except ApiRefused as error:
        if error.problem.code == "not_found":
            return False
        raise
