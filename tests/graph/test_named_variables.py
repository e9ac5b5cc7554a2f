"""Variables without a value lead to the service that their names say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from archlint.finding import Confidence
from tests.graph.test_discovery import BUILT, calls

COMPOSE = (
    "services:\n  shop: {build: shop}\n  user-svc: {image: u}\n  carts: {image: c}\n  redis: {image: redis}\n"
)
BOTH: dict[str, Any] = {"compose.yaml": COMPOSE, "shop/Dockerfile": BUILT}


@pytest.mark.parametrize(
    ("path", "text", "callee"),
    [
        ("a.ts", "const url = process.env.USER_SERVICE_URL;\n", "user-svc"),
        ("a.ts", "host: configService.get('USER_SERVICE_HOST'),\n", "user-svc"),
        ("a.py", "url = os.environ['CART_API_URL']\n", "carts"),
        ("a.py", "class S(BaseSettings):\n    CARTS_SERVICE_URL: str\n", "carts"),
        ("a.go", 'url := os.Getenv("CARTS_ADDR")\n', "carts"),
        ("a.js", "connect(process.env.REDIS_HOST);\n", "redis"),
    ],
)
def test_names_lead_to_services(tmp_path: Path, path: str, text: str, callee: str) -> None:
    found = calls(tmp_path, BOTH | {f"shop/{path}": text})
    assert {ends: sure for ends, (_, sure) in found.items()} == {("shop", callee): Confidence.MEDIUM}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.ts", "const url = process.env.ORDER_SERVICE_URL;\n"),
        ("a.ts", "const url = process.env.SERVICE_URL;\n"),
        ("a.ts", "const url = process.env.CARTS;\n"),
        ("a.ts", "const url = process.env.CARTS_PORT;\n"),
        ("a.ts", "const url = process.env.CARTS_CALLBACK_URL;\n"),
        ("a.ts", "const url = process.env.SHOP_URL;\n"),
        ("a.py", "class S(BaseModel):\n    CARTS_URL: str\nx = os.getenv('Y')\n"),
    ],
)
def test_other_names_lead_to_nobody(tmp_path: Path, path: str, text: str) -> None:
    assert calls(tmp_path, BOTH | {f"shop/{path}": text}) == {}


def test_a_value_says_more_than_a_name(tmp_path: Path) -> None:
    compose = COMPOSE.replace("build: shop", "build: shop, environment: ['CARTS_URL=http://user-svc']")
    files = BOTH | {"compose.yaml": compose, "shop/a.js": "get(process.env.CARTS_URL);\n"}
    assert set(calls(tmp_path, files)) == {("shop", "user-svc")}
