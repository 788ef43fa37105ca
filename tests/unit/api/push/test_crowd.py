from __future__ import annotations

from contextlib import ExitStack

import pytest

from api.push.crowd import Crowd
from api.push.errors import StreamsBusy


def test_one_address_has_no_more_than_its_share() -> None:
    crowd = Crowd(most=10, most_of_one=2)
    with ExitStack() as stack:
        for account in ("ada", "bo"):
            stack.enter_context(crowd.one(("10.0.0.1", account)))
        with pytest.raises(StreamsBusy) as refused, crowd.one(("10.0.0.1", "cleo")):
            pass
        assert refused.value.most == 2
        with crowd.one(("10.0.0.2", "cleo")):
            assert crowd.size == 3
    assert crowd.size == 0


def test_one_account_has_no_more_than_its_share_from_wherever() -> None:
    crowd = Crowd(most=10, most_of_one=1)
    with crowd.one(("10.0.0.1", "ada")), pytest.raises(StreamsBusy), crowd.one(("10.0.0.2", "ada")):
        pass
    # Whoever has left may come again.
    with crowd.one(("10.0.0.2", "ada")):
        assert crowd.size == 1


def test_all_together_have_a_bound() -> None:
    crowd = Crowd(most=1, most_of_one=1)
    with crowd.one(("10.0.0.1",)), pytest.raises(StreamsBusy), crowd.one(("10.0.0.2",)):
        pass
    with crowd.one(("10.0.0.2",)):
        assert crowd.size == 1
