"""Addresses in values and texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.services.addresses import LONGEST_TEXT, addresses_in_text, addresses_of_value
from tests.support.limits import within

THREE = (("a", 1, "x"), ("b", 2, ""), ("c", 3, ""))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("cart:9090", [("cart", 9090, "", "")]),
        ("a:1,b:2; c:3", [("a", 1, "", ""), ("b", 2, "", ""), ("c", 3, "", "")]),
        ("http://Cart.Shop.svc./x", [("cart.shop.svc", None, "http", "x")]),
        ("http://a:1,http://b:2", [("a", 1, "http", ""), ("b", 2, "http", "")]),
        ("http://a:1/?to=http://b:2 http://c:3", [("a", 1, "http", ""), ("c", 3, "http", "")]),
        ("http://a:1/x,y?z=http://b:2;http://c:3", [(name, at, "http", of) for name, at, of in THREE]),
        ("postgres://u:p%40:x@db:5432/shop?sslmode=x", [("db", 5432, "postgres", "shop")]),
        ("mongodb://u:p@a:1,b:2/shop", [("a", 1, "mongodb", "shop"), ("b", 2, "mongodb", "shop")]),
        ("jdbc:sqlserver://db:1433;databaseName=shop", [("db", 1433, "sqlserver", "shop")]),
        ("jdbc:oracle:thin:@//db:1521/shop", [("db", 1521, "oracle", "shop")]),
        ("user:pass@tcp(db:3306)/shop?parseTime=true", [("db", 3306, "mysql", "shop")]),
        ("host=db port=5432 dbname=shop user=x", [("db", 5432, "postgres", "shop")]),
        ("Server=db,1433;Initial Catalog=shop;User Id=x", [("db", 1433, "sqlserver", "shop")]),
        ("Server=db;Username=x;Password=y;", [("db", None, "sql", "")]),
        ("Server=db;Timeout=3", []),
        ("server=db user=x", []),
        ("lb:http://CART", [("cart", None, "http", "")]),
        ("lb://cart", [("cart", None, "lb", "")]),
        ("r2dbc:postgresql://db:5432/shop", [("db", 5432, "postgresql", "shop")]),
        ("r2dbc:pool:mysql://db/shop", [("db", None, "mysql", "shop")]),
        ("jdbc:mysql:loadbalance://a,b/shop", [("a", None, "mysql", "shop"), ("b", None, "mysql", "shop")]),
        ("jdbc:p6spy:mysql://db:3306/shop", [("db", 3306, "mysql", "shop")]),
        ("other:http://cart", []),
        ("dns:///cart:9090", [("cart", 9090, "dns", "")]),
        ("http://cart:$(PORT)", [("cart", None, "http", "")]),
        ("12:30", []),
        ("cart:99999", []),
        ("nginx:1.25", []),
        ("http://$(HOST):80", []),
        ("http://<host>:80", []),
        ("unix:///var/run/x.sock", []),
        ("key=value", []),
        ("text with cart:9090 in it", []),
        ("", []),
    ],
)
def test_values(value: str, expected: list[tuple[str, int | None, str, str]]) -> None:
    found = addresses_of_value(value)
    assert [(item.host, item.port, item.scheme, item.database) for item in found] == expected


def test_texts() -> None:
    text = (
        "server cart:80;\n# server other:80;\nurl='http://stock:8080/x' at 12:30:45 you@mail:25\n"
        "a.b.svc.cluster.local"
    )
    found = {(item.host, item.port) for item in addresses_in_text(text)}
    assert found == {("cart", 80), ("stock", 8080), ("a.b.svc.cluster.local", None)}


@given(st.text(alphabet="ab:/.@,;=$(){}[]0123456789-_ \n\"'%?&#jdc", max_size=400))
def test_any_text_is_read(text: str) -> None:
    addresses_of_value(text)
    list(addresses_in_text(text))


@pytest.mark.parametrize(
    "piece", ["a", "a.", "a:1", "://", "http://", "lb:", "a-:", ".svc", "a=b;", ":80", "a,", "@", "jdbc:"]
)
def test_long_texts_take_no_time(piece: str) -> None:
    text = (piece * LONGEST_TEXT)[:LONGEST_TEXT]

    def read() -> None:
        addresses_of_value(text)
        addresses_of_value(text[:4096])
        list(addresses_in_text(text))
        list(addresses_in_text("\n".join([text[:4000]] * 60)))

    within(5, read)
