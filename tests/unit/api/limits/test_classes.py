from __future__ import annotations

import pytest

from api.limits.classes import SHARED, RouteClass, class_of, cost_of


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "/v1/auth/nonce", RouteClass.SIGN_IN),
        ("POST", "/v1/auth/verify", RouteClass.SIGN_IN),
        ("GET", "/v1/auth/session", RouteClass.READS),
        ("POST", "/v1/auth/sign-out", RouteClass.WRITES),
        ("GET", "/v1/access/check", RouteClass.CHECKS),
        ("POST", "/v1/access/check:batch", RouteClass.CHECKS),
        ("POST", "/v1/admissions", RouteClass.CHECKS),
        ("POST", "/v1/admissions/renew", RouteClass.CHECKS),
        ("POST", "/v1/tx/mint", RouteClass.PREPARING),
        ("GET", "/v1/drops/1/phases/0/eligibility", RouteClass.PREPARING),
        ("POST", "/v1/listings", RouteClass.WRITES),
        ("PUT", "/v1/drops/1/terms", RouteClass.WRITES),
        ("PATCH", "/v1/webhook-endpoints/whe_1", RouteClass.WRITES),
        ("DELETE", "/v1/api-keys/key_1", RouteClass.WRITES),
        ("DELETE", "/v1/recordings/1", RouteClass.WRITES),
        ("GET", "/v1/drops", RouteClass.READS),
        ("HEAD", "/v1/recordings/1/stream", RouteClass.READS),
        ("GET", "/nowhere", RouteClass.READS),
        ("POST", "/nowhere", RouteClass.WRITES),
        ("POST", "/v1/auth/nonce/", RouteClass.WRITES),
        ("GET", "/health/live", None),
        ("GET", "/health/ready", None),
    ],
)
def test_every_request_has_a_class_but_those_of_whoever_watches(
    method: str, path: str, kind: RouteClass | None
) -> None:
    assert class_of(method, path) is kind


def test_what_changes_something_is_counted_together() -> None:
    assert {RouteClass.SIGN_IN, RouteClass.WRITES} == SHARED


@pytest.mark.parametrize(
    ("path", "cost"),
    [
        ("/v1/access/check", 1),
        ("/v1/access/check:batch", 10),
        ("/v1/tx/buy", 1),
        ("/v1/tx/buy-many", 10),
        ("/v1/seats/1000001/metadata", 10),
        ("/v1/seats/1000001/image", 10),
        ("/v1/seats/1000001", 1),
    ],
)
def test_what_asks_many_things_at_once_counts_as_several(path: str, cost: int) -> None:
    assert cost_of(path) == cost
