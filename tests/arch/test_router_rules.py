"""Rules of routers of Traefik are read as hosts and paths, or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.exposure.path_matches import EVERYTHING, Mode, PathMatch
from archlint.model.exposure.router_rules import router_rule

_NAMES = st.sampled_from(("a.example.com", "b.example.com", "c.example.com"))
_PATHS = st.sampled_from(("/a", "/a/b", "/orders"))
_QUOTES = st.sampled_from(("`", '"', "'"))


@given(st.lists(_NAMES, min_size=1, max_size=3), st.lists(_PATHS, max_size=3), st.booleans(), _QUOTES)
def test_a_conjunction_of_hosts_and_paths_is_read(
    hosts: list[str], paths: list[str], is_prefix: bool, quote: str
) -> None:
    matcher, mode = ("PathPrefix", Mode.LETTERS) if is_prefix else ("Path", Mode.EXACT)
    parts = [f"Host({', '.join(f'{quote}{host}{quote}' for host in hosts)})"]
    if paths:
        parts.append(f"{matcher}({', '.join(f'{quote}{path}{quote}' for path in paths)})")
    expected = [PathMatch(path, mode) for path in paths] or [EVERYTHING]
    assert router_rule(" && ".join(parts)) == (tuple(dict.fromkeys(hosts)), expected)


@pytest.mark.parametrize(
    ("rule", "hosts", "paths"),
    [
        ("Host(`A.example.com`) || Host(`b.example.com`)", ("a.example.com", "b.example.com"), [EVERYTHING]),
        ("PathPrefix(`/a`) || Path(`/b`)", (), [PathMatch("/a", Mode.LETTERS), PathMatch("/b", Mode.EXACT)]),
        ("PathPrefix(`/{id}/b`)", (), [None]),
        ("Host(`a`) && Method(`GET`) && Headers(`x`, `y`)", ("a",), [EVERYTHING]),
        ("Host(`a`) || PathPrefix(`/b`)", (), [None]),
        ("Host(`a`) && !PathPrefix(`/b`)", (), [None]),
        ("HostRegexp(`.*`)", (), [None]),
        ("", (), [None]),
        ("((((" * 1000, (), [None]),
        ("Host(`a`) && " * 1000, (), [None]),
    ],
)
def test_what_is_not_understood_is_unknown(
    rule: str, hosts: tuple[str, ...], paths: list[PathMatch | None]
) -> None:
    assert router_rule(rule) == (hosts, paths)
