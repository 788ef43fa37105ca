from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from marketplace.client import SeatmarketClient
from marketplace.client.errors import ApiRefused
from tests.integration.api.client.people import signer
from tests.integration.api.hearing import served
from tests.integration.api.live import SESSION
from tests.integration.api.receiving import KEY, receiving

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from tests.integration.api.live import LiveChain


def test_a_mentor_registers_is_told_looks_and_ends(
    launched_chain: LiveChain, database: Engine
) -> None:
    settings = {"webhook_key": KEY, "webhook_loopback": True}
    with (
        receiving() as receiver,
        served(launched_chain, database, **settings) as server,
        SeatmarketClient(server.url) as client,
    ):
        server.live.mirror()
        client.sign_in(signer("mentor"))
        made = client.register_webhook(receiver.url, ["seat.sold"], [SESSION])
        assert made.secret not in repr(made)
        endpoint = made.endpoint.endpoint
        read = client.webhook(endpoint)
        edited = client.edit_webhook(read, events=["seat.moved"])
        assert edited.endpoint.events == ("seat.moved",)
        with pytest.raises(ApiRefused, match="Read it again"):
            client.edit_webhook(read, enabled=False)
        assert client.webhooks().endpoints == (edited.endpoint,)
        server.live.mint(SESSION, "bo")
        server.live.mirror()
        (got,) = receiver.wait_for(1)
        assert got.verified(made.secret)["type"] == "seat.moved"
        (delivery,) = client.webhook_deliveries(endpoint).deliveries
        assert delivery.message == got.id
        client.replay_webhook(endpoint, delivery.delivery)
        assert receiver.wait_for(2)[1].id == got.id
        rotated = client.rotate_webhook_secret(endpoint)
        assert rotated.secret != made.secret
        client.remove_webhook(endpoint)
        assert client.webhooks().endpoints == ()
