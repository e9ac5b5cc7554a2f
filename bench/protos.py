"""Generated protos as large public trees have them: services of many versions, with much that buf would not
take, so that findings count as much as reading."""

from __future__ import annotations

from pathlib import Path

VALUES, FIELDS, RPCS = 8, 12, 3

_HEAD = """// What the {name} service keeps about {name}s, number {number}.
syntax = "proto3";

package bench.{name}.v{version};

import "google/protobuf/timestamp.proto";
{imports}
option go_package = "bench.example/{name}/v{version}";
"""


def write_protos(folder: Path, count: int) -> None:
    """Write so many files, each with an enum, two messages and a service, and settings that ask for buf's
    STANDARD rules. Each file uses the one before it, in groups of twenty."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "buf.yaml").write_text("version: v2\nlint:\n  use: [STANDARD]\n", "utf-8")
    for number in range(count):
        path = folder / _path(number)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(_text(number), "utf-8")


def _name(number: int) -> str:
    return f"part{number % 40}"


def _path(number: int) -> str:
    return f"bench/{_name(number)}/v{number // 40 + 1}/{_name(number)}.proto"


def _text(number: int) -> str:
    name, version = _name(number), number // 40 + 1
    title = name.capitalize()
    has_other = number % 20 > 0
    other = f"bench.{_name(number - 1)}.v{(number - 1) // 40 + 1}.{_name(number - 1).capitalize()}"
    imports = f'import "{_path(number - 1)}";\n' if has_other else ""
    values = "".join(f"  // State {at} of it.\n  STATE_{at} = {at};\n" for at in range(VALUES))
    fields = "".join(
        f"  // Field {at}, which callers set.\n  string field_{at} = {at + 3};\n" for at in range(FIELDS)
    )
    rpcs = "".join(f"  // Call {at}.\n  rpc Call{at}({title}) returns ({title});\n" for at in range(RPCS))
    return (
        _HEAD.format(name=name, version=version, number=number, imports=imports)
        + f"\n// How a {name} is.\nenum {title}Kind {{\n{values}}}\n"
        + f"\n// A {name}.\nmessage {title} {{\n  google.protobuf.Timestamp at = 1;\n"
        + (f"  {other} other = 2;\n" if has_other else "")
        + f"{fields}}}\n\n// All {name}s.\nmessage {title}List {{\n  repeated {title} items = 1;\n}}\n"
        + f"\n// Calls about {name}s.\nservice {title}s {{\n{rpcs}}}\n"
    )
