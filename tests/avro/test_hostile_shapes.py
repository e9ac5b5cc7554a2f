"""Schemas of Avro that nobody should write: a finding each, and no failure."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.inside import archlint

_DEEP = 10_000
_RECORD = '{"type":"record","name":"%s","fields":[{"name":"f","type":%s}]}'
_FILES = {
    "unions.avsc": (_RECORD % ("A", '["null",["int","string"]]'), "EVENT001"),
    "twice.avsc": (_RECORD % ("B", '["int","int"]'), "EVENT001"),
    "itself.avsc": (_RECORD % ("C", '"C"'), "EVENT003"),
    "circle.avsc": (_RECORD % ("D", _RECORD % ("E", '"D"')), "EVENT003"),
    "optional.avsc": (_RECORD % ("F", '["null","F"]'), ""),
    "items.avsc": (_RECORD % ("G", '{"type":"array","items":"G"}'), ""),
    "deep.avsc": ('{"type":"array","items":' * _DEEP + '"int"' + "}" * _DEEP, "LINT001"),
    "deeper.avsc": ("[" * _DEEP * 10, "LINT001"),
    "number.avsc": ("3", "EVENT001"),
    "none.avsc": ("null", "EVENT001"),
    "empty.avsc": ("{}", "EVENT001"),
}


def test_each_is_told_and_none_stops_the_run(tmp_path: Path) -> None:
    for path, (text, _) in _FILES.items():
        (tmp_path / path).write_text(text)
    selected = ("--ignore", "ALL", "--select", "EVENT", "--select", "LINT001")
    done = archlint("check", *selected, "--fail-on", "never", "--format", "json", cwd=tmp_path)
    assert (done.code, done.err) == (0, "")
    found: dict[str, set[str]] = {path: set() for path in _FILES}
    for each in json.loads(done.out)["findings"]:
        found[each["path"]].add(each["code"])
    assert found == {path: {code} - {""} for path, (_, code) in _FILES.items()}
