from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.storage.canonical import Canonical, Decoded, decode, encode
from marketplace.storage.errors import ValueRefusedError

scalars = st.booleans() | st.integers(-(2**256), 2**256 - 1) | st.text() | st.binary(max_size=40)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_keys_are_sorted_at_every_depth_and_nothing_is_spaced() -> None:
    assert encode({"b": True, "a": {"d": "x", "c": "y"}}) == '{"a":{"c":"y","d":"x"},"b":true}'


def test_an_integer_of_any_size_becomes_decimal_text() -> None:
    assert encode({"price": 2**256 - 1, "tick": -5}) == (
        '{"price":"115792089237316195423570985008687907853269984665640564039457584007913129639935",'
        '"tick":"-5"}'
    )


def test_bytes_become_lower_case_hex() -> None:
    assert encode({"root": b"\xab\x00"}) == '{"root":"0xab00"}'


def test_a_boolean_is_not_an_integer() -> None:
    assert encode({"locked": True, "count": 1}) == '{"count":"1","locked":true}'


@pytest.mark.parametrize("hostile", ["\0", "\ud800", "\u2028", "é", "🪑", '"', "\\"])
def test_any_text_from_the_chain_is_kept_in_ascii(hostile: str) -> None:
    text = encode({"uri": hostile})

    assert text.isascii()
    assert "\0" not in text
    assert decode(text) == {"uri": hostile}


@pytest.mark.parametrize("value", [1.0, None, {1, 2}, object()])
def test_what_has_no_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(ValueRefusedError, match="canonical JSON"):
        encode({"x": value})  # type: ignore[dict-item] # the refusal of wrong types is the point


def test_a_key_that_is_not_text_is_refused() -> None:
    with pytest.raises(ValueRefusedError, match="a key is a int"):
        encode({"x": {1: "one"}})  # type: ignore[dict-item] # the refusal of wrong types is the point


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{",
        '{"a": "b"}',
        '{"b":"1","a":"2"}',
        '{"a":1}',
        '{"a":null}',
        '{"a":"b","a":"b"}',
    ],
)
def test_a_text_that_encode_would_not_write_is_refused(text: str) -> None:
    with pytest.raises(ValueRefusedError):
        decode(text)


@given(st.dictionaries(st.text(), values, max_size=4))
def test_decoding_gives_the_values_with_integers_and_bytes_as_text(
    named: dict[str, Canonical],
) -> None:
    text = encode(named)

    assert decode(text) == spelled(named)
    assert encode(decode(text)) == text
    assert json.loads(text) == spelled(named)


def spelled(value: Canonical) -> Decoded:
    if isinstance(value, dict):
        return {key: spelled(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [spelled(inner) for inner in value]
    if isinstance(value, bytes):
        return "0x" + value.hex()
    if isinstance(value, bool | str):
        return value
    return str(value)
