from __future__ import annotations

import json
import traceback

import pytest

from marketplace.client import SeatmarketClient
from marketplace.client.access import Check
from marketplace.client.errors import ApiKeyUnusable, ApiRefused, ApiUnavailable, SignInRequired
from marketplace.domain.ids import DropId
from tests.unit.marketplace.client.told import ADA, BO, URL, always, problem

KEY = "seats_key_" + "Ab-_" * 10 + "xyz"
DROP = DropId(1)


@pytest.mark.parametrize(
    "text", ["", KEY[:-1], f"{KEY}x", f" {KEY}", f"{KEY}\n", "Bearer secret", f"Bearer {KEY}"]
)
def test_a_text_that_is_no_key_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ApiKeyUnusable) as unusable:
        SeatmarketClient(URL, api_key=text)
    said = "".join(traceback.format_exception(unusable.value))
    assert KEY[:-1] not in said
    assert "secret" not in said


def test_a_key_goes_with_every_request_and_is_never_shown() -> None:
    api = always(problem(503, "storage"))
    client = api.client(api_key=KEY)
    for _ in range(2):
        with pytest.raises(ApiUnavailable) as unavailable:
            client.webhooks()
        assert KEY not in "".join(traceback.format_exception(unavailable.value))
    assert [one.headers["Authorization"] for one in api.asked] == [f"Bearer {KEY}"] * 2
    assert KEY not in f"{client!r} {client._transport!r}"  # noqa: SLF001 - that is the question


def test_with_a_key_nobody_signs_in() -> None:
    api = always(problem(401, "api_key_ended"))
    client = api.client(api_key=KEY)
    with pytest.raises(ApiKeyUnusable, match="nobody signs in; make another client"):
        client.sign_in(ADA)
    assert api.asked == []
    with pytest.raises(SignInRequired):
        client.webhooks()


def test_questions_about_others_name_them_and_others_do_not() -> None:
    api = always(problem(404, "not_found"))
    client = api.client(api_key=KEY)
    for account in (BO.address, None):
        with pytest.raises(ApiRefused, match="not_found"):
            client.check_access("see_resale", DROP, account=account)
        with pytest.raises(ApiRefused, match="not_found"):
            client.check_many([Check("see_resale", DROP)], account=account)
    about, many_about, own, many_own = api.asked
    assert about.url.params["account"] == BO.address
    assert json.loads(many_about.content)["account"] == BO.address
    assert "account" not in own.url.params
    assert "account" not in json.loads(many_own.content)
