"""Which hosts commands connect to, and whether they go on only when these answer."""

from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.startup.commands import asked_hosts
from tests.support.limits import within

RESERVED = ("do", "done", "then", "fi", "until", "while", "if", "else", "in", "case")
"""Words of a shell, which are such at the beginning of a command alone."""
HOSTS = st.sampled_from(RESERVED) | st.from_regex(
    r"[a-z][a-z0-9-]{0,20}[a-z0-9](\.[a-z]{1,9}){0,2}", fullmatch=True
)
PORTS = st.integers(1, 65535)
FORMS = (
    ("until nc -z {host} {port}; do sleep 2; done", True),
    ("while ! nc -z -w 3 {host} {port} ; do sleep 1 ; done", True),
    ("until curl -sf http://{host}:{port}/health; do echo waiting; sleep 1; done", True),
    ("until (echo > /dev/tcp/{host}/{port}) 2>/dev/null; do sleep 1; done", True),
    ("./wait-for-it.sh {host}:{port} --timeout=0 -- ./run", True),
    ("dockerize -wait tcp://{host}:{port} -timeout 60s", True),
    ("nc -z {host} {port}", False),
    ("until nc -z {host} {port}; do sleep 2; done || true", False),
    ("for i in 1 2 3; do nc -z {host} {port} && break; done", False),
)


@given(host=HOSTS, port=PORTS, form=st.sampled_from(FORMS))
def test_the_host_and_port_of_each_form_are_found(host: str, port: int, form: tuple[str, bool]) -> None:
    text, awaited = form
    parts = ["sh", "-c", text.format(host=host, port=port)]
    assert [(item.host, item.port, item.item, item.is_awaited) for item in asked_hosts(parts, {})] == [
        (host, port, 2, awaited)
    ]


@given(host=HOSTS, port=PORTS)
def test_parts_and_one_text_mean_the_same(host: str, port: int) -> None:
    text = f"wait-for-it {host}:{port} -t 0"
    whole = asked_hosts([text], {})
    apart = asked_hosts(shlex.split(text), {})
    assert (
        [(item.host, item.port) for item in whole]
        == [(item.host, item.port) for item in apart]
        == [(host, port)]
    )


@pytest.mark.parametrize(
    "text",
    [
        "until nslookup orders; do sleep 1; done",
        "until nc -z $UNKNOWN 8080; do sleep 1; done",
        "echo nc orders",
        "until test -f /ready; do sleep 1; done",
        "sleep 5 && ./run --peer orders:8080",
    ],
)
def test_what_connects_to_nobody_asks_nobody(text: str) -> None:
    assert asked_hosts(["sh", "-c", text], {}) == []


def test_variables_that_are_known_are_filled_in() -> None:
    text = "until pg_isready -h $(DB_HOST) -p ${DB_PORT}; do sleep 1; done"
    found = asked_hosts(["sh", "-c", text], {"DB_HOST": "orders-db", "DB_PORT": "5432"})
    assert [item.host for item in found] == ["orders-db"]


@given(st.lists(st.text(alphabet="nc -wzh|&;(){}$'\"\n:/.=<>0aitfor", max_size=200), max_size=6))
def test_no_text_is_too_odd(parts: list[str]) -> None:
    for item in asked_hosts(parts, {"a": "b"}):
        assert 0 <= item.item < len(parts)


@pytest.mark.parametrize("piece", ["nc ", "until ", "$(a)", "wait-for a:1 ", "--host=", "(", "/dev/tcp/a/1 "])
def test_long_commands_take_no_longer_than_their_text(piece: str) -> None:
    within(2, lambda: asked_hosts([piece * 20_000] * 3, {"a": "b" * 100}))
