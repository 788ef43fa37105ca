from __future__ import annotations

from typing import Any

import pytest

from api.openapi.codes import add_codes, codes_of, operations_of
from api.problems import PROBLEMS


def document(**responses: str) -> dict[str, Any]:
    """A document of one operation, with what it says of each status."""
    said = {status.removeprefix("s"): {"description": one} for status, one in responses.items()}
    return {"paths": {"/seats": {"get": {"operationId": "list_seats", "responses": said}}}}


def test_a_code_is_read_where_it_is_written() -> None:
    said = {"description": "Not found (`not_found`); no terms (`terms_unpublished`), `seat`"}
    assert codes_of(said) == ["not_found", "terms_unpublished"]
    assert codes_of({"description": "Successful Response"}) == []


def test_a_code_joins_those_of_its_status_once() -> None:
    (one,) = operations_of(document(s404="Not found (`not_found`)"))
    for _ in range(2):
        add_codes(one, "terms_unpublished", "internal")
    assert one.responses["404"]["description"] == (
        f"Not found (`not_found`); {PROBLEMS['terms_unpublished'].title} (`terms_unpublished`)"
    )
    assert one.responses["500"] == {"description": "Our mistake (`internal`)"}
    assert one.codes == {"not_found", "terms_unpublished", "internal"}


def test_what_names_no_code_is_replaced() -> None:
    (one,) = operations_of(document(s422="Validation Error"))
    add_codes(one, "invalid_request")
    assert one.responses["422"]["description"] == "The request does not fit (`invalid_request`)"


def test_an_unknown_code_is_refused() -> None:
    (one,) = operations_of(document())
    with pytest.raises(KeyError):
        add_codes(one, "colourless")
