"""What is kept comes back as it was, whichever library writes or reads it."""

from __future__ import annotations

import json
import sys
from typing import Any
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.cache import encoded as module
from archlint.cache.encoded import decoded, encoded
from archlint.finding.data import from_data, to_data
from archlint.finding.finding import Finding, Location, Witness
from archlint.finding.place import Span
from archlint.finding.vocabulary import Confidence, Severity

TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)


@given(VALUES, st.booleans(), st.booleans())
def test_data_come_back_as_they_were(value: Any, is_written_by_it: bool, is_read_by_it: bool) -> None:
    absent = mock.patch.dict(sys.modules, {"orjson": None})
    with mock.patch.object(module, "MUCH", 0):
        if is_written_by_it:
            written = encoded(value)
        else:
            with absent:
                written = encoded(value)
        if is_read_by_it:
            assert decoded(written) == value
        else:
            with absent:
                assert decoded(written) == value


@pytest.mark.parametrize("damaged", [b"", b"{", b'{"a": nul}', b"\xff\xfe{}", b" {"])
def test_what_is_no_json_is_an_error_of_value(damaged: bytes) -> None:
    for much in (0, module.MUCH):
        with mock.patch.object(module, "MUCH", much), pytest.raises(ValueError, match=r".*"):
            decoded(damaged)


@pytest.mark.parametrize("value", [float("inf"), 10**400, -(2**70), 0.1, {"a": [2**64]}, "\ud800", None])
def test_witnesses_may_be_anything(value: Any) -> None:
    finding = Finding(
        *("OAS500", "some-rule", Severity.ERROR, Confidence.HIGH, "Text.", "default", {"a": "b"}),
        Location("a.yaml", Span(1, 2, 3, 4), 0, "/a", None, ""),
        "0" * 32,
        None,
        witness=Witness(value, "base", "revision"),
    )
    data = to_data([finding])
    assert from_data(decoded(encoded(data))) == from_data(json.loads(json.dumps(data))) == (finding,)
    assert encoded(data).startswith(b"{")
