"""Ports of a rule: which numbers they mean, and how they are told."""

from __future__ import annotations

from json import dumps
from typing import Any

import pytest

from archlint.documents import load_text
from archlint.files import Kind
from archlint.model.network.ports import ports_of


def told(ports: Any) -> list[str] | None:
    [document] = load_text("a.json", dumps({"ports": ports}), Kind.KUBERNETES).documents
    found = ports_of(document.root.get("ports"))
    return None if found is None else [str(each) for each in found]


@pytest.mark.parametrize(
    ("port", "text"),
    [
        ({"port": 8080}, "8080"),
        ({"port": 8080, "protocol": "TCP"}, "8080"),
        ({"port": 8000, "endPort": 8999}, "8000-8999"),
        ({"port": 8000, "endPort": 8000}, "8000"),
        ({"port": "http"}, "http"),
        ({"port": "8080"}, "8080"),
        ({"port": "080808"}, "080808"),
        ({"port": 53, "protocol": "UDP"}, "UDP 53"),
        ({"protocol": "SCTP"}, "SCTP all ports"),
        ({}, "all ports"),
        ({"port": 0, "endPort": 65535}, "all ports"),
        ({"port": 0, "endPort": 65534}, "0-65534"),
        ({"port": 1, "endPort": 65535}, "1-65535"),
    ],
)
def test_how_a_port_is_told(port: dict[str, Any], text: str) -> None:
    assert told([port]) == [text]


@pytest.mark.parametrize(
    "port",
    [
        {"port": 8000, "endPort": 7000},
        {"endPort": 5},
        {"port": "http", "endPort": 5},
        {"port": 1, "endPort": 65536},
    ],
)
def test_a_range_that_is_refused_is_no_port(port: dict[str, Any]) -> None:
    assert told([port]) == []


@pytest.mark.parametrize("ports", [None, []])
def test_no_ports_are_all(ports: Any) -> None:
    assert told(ports) is None


@pytest.mark.parametrize("ports", [[7], ["http"], [{"port": []}], "http"])
def test_what_is_no_port_is_left_out(ports: Any) -> None:
    assert told(ports) == []


@pytest.mark.parametrize(
    ("port", "has", "lacks"),
    [
        ({"port": 80}, (80,), (79, 81)),
        ({"port": 80, "endPort": 82}, (80, 81, 82), (79, 83)),
        ({}, (0, 1, 65535), ()),
        ({"port": "http"}, (), (0, 80)),
    ],
)
def test_numbers(port: dict[str, Any], has: tuple[int, ...], lacks: tuple[int, ...]) -> None:
    [document] = load_text("a.json", dumps({"ports": [port]}), Kind.KUBERNETES).documents
    [found] = ports_of(document.root.get("ports")) or ()
    assert [number for number in (*has, *lacks) if found.has(number)] == list(has)
