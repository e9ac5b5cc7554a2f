"""Traits win over what they are applied to in version 2, and give way to it in version 3."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from archlint.model.asyncapi import AsyncDescription, Piece
from tests.kube.worlds import world_of

_OWN, _TRAIT = {"type": "object", "title": "own"}, {"type": "string", "minLength": 1}


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2.6.0", {"type": "string", "title": "own", "minLength": 1}),
        ("3.0.0", {"type": "object", "title": "own", "minLength": 1}),
    ],
)
def test_which_side_wins(tmp_path: Path, version: str, expected: dict[str, Any]) -> None:
    message = {"headers": _OWN, "traits": [{"$ref": "#/components/messageTraits/t"}]}
    parts = {"messages": {"m": message}, "messageTraits": {"t": {"headers": _TRAIT}}}
    text = json.dumps({"asyncapi": version, "channels": {}, "components": parts})
    (description,) = world_of(tmp_path, {"asyncapi.json": text}).all(AsyncDescription)
    (node,) = description.pieces.of(Piece.MESSAGE)
    assert description.stated(node, "headers").value == expected
