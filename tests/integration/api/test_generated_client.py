"""A client that is made of the document alone: types and calls from `GET /v1/openapi.json`.

It is strict: what the document does not describe, it neither sends nor takes.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Final

import aiopenapi3
import httpx2
import pytest
from aiopenapi3.errors import HTTPClientError

from api.app import create_app
from api.server import listen, serving
from marketplace.domain.ids import SeatId
from tests.integration.api.live import SESSION, Live, wallet
from tests.integration.api.preparing import signature_of
from tests.integration.api.trading import FACE, send
from tests.integration.marketplace.world import address_of

if TYPE_CHECKING:
    from collections.abc import Iterator


_PATIENCE_S: Final = 60


class Session(httpx2.Client):
    """Without proxies that the environment names."""

    def __init__(self, **given: Any) -> None:  # noqa: ANN401 - the library's own
        super().__init__(trust_env=False, timeout=_PATIENCE_S, **given)


@contextmanager
def made_of_its_document(live: Live) -> Iterator[aiopenapi3.OpenAPI]:
    """A client of this API, served on the loopback."""
    settings = live.parts.settings.model_copy(update={"port": 0})
    with (
        listen(settings) as listener,
        serving(create_app(live.parts), settings, listener) as url,
        Session(base_url=url) as client,
    ):
        document = client.get("/v1/openapi.json").json()
        yield aiopenapi3.OpenAPI(url, document, session_factory=Session, use_operation_tags=False)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_client_made_of_the_document_signs_in_reads_and_writes(live: Live) -> None:
    live.publish()
    live.mirror()
    ada = wallet("ada")
    with made_of_its_document(live) as client:
        ask: Any = client._
        nonce = ask.ask_for_nonce(data={"session": "bearer", "account": ada.address})
        shown = {"message": nonce.message, "signature": ada.sign(nonce.message)}
        signed_in = ask.verify(data=shown | {"attempt": nonce.attempt})
        assert signed_in.account == ada.address

        (_, drop) = reversed(ask.list_drops().drops)
        assert drop.drop == SESSION
        seen = ask.show_drop(parameters={"drop": drop.drop})
        assert seen.phases[0].price_wei == str(live.price(SESSION, 0))
        nobody = ask.check(parameters={"action": "see_resale", "drop": 2})
        assert (nobody.allow, nobody.reason) == (False, "not_signed_in")

        client.authenticate(session=signed_in.token)
        wish = {"name": "Door", "scopes": ["access:check"], "expires_in_s": 3_600}
        made = ask.make_key(data=wish)
        assert [one.id for one in ask.list_keys().keys] == [made.id]
        ask.end_key(parameters={"key": made.id})
        with pytest.raises(HTTPClientError) as refused:
            ask.end_key(parameters={"key": made.id})
        # Problems are described, and the library leaves their type to whoever asks.
        assert refused.value.status_code == 404
        assert json.loads(refused.value.data)["code"] == "not_found"


def written(answer: Any) -> Any:  # noqa: ANN401 - a model made from the document
    """What was answered, as JSON has it."""
    return answer.model_dump(mode="json", by_alias=True)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_a_client_made_of_the_document_mints_lists_and_buys(live: Live) -> None:
    live.publish()
    live.mirror()
    ada, bo = address_of("ada"), address_of("bo")
    with made_of_its_document(live) as client:
        ask: Any = client._
        mint = ask.prepare_mint(data={"account": ada, "drop": int(SESSION), "phase": 0})
        assert mint.value_wei == str(live.price(SESSION, 0))
        send(live, "ada", written(mint))
        live.mirror()
        (seat,) = ask.list_seats(parameters={"drop": int(SESSION)}).seats
        assert seat.owner == ada

        wish = {"account": ada, "seat": seat.seat, "price_wei": str(FACE), "expires_in_s": 3_600}
        prepared = ask.prepare_listing(data=wish)
        signed = signature_of("ada", written(prepared.typed_data))
        kept = ask.receive_listing(data=written(prepared.listing) | {"signature": signed})
        shown = ask.show_listing(parameters={"listing": kept.listing})
        assert (shown.seat, shown.price_wei) == (seat.seat, str(FACE))

        bought = ask.prepare_purchase(data={"account": bo, "listing": kept.listing})
        send(live, "bo", written(bought))
        live.mirror()
        assert ask.show_seat(parameters={"seat": seat.seat}).owner == bo
        assert ask.show_book(parameters={"drop": int(SESSION)}).listings == []
    assert live.market.contract.owner_of(SeatId(int(seat.seat))) == bo
