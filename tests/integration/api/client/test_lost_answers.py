from __future__ import annotations

from typing import TYPE_CHECKING

import httpx
import pytest

from api.app import create_app
from marketplace.client import SeatmarketClient
from marketplace.client.errors import AnswerLost
from tests.integration.api.client.people import signer
from tests.integration.api.world import InProcess

if TYPE_CHECKING:
    from tests.integration.api.client.people import People


class LosingAnswers(httpx.BaseTransport):
    """Carries out what it is asked, and loses as many of the next answers as it is told."""

    def __init__(self, inner: httpx.BaseTransport) -> None:
        self._inner = inner
        self.lose = 0
        self.sent = 0

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        answer = self._inner.handle_request(request)
        self.sent += 1
        if self.lose > 0:
            self.lose -= 1
            raise httpx.RemoteProtocolError("Server disconnected", request=request)
        return answer


@pytest.fixture
def losing(people: People) -> LosingAnswers:
    return LosingAnswers(InProcess(create_app(people.live.parts)))


@pytest.fixture
def mentor(people: People, losing: LosingAnswers) -> SeatmarketClient:
    client = SeatmarketClient(people.live.parts.origin.url, market=people.market, transport=losing)
    client.sign_in(signer("mentor"))
    return client


def test_a_key_whose_answers_were_lost_is_made_once_and_shown(
    mentor: SeatmarketClient, losing: LosingAnswers
) -> None:
    losing.lose, losing.sent = 2, 0
    made = mentor.make_api_key("Door", ["events:read"], expires_in_s=86_400)
    assert losing.sent == 3
    assert [one.id for one in mentor.my_api_keys().keys] == [made.id]
    assert made.key

    again = mentor.make_api_key("Door", ["events:read"], expires_in_s=86_400)
    assert again.id != made.id


def test_what_may_have_been_done_without_a_key_is_left_to_the_caller(
    mentor: SeatmarketClient, losing: LosingAnswers
) -> None:
    made = mentor.make_api_key("Door", ["events:read"], expires_in_s=86_400)
    losing.lose, losing.sent = 1, 0
    with pytest.raises(AnswerLost):
        mentor.end_api_key(made.id)
    assert losing.sent == 1
    assert mentor.my_api_keys().keys == ()
