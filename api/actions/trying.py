"""Trying a step on the state after a block, before anybody is asked to sign it.

Owns what must be true of the wallet too: that it holds what the step costs, and has allowed the
market to take what is no ether. Refuses to offer what the contract would refuse: its error is
raised instead, before an empty wallet or a missing allowance is spoken of, since filling either
would not help. The node tries on the clock of a block that may be seconds old: what our clock says
is over since is refused here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from api.actions.errors import AllowanceMissing, NotEnoughCurrency, TimeOver
from api.actions.steps import Site
from api.chain import NotEnoughEther
from marketplace.bindings.reverts import PaymentMissing
from marketplace.domain.addresses import ETH
from marketplace.domain.money import NO_MONEY, Wei

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from api.actions.steps import Amount, Step
    from api.parts import Parts
    from marketplace.bindings.transactions import PreparedTransaction
    from marketplace.chain.heads import Head
    from marketplace.domain.addresses import ChecksumAddress

QUOTE_S: Final = 300
"""Seconds in which a prepared transaction should be signed: people read before they sign."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """A step that was tried after a block and not refused.

    Attributes:
        expires_at: Unix second after which it may revert, and new terms should be asked for.
        returned: What the call gave back, encoded.
    """

    step: Step
    account: ChecksumAddress
    head: Head
    expires_at: int
    returned: bytes

    @property
    def transaction(self) -> PreparedTransaction:
        """What is to be signed."""
        return self.step.transaction


def site_of(parts: Parts) -> Site:
    """The contract after the newest block. Raises ChainUnavailable, WrongNode."""
    return Site(parts.chain, parts.chain.head(), parts.now)


def tried(site: Site, step: Step, account: ChecksumAddress) -> Prepared:
    """Try a step as its account.

    Raises:
        ContractReverted: the contract refuses, and says why.
        TimeOver: it would not have after the newest block, and would now.
        NotEnoughEther, NotEnoughCurrency: it would not, but the account cannot pay.
        AllowanceMissing: it could, once it has allowed the market to take what it owes.
        ChainUnavailable, WrongNode: nothing can be said.
    """
    try:
        returned = site.chain.simulate(step.transaction, account, site.head.hash)
    except (NotEnoughEther, PaymentMissing) as missing:
        # Payments come last: whatever else could be refused was not.
        _require_time(site, step)
        if isinstance(missing, PaymentMissing) and missing.payer == account:
            require_paying(site, step.pays, account)
        raise
    _require_time(site, step)
    quoted = site.now + QUOTE_S
    last = quoted if step.last is None else min(quoted, step.last)
    return Prepared(step, account, site.head, last, returned)


def _require_time(site: Site, step: Step) -> None:
    if step.last is not None and step.last < site.now:
        raise TimeOver(step.last, site.now)


def require_paying(site: Site, pays: Iterable[Amount], account: ChecksumAddress) -> None:
    """Refuse an account that does not hold, or has not allowed, what it owes in ERC-20.

    Raises NotEnoughCurrency, AllowanceMissing.
    """
    for currency, owed in sums_by_currency(pays).items():
        if currency != ETH:
            _require_currency(site, currency, owed, account)


def sums_by_currency(amounts: Iterable[Amount]) -> Mapping[ChecksumAddress, Wei]:
    """What is owed in all, by currency."""
    sums: dict[ChecksumAddress, Wei] = {}
    for one in amounts:
        sums[one.currency] = Wei(sums.get(one.currency, NO_MONEY) + one.amount)
    return sums


def _require_currency(
    site: Site, currency: ChecksumAddress, owed: Wei, account: ChecksumAddress
) -> None:
    token, market = site.chain.currency(currency), site.seats.address
    balance = token.balance_of(account, site.head.hash)
    if balance < owed:
        raise NotEnoughCurrency(account, currency, balance, owed)
    allowed = token.allowance(account, market, site.head.hash)
    if allowed < owed:
        approval = token.approve(market, owed)
        site.chain.simulate(approval, account, site.head.hash)
        raise AllowanceMissing(account, currency, allowed, owed, approval)
