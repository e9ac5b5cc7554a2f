"""Images as the older side: the same findings as with the sources that they were made from."""

from __future__ import annotations

import gzip
import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.json_format import MessageToJson

from archlint.documents.proto.image import files_of_image
from archlint.documents.proto.json_image import NoImage
from archlint.documents.proto.protoc import published
from archlint.documents.proto.public_modules import VALIDATION, public_folder
from tests.proto.support import Files, lay_out, load, proto
from tests.proto.test_buf_lint import BUF
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
    read = files_of_image(files.SerializeToString(), is_json=False)
    assert [file.name for file in read.files] == ["shop/v1/cart.proto"]


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


_OWN = """\
syntax = "proto2";
package own;
import "google/protobuf/descriptor.proto";
import "google/protobuf/duration.proto";
extend google.protobuf.FieldOptions { optional Limit limit = 50001; }
message Limit { optional google.protobuf.Duration most = 1; optional int32 least = 2; }
"""
_ANNOTATED = """\
syntax = "proto3";
package shop.api;
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "buf/validate/validate.proto";
import "own.proto";
message Cart {
  string id = 1 [(buf.validate.field).string.max_len = MOST, (own.limit) = { most: { seconds: 3 } }];
  string note = 2NOTE;
  int32 count = 3 [(google.api.field_behavior) = REQUIRED];
}
service Carts { rpc Get(Cart) returns (Cart) { option (google.api.http) = { get: "/VERSION/{id}" }; } }
"""
_TURNS = {
    "old": {"MOST": "50", "NOTE": " [(google.api.field_behavior) = OPTIONAL]", "VERSION": "v1"},
    "new": {"MOST": "20", "NOTE": " [(google.api.field_behavior) = REQUIRED]", "VERSION": "v2"},
}
_API = ("google/api/annotations.proto", "google/api/http.proto", "google/api/field_behavior.proto")
_BY_OPTIONS = {"proto-http-changed", "proto-behavior-changed", "proto-validation-narrowed"}
_FORMS = [(), ("--exclude-imports", "--exclude-source-info")]


def _annotated(side: str) -> str:
    text = _ANNOTATED
    for word, turned in _TURNS[side].items():
        text = text.replace(word, turned)
    return text


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Both sides as folders and as images that buf itself has built."""
    folder = tmp_path_factory.mktemp("built")
    api = {name: place.read_text() for name in _API if (place := published(name)) is not None}
    validate = (public_folder() / VALIDATION).read_text()
    for side, own in (("old", OLD), ("new", NEW)):
        files = {**own, **api, VALIDATION: validate, "own.proto": _OWN, "api.proto": _annotated(side)}
        lay_out(folder / side, {**files, "buf.yaml": "version: v2\n"})
        for at, form in enumerate(_FORMS):
            for kind in ("binpb", "json.gz"):
                command = [BUF, "build", "-o", f"../{side}{at}.{kind}", *form]
                subprocess.run(command, cwd=folder / side, check=True, timeout=60)
    return folder


def _said(folder: Path, base: str, revision: str) -> set[tuple[str, str]]:
    done = archlint("breaking", base, revision, "--format", "json", cwd=folder)
    report = json.loads(done.out)
    assert not report["unread"]
    said = {
        (item["rule"], item["message"].replace("old/", "").replace("new/", "")) for item in report["findings"]
    }
    assert {"proto-http-changed", "proto-behavior-changed", "proto-validation-narrowed"} < {
        rule for rule, _ in said
    }
    return said


@pytest.mark.skipif(not BUF.exists(), reason="needs buf-bin")
@pytest.mark.parametrize("kind", ["binpb", "json.gz"])
@pytest.mark.parametrize("at", range(len(_FORMS)))
def test_images_of_buf_say_what_their_sources_say(at: int, kind: str, built: Path) -> None:
    assert _said(built, f"old{at}.{kind}", f"new{at}.{kind}") == _said(built, "old", "new")


def test_options_that_nobody_defines_are_told(tmp_path: Path) -> None:
    files = image(tmp_path / "old", {"cart.proto": proto("message Cart { string id = 1; }", "shop")})
    said = json.loads(MessageToJson(files))
    lay_out(tmp_path / "new", {"cart.proto": proto("message Cart { string id = 1; } message B {}", "shop")})
    unknown = {"[buf.validate.field]": {"required": True}, "[own.limit]": 3}
    said["file"][0]["messageType"][0]["field"][0]["options"] = unknown
    (tmp_path / "old.json").write_text(json.dumps(said))
    done = archlint("breaking", "old.json", "new", "--format", "json", cwd=tmp_path)
    report = json.loads(done.out)
    assert report["findings"] == []
    (notice,) = report["notices"]
    assert "buf.validate.field and own.limit" in notice["message"]
