"""Whatever proto files define: what only has another name, package or file is told once."""

from __future__ import annotations

import json
from pathlib import Path

from google.protobuf.descriptor_pb2 import FileDescriptorProto
from hypothesis import given
from hypothesis import strategies as st

from archlint.comparison.protobuf import FileMoved, MessageRemoved, PackageChanged
from archlint.comparison.protobuf.compare import compare_schemas
from archlint.documents.proto import ProtoFile
from archlint.model.protobuf import ProtoSchema
from archlint.model.protobuf.schemas import schema_of
from tests.proto.pairs import descriptor, pairs
from tests.proto.support import lay_out, proto
from tests.support.inside import archlint

COUNT = 300
KEPT = FileDescriptorProto(name="kept.proto", package="kept", syntax="proto3")
KEPT.message_type.add(name="Kept")


def told(old: list[FileDescriptorProto], new: list[FileDescriptorProto]) -> list[object]:
    def read(files: list[FileDescriptorProto]) -> list[ProtoSchema]:
        return [schema_of(ProtoFile(file.name, str(file), file)) for file in [*files, KEPT]]

    return list(compare_schemas(read(old), read(new)))


def written_with(file: FileDescriptorProto, old: str, new: str) -> FileDescriptorProto:
    """The file with one name in place of another, in all types of fields too."""
    made = FileDescriptorProto()
    made.ParseFromString(file.SerializeToString())
    parts = [made, *made.message_type, *(item for top in made.message_type for item in top.nested_type)]
    for field in (field for part in parts[1:] for field in part.field):
        field.type_name = f"{field.type_name}.".replace(f".{old}.", f".{new}.")[:-1]
    return made


def test_another_package_another_file_or_both() -> None:
    for old, _ in pairs(COUNT, 3):
        file = descriptor(old, "shop")
        assert [type(item) for item in told([file], [_at("b/cart.proto", file)])] == [FileMoved], old
        packaged = written_with(file, "shop", "store")
        packaged.package = "store"
        assert [type(item) for item in told([file], [packaged])] == [PackageChanged], old
        assert [type(item) for item in told([file], [_at("b/cart.proto", packaged)])] == [PackageChanged], old


@given(st.lists(st.sampled_from(("same", "edited", "gone", "packaged")), min_size=1, max_size=5))
def test_what_is_at_its_place_in_another_folder_has_not_moved(changes: list[str]) -> None:
    """Whatever happens to its neighbours."""
    old, new = [], []
    for number, change in enumerate(changes):
        package = f"shop.p{number}"
        file = FileDescriptorProto(name=f"old/{number}/a.proto", package=package, syntax="proto3")
        file.message_type.add(name="M").field.add(name="id", number=1, type=9, label=1)
        made = _at(f"new/{number}/a.proto", file)
        if change == "edited":
            made.message_type.add(name="Other")
        if change == "packaged":
            made.package = f"store.p{number}"
        old.append(file)
        new += [made] if change != "gone" else []
    found = compare_schemas(
        *([schema_of(ProtoFile(item.name, str(item), item)) for item in side] for side in (old, new))
    )
    assert not any(isinstance(item, FileMoved) for item in found)


def _at(path: str, file: FileDescriptorProto) -> FileDescriptorProto:
    made = FileDescriptorProto()
    made.CopyFrom(file)
    made.name = path
    return made


def test_another_name_of_a_message_or_another_package() -> None:
    for old, _ in pairs(COUNT, 4):
        file = descriptor(old, "shop")
        if len(old.messages["M"]) > 1:
            renamed = written_with(file, "shop.M", "shop.Moved")
            renamed.message_type[0].name = "Moved"
            assert [type(item) for item in told([file], [renamed])] == [MessageRemoved], old
        rest, moved = written_with(file, "shop.M", "far.M"), written_with(file, "shop.M", "far.M")
        moved.name, moved.package = "far.proto", "far"
        del rest.message_type[0], moved.message_type[1:], moved.enum_type[:]
        (found,) = told([file], [rest, moved])
        assert isinstance(found, MessageRemoved)
        assert found.renamed is not None and found.renamed.full_name == "far.M"


def test_what_left_a_file_that_stays_is_one_finding_under_each_name_of_buf(tmp_path: Path) -> None:
    """As who asks for buf's rules hears it: what several of its verdicts say is said once."""
    line, state = "message Line { string sku = 1; }\n", "enum State { STATE_UNSPECIFIED = 0; }\n"
    old = {"a.proto": proto("message Cart { string id = 1; }\n" + line + state)}
    new = {"a.proto": proto("message Cart { string id = 1; }\n"), "b.proto": proto(line + state)}
    for side, files in (("old", old), ("new", new)):
        lay_out(tmp_path / side, files)
    chosen = "tag:preset:buf-file,proto-definition-moved"
    told = archlint("breaking", "old", "new", "--select", chosen, "--format", "json", cwd=tmp_path)
    (found,) = json.loads(told.out)["findings"]
    assert found["rule"] == "proto-definition-moved"
    assert found["aliases"] == ["buf:ENUM_NO_DELETE", "buf:MESSAGE_NO_DELETE"]
    lay_out(tmp_path / "new", {"a.proto": new["a.proto"] + '\nimport public "b.proto";\n'})
    told = archlint("breaking", "old", "new", "--select", "proto-definition-moved", cwd=tmp_path)
    assert (told.code, "PROTO345" in told.out) == (0, False)
