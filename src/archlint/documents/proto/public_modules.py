"""Public modules that protos import and that archlint brings along, so that what they say is read anywhere.

They lie below ``public`` as they are imported, and hold what a compiler needs: names, numbers and types.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from archlint.finding.records import dataclass
from archlint.finding.regex import regex

VALIDATION = "buf/validate/validate.proto"
"""The options of protovalidate."""
OLDER_VALIDATION = "validate/validate.proto"
"""The options of protoc-gen-validate, which came before."""

_BLOCK = regex(r"^(?:message|enum|extend) (\S+) \{$")
_ENTRY = regex(r"^ +(?:(optional|repeated) )?([\w.]+) (\w+) = (\d+);$")
_WELL_KNOWN = {
    "google.protobuf.Duration": (("seconds", 1, "int64", False), ("nanos", 2, "int32", False)),
    "google.protobuf.Timestamp": (("seconds", 1, "int64", False), ("nanos", 2, "int32", False)),
    "google.protobuf.FieldMask": (("paths", 1, "string", True),),
}


@dataclass(frozen=True, slots=True)
class Slot:
    """A field of a message of options."""

    name: str
    number: int
    type: str
    """A scalar type, or the name of a message or enum as the module writes it."""
    is_list: bool


Slots = Mapping[int, Slot]
OptionTypes = Mapping[str, Slots]
"""The fields of each message by number; a type that is missing here and is no scalar is an enum."""


def public_folder() -> Path:
    """The import root of these modules."""
    return Path(__file__).parent / "public"


@cache
def option_types(module: str) -> OptionTypes:
    """The messages of a module, which is laid out with one field on a line, nested in oneofs at most."""
    found: dict[str, dict[int, Slot]] = {
        name: {slot[1]: Slot(*slot) for slot in slots} for name, slots in _WELL_KNOWN.items()
    }
    block: dict[int, Slot] = {}
    for line in (public_folder() / module).read_text("utf-8").split("\n"):
        start, entry = _BLOCK.match(line), _ENTRY.match(line)
        if start:
            block = {}
            if line.startswith("message"):
                found[start[1]] = block
        elif entry:
            number = int(entry[4])
            block[number] = Slot(entry[3], number, entry[2], entry[1] == "repeated")
    return found


def is_public(name: str) -> bool:
    """Whether an import names one of these modules."""
    return name in _modules()


@cache
def _modules() -> frozenset[str]:
    folder = public_folder()
    return frozenset(path.relative_to(folder).as_posix() for path in folder.rglob("*.proto"))
