"""Image references: a colon is not always a tag."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from archlint.model.kubernetes.images import ImageReference, image_fault, is_filled_in, parse_image
from tests.support.sampling import usually


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("nginx", ImageReference("nginx", "", "")),
        ("nginx:1.2", ImageReference("nginx", "1.2", "")),
        ("host:5000/shop/cart", ImageReference("host:5000/shop/cart", "", "")),
        ("host:5000/shop/cart:1.2", ImageReference("host:5000/shop/cart", "1.2", "")),
        ("shop/cart@sha256:ab", ImageReference("shop/cart", "", "sha256:ab")),
        ("shop/cart:latest@sha256:ab", ImageReference("shop/cart", "latest", "sha256:ab")),
    ],
)
def test_parts(written: str, parts: ImageReference) -> None:
    assert parse_image(written) == parts


@pytest.mark.parametrize(
    ("written", "moves"),
    [("a", True), ("a:latest", True), ("a:1", False), ("h:1/a", True), ("a:latest@sha256:ab", False)],
)
def test_moves(written: str, moves: bool) -> None:
    assert parse_image(written).moves is moves


# The grammar of the reference, written down from its definition and not from our reader.
_HOST_WORD = r"[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?"
_HOST = rf"(?:{_HOST_WORD}(?:\.{_HOST_WORD})*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?"
_PART = r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*"
_REST = (
    rf"({_PART}(?:/{_PART})*)(?::[a-zA-Z0-9_][a-zA-Z0-9_.-]{{0,127}})?"
    r"(?:@(?:sha256:[a-f0-9]{64}|sha384:[a-f0-9]{96}|sha512:[a-f0-9]{128}))?"
)
_PIECES = (
    *("a", "Shop", "cart", "localhost", "r.example", ":5000", ":", "/", "//", "@", ".", "_", "__", "-", "é"),
    *(" ", "1.0", "v1", "[::1]", "x" * 128, "y" * 129, "e" * 64, "sha256:" + "a1" * 32),
    *("sha256:" + "A1" * 32, "sha256:ab", "sha512:" + "0" * 128, "md5:" + "0" * 32),
)
_texts = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=8).map("".join)


def _is_reference(text: str) -> bool:
    first, slash, rest = text.partition("/")
    is_host = bool(slash) and ("." in first or ":" in first or first == "localhost" or first != first.lower())
    if is_host and not re.fullmatch(_HOST, first):
        return False
    found = re.fullmatch(_REST, rest if is_host else text)
    if found is None or len(found[1]) > 255:
        return False
    return is_host or not re.fullmatch("[0-9a-f]{64}", found[1])


@settings(max_examples=usually(200, 2000))
@given(_texts)
@example("app:")
@example("app@")
@example("r.example/team/app:")
@example("r.example/team/app@")
@example("r.example:5000/team/app:1.2@sha256:" + "a1" * 32)
@example("Shop/cart")
@example("shop/Cart")
@example("https://r.example/app")
@example("-app")
@example("a/" * 127 + "ab")
@example("a/" * 127 + "abcd")
def test_what_the_grammar_refuses_is_a_fault(text: str) -> None:
    """Nothing else is one, and each is told in words."""
    fault = image_fault(text)

    assert (fault is None) is _is_reference(text), fault


_FILLED_IN = (
    *("${IMAGE}", "{{ .Values.image }}", "<image>", "%IMAGE%", "#{image}#", "((image))", "__IMAGE__"),
    *("{image}", "IMAGE", "IMAGE:TAG", "gcr.io/PROJECT_ID/app:1", "ko://example.com/cmd/app", "@@image@@"),
)


@pytest.mark.parametrize("text", _FILLED_IN)
def test_what_somebody_fills_in_is_no_reference_yet(text: str) -> None:
    assert is_filled_in(text)


@pytest.mark.parametrize("text", ["app:RELEASE", "Shop/cart", "app", "r.example/Cart:1", "app:", "app@"])
def test_capitals_alone_make_no_placeholder(text: str) -> None:
    assert not is_filled_in(text)
