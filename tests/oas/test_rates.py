"""Rate limits in the forms that people and gateways write."""

from __future__ import annotations

from typing import Any

import pytest

from archlint.model.openapi.rates import RateLimit
from tests.oas.worlds import world_of


def limits(extension: dict[str, Any]) -> list[tuple[float, float]]:
    document = {
        "openapi": "3.0.3",
        "info": {"title": "T", "version": "1"},
        "paths": {"/v1/a": {"get": extension}},
    }
    return [(found.requests, found.minutes) for found in world_of({"openapi.json": document}).all(RateLimit)]


@pytest.mark.parametrize(
    ("extension", "found"),
    [
        ({"x-rate-limit": 100}, [(100, 1)]),
        ({"x-ratelimit-limit": "100"}, [(100, 1)]),
        ({"x-rate-limit": "120/min"}, [(120, 1)]),
        ({"x-rate-limit": "5 requests per hour"}, [(5, 60)]),
        ({"x-rate-limit": "10k per day"}, [(10_000, 1440)]),
        ({"x-rate-limit": {"limit": 10, "window": 60}}, [(10, 1)]),
        ({"x-rate-limit": {"limit": 10, "window": "1m"}}, [(10, 1)]),
        ({"x-rate-limit": {"max": 10, "period": "2 hours"}}, [(10, 120)]),
        ({"x-rate-limit": {"requests": 10, "per": "second"}}, [(10, 1 / 60)]),
        ({"x-rate-limit": {"limit": 10, "duration": 10, "unit": "second"}}, [(10, 1 / 6)]),
        (
            {"x-rate-limits": [{"limit": 1, "window": "1s"}, {"limit": 9, "window": "1h"}]},
            [(1, 1 / 60), (9, 60)],
        ),
        ({"x-rate-limit": {"free": {"limit": 5, "unit": "minute"}, "paid": {"rpm": 50}}}, [(5, 1), (50, 1)]),
        ({"x-rate-limit": {"requests_per_minute": 60}}, [(60, 1)]),
        ({"x-rate-limit": {"requestsPerSecond": 6}}, [(6, 1 / 60)]),
        ({"x-kong-plugin-rate-limiting": {"config": {"minute": 5, "hour": 100}}}, [(5, 1), (100, 60)]),
        ({"x-yc-apigateway-rate-limit": {"allRequests": {"rps": 3}}}, [(3, 1 / 60)]),
        (
            {"x-kuadrant": {"rate_limit": {"rates": [{"limit": 2, "duration": 10, "unit": "second"}]}}},
            [(2, 1 / 6)],
        ),
        ({"x-tyk-api-gateway": {"middleware": {"rateLimit": {"rate": 10, "per": "60s"}}}}, [(10, 1)]),
        ({"x-throttling-limit": {"requestCount": 1000, "unit": "MIN"}}, [(1000, 1)]),
        ({"x-wso2-throttling-tier": "10KPerMin"}, [(10_000, 1)]),
        (
            {
                "x-google-management": {
                    "quota": {"limits": [{"unit": "1/min/{project}", "values": {"STANDARD": 7}}]}
                }
            },
            [(7, 1)],
        ),
        ({"x-rate-limit": {"enabled": True, "policy": "gold", "limit": "unlimited"}}, []),
        ({"x-rate-limit": None}, []),
        ({"x-rate-limit": [[[["soon"]]]]}, []),
        ({"x-rate-limit": {"limit": 5, "window": 0}}, [(5, 1)]),
        ({"x-color": 100}, []),
    ],
)
def test_form(extension: dict[str, Any], found: list[tuple[float, float]]) -> None:
    assert limits(extension) == [pytest.approx(pair) for pair in found]
