"""Images as the older side: the same findings as with the sources that they were made from."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.json_format import MessageToJson

from archlint.documents.proto.image import NoImage, files_of_image
from tests.proto.support import Files, lay_out, load, proto
from tests.support.inside import archlint
from tests.support.process import commit_all

OLD = {
    "shop/v1/cart.proto": proto(
        'import "shop/v1/money.proto";\nmessage Cart {\n  string id = 1; Money sum = 2;\n}\n'
        "enum State { STATE_NONE = 0; STATE_OPEN = 1; }"
    ),
    "shop/v1/money.proto": proto("message Money { int64 units = 1; }"),
}
NEW = {
    "shop/v1/cart.proto": proto("message Cart {\n  string name = 1;\n}\nenum State { STATE_NONE = 0; }"),
    "shop/v1/money.proto": proto("message Money { string units = 1; }"),
}


def image(folder: Path, files: Files) -> FileDescriptorSet:
    """What a compiler would write of some files."""
    found = FileDescriptorSet()
    for source in load(folder, files).files:
        file = found.file.add()
        file.CopyFrom(source.descriptor)
        file.source_code_info.ParseFromString(source.places)
    return found


def told(folder: Path, base: str) -> list[tuple[Any, ...]]:
    """Rule, place, message and older lines of all findings, with the paths as the image has them."""
    done = archlint("breaking", base, "new", "--format", "json", cwd=folder)
    return [
        (
            *(finding["rule"], finding["path"], finding["line"], finding["column"], finding["message"]),
            [(item["line"], item["column"]) for item in finding["related"]],
        )
        for finding in json.loads(done.out)["findings"]
    ]


def test_an_image_stands_for_its_sources(tmp_path: Path) -> None:
    lay_out(tmp_path / "new" / "proto", NEW)
    files = image(tmp_path / "old" / "proto", OLD)
    expected = told(tmp_path, "old")
    assert len(expected) > 3
    binary, text = files.SerializeToString(), MessageToJson(files).encode()
    for name, data in (("old.binpb", binary), ("old.json", text), ("old.bin.gz", gzip.compress(binary))):
        (tmp_path / name).write_bytes(data)
        assert told(tmp_path, name) == expected, name


def test_an_image_is_a_newer_side_too(tmp_path: Path) -> None:
    for name, files in (("old", OLD), ("new", NEW)):
        found = image(tmp_path / name, files)
        (tmp_path / f"{name}.binpb").write_bytes(found.SerializeToString())
    expected = {(rule, path.removeprefix("new/"), line) for rule, path, line, *_ in told(tmp_path, "old")}
    for base in ("old", "old.binpb"):
        done = archlint("breaking", base, "new.binpb", "--format", "json", cwd=tmp_path)
        findings = json.loads(done.out)["findings"]
        assert {(each["rule"], each["path"], each["line"]) for each in findings} == expected, base


def test_an_image_is_read_from_git(tmp_path: Path) -> None:
    lay_out(tmp_path, {f"new/{path}": text for path, text in NEW.items()})
    (tmp_path / "old.binpb").write_bytes(image(tmp_path / "old", OLD).SerializeToString())
    expected = told(tmp_path, "old.binpb")
    commit_all(tmp_path)
    (tmp_path / "old.binpb").unlink()
    assert told(tmp_path, "HEAD:old.binpb") == expected


@pytest.mark.parametrize("name", ["old.txtpb", "old.binpb.zst"])
def test_a_form_that_is_not_read_is_told(name: str, tmp_path: Path) -> None:
    lay_out(tmp_path, {name: b"", **NEW})
    done = archlint("breaking", name, ".", cwd=tmp_path)
    assert done.code == 2
    assert "buf build -o old.binpb" in done.err


def test_what_is_only_imported_is_left_out(tmp_path: Path) -> None:
    files = image(tmp_path, OLD)
    for file in files.file:
        if "money" in file.name:
            file.MergeFromString(b"\xd2\xf6\x03\x02\x08\x01")  # field 8042, of which field 1 is true
    assert [*files_of_image(files.SerializeToString(), is_json=False)] == ["shop/v1/cart.proto"]


@pytest.mark.parametrize("data", [b"", b"junk", b"{}", b"[]", b"null", b'{"file": [3]}', b"\x0a\xff\xff\xff"])
def test_what_is_no_image_is_told(data: bytes) -> None:
    for is_json in (True, False):
        with pytest.raises(NoImage):
            files_of_image(data, is_json=is_json)


def test_places_that_no_text_has_are_forgotten(tmp_path: Path) -> None:
    lay_out(tmp_path / "new", NEW)
    files = image(tmp_path / "old", OLD)
    for span in ([2_000_000_000, 0, 3], [-1, 0, 3], [1], [0, 0, 2_000_000_000]):
        for file in files.file:
            file.source_code_info.location[0].span[:] = span
        (tmp_path / "old.binpb").write_bytes(files.SerializeToString())
        assert len(told(tmp_path, "old.binpb")) > 3


def test_a_broken_image_is_no_verdict(tmp_path: Path) -> None:
    lay_out(tmp_path, {"old.binpb": b"junk", "old.bin.gz": gzip.compress(b"x")[:-9], **NEW})
    for name in ("old.binpb", "old.bin.gz"):
        done = archlint("breaking", name, ".", cwd=tmp_path)
        assert done.code == 2
        assert "is no image of proto files" in done.err
