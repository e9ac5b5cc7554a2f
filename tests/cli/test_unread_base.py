"""Contracts whose older versions cannot be read: that nobody knows what changed is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.proto.support import lay_out
from tests.support.inside import archlint
from tests.support.process import commit_all

PROTO = 'syntax = "proto3";\npackage shop.v1;\nmessage Cart { string id = 1%s }\n'
OPENAPI = "openapi: 3.0.3\ninfo: {title: Shop, version: 1.0.0%s\npaths: {}\n"
BROKEN = {"cart.proto": PROTO % "", "openapi.yaml": OPENAPI % ""}
WHOLE = {"cart.proto": PROTO % ";", "openapi.yaml": OPENAPI % "}"}


def notices(folder: Path) -> list[tuple[str, str]]:
    done = archlint("check", ".", "--base", "HEAD", "--format", "json", cwd=folder)
    found = [(each["path"], each["message"]) for each in json.loads(done.out)["notices"]]
    return [each for each in found if "not compared" in each[1]]


@pytest.mark.parametrize("name", sorted(BROKEN))
def test_what_could_not_be_compared_is_told(name: str, tmp_path: Path) -> None:
    lay_out(tmp_path, {**WHOLE, name: BROKEN[name]})
    commit_all(tmp_path)
    lay_out(tmp_path, WHOLE)
    told = "it was not compared with its older version, which cannot be read (line 3 there)"
    assert notices(tmp_path) == [(name, told)]


def test_several_are_one_notice(tmp_path: Path) -> None:
    lay_out(tmp_path, BROKEN)
    commit_all(tmp_path)
    lay_out(tmp_path, WHOLE)
    ((_, told),) = notices(tmp_path)
    assert told.endswith("; nor was 1 more")


def test_what_cannot_be_read_now_either_is_told_as_that(tmp_path: Path) -> None:
    lay_out(tmp_path, BROKEN)
    commit_all(tmp_path)
    assert notices(tmp_path) == []
