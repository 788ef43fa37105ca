from __future__ import annotations

from traceback import format_exception

import pytest

from indexer.process import exit_code
from indexer.rpc.transport import NodeAddressInvalid, Transport


@pytest.mark.parametrize(
    "url",
    [
        "ftp://hunter2@node",
        "https://user:hunter2/3@node",
        "https://node:hunter2",
        "https://hunter2\u2100@node",
        "http://[hunter2]",
        f"https://hunter2{'a' * 64}.example",
        "https://node/hunter2 3",
        "https://node/hunter2é",
        "https://node/?hunter2=\x01",
    ],
)
def test_an_address_that_cannot_be_used_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(NodeAddressInvalid, match="Write http://HOST:PORT") as refusal:
        Transport(url, 1.0)

    assert "hunter2" not in "".join(format_exception(refusal.value))
    assert exit_code(refusal.value) == 2
