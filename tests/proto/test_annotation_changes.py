"""Which routes of HTTP answer others, and what messages are used for."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from archlint.comparison.protobuf.routes import answers, template
from archlint.comparison.protobuf.usage import usage_of
from archlint.model.protobuf import schemas
from archlint.model.protobuf.annotations import HttpBinding
from tests.proto.support import world

_WORDS = st.sampled_from(["carts", "users", "v1"])
_SEGMENTS = st.one_of(_WORDS, st.just("*"), st.just("{id}"), st.just("{name=carts/*}"))
_ENDS = st.sampled_from(["", "/**", "/{rest=**}", ":close", "/*:close"])
_PATHS = st.builds(
    lambda parts, end: "/" + "/".join(parts) + end, st.lists(_SEGMENTS, min_size=1, max_size=8), _ENDS
)


def _matches(path: str, called: str) -> bool:
    parts = {"**": ".*", "*": "[^/:]+"}
    pattern = "".join(parts.get(part, re.escape(part)) for part in re.split(r"(\*\*|\*)", template(path)))
    return re.fullmatch(pattern, called) is not None


@settings(max_examples=150)
@given(_PATHS, _PATHS, st.lists(_WORDS, min_size=8, max_size=8))
def test_a_route_that_answers_another_takes_all_its_paths(wide: str, narrow: str, words: list[str]) -> None:
    one, other = HttpBinding("get", wide), HttpBinding("get", narrow)
    assert answers(one, one)
    assert not answers(one, HttpBinding("post", wide))
    if answers(one, other):
        left = iter(words * 4)
        called = re.sub(r"\*\*|\*", lambda _: next(left), template(narrow))
        assert _matches(wide, called)


def test_what_is_output_only_is_sent_by_nobody(tmp_path: Path) -> None:
    text = """\
syntax = "proto3";
import "google/api/field_behavior.proto";
service Carts { rpc Put(Cart) returns (Done); }
message Cart { Total total = 1 [(google.api.field_behavior) = OUTPUT_ONLY]; Line line = 2; }
message Done { Cart cart = 1; }
message Total {}
message Line { Line next = 1; }
message Alone {}
"""
    usage = usage_of(world(tmp_path, {"cart.proto": text}).reading(schemas))
    assert usage.sent == {"Cart", "Line"}
    assert usage.received == {"Done", "Cart", "Total", "Line"}
    assert usage.is_sent("Alone")
    assert not usage.is_sent("Total")
