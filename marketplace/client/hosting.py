"""Whom a mentor lets help with a drop.

Owns one method for each thing that can be done about co-hosts. Refuses to say what they may do: the
gate is asked, with `check_access`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from marketplace.client import routes
from marketplace.client.errors import AnswerUnexpected
from marketplace.client.webhooks import WebhookCalls

if TYPE_CHECKING:
    from marketplace.client.answers.hosting import CoHost, CoHosts
    from marketplace.domain.addresses import ChecksumAddress
    from marketplace.domain.ids import DropId


class HostingCalls(WebhookCalls):
    """What `SeatmarketClient` can do with co-hosts; errors are drawn there."""

    def co_hosts(self, drop: DropId) -> CoHosts:
        """A drop's co-hosts; signed in as its mentor, or as one of them."""
        return self._transport.ask(routes.CO_HOSTS, {"drop": drop})

    def name_co_host(self, drop: DropId, account: ChecksumAddress) -> CoHost:
        """Let somebody help with a drop's sessions and recordings; signed in as its mentor.

        Doing it again changes nothing.
        """
        named = self._transport.ask(routes.NAME_CO_HOST, {"drop": drop, "account": account})
        if named.account != account:
            raise AnswerUnexpected(routes.NAME_CO_HOST.name, "it names somebody else")
        return named

    def remove_co_host(self, drop: DropId, account: ChecksumAddress) -> None:
        """Let somebody help no longer, from now on; signed in as the drop's mentor."""
        self._transport.whole(routes.REMOVE_CO_HOST, {"drop": drop, "account": account})
