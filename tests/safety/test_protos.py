"""Proto files that crash a compiler or lead it astray are findings; files beside them are still judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.safety.worlds import PROTO, lay_out
from tests.support.inside import archlint

GOOD = 'syntax = "proto3";\npackage shop.v1;\nmessage badName { string id = 1; }\n'
HEAD = 'syntax = "proto3";\npackage bad.v1;\n'
BAD: dict[str, dict[str, str | bytes]] = {
    "missing import": {"bad.proto": HEAD + 'import "nowhere.proto";\nmessage A { Nowhere n = 1; }\n'},
    "import of itself": {"bad.proto": HEAD + 'import "bad.proto";\n'},
    "cyclic imports": {
        "bad.proto": HEAD + 'import "worse.proto";\nmessage A {}\n',
        "worse.proto": HEAD + 'import "bad.proto";\nmessage B {}\n',
    },
    "nested groups": {
        "bad.proto": 'syntax = "proto2";\npackage bad.v1;\nmessage A {\n'
        + "".join(f"optional group G{n} = 1 {{\n" for n in range(20_000))
        + "}\n" * 20_001
    },
    "nested messages": {"bad.proto": HEAD + "message A {" * 20_000 + "}" * 20_000},
    "nested options": {"bad.proto": HEAD + "option (a) = " + "{a:" * 50_000 + "}" * 50_000 + ";\n"},
    "nul": {"bad.proto": (HEAD + "message A {\x00}\n").encode()},
    "bytes": {"bad.proto": HEAD.encode() + b"message \xff\xfe {}\n"},
    "no end": {"bad.proto": HEAD + "message A { /* never closed"},
    "escapes": {"bad.proto": HEAD + 'message \x1b[31mA { string a = 1 [default = "\x1b]0;x\x07"]; }\n'},
    "empty": {"bad.proto": ""},
    "huge number": {"bad.proto": HEAD + "message A { string a = " + "9" * 10_000 + "; }\n"},
}
FINE = {"empty"}


@pytest.mark.parametrize("name", BAD)
def test_the_other_files_are_judged(world: Path, name: str) -> None:
    lay_out(world, {**BAD[name], "good.proto": GOOD})
    done = archlint("check", ".", "--select", "PROTO", "--format", "json", cwd=world, timeout=60)
    assert done.code in (0, 1), done.err
    assert done.report["notices"] == []
    found = {(item["path"], item["rule"]) for item in done.report["findings"]}
    assert ("good.proto", "proto-message-name") in found
    if name not in FINE:
        assert any(path == "bad.proto" for path, _ in found), found
    text = archlint("check", ".", cwd=world, timeout=60)
    assert "\x1b" not in text.out + text.err


@pytest.mark.parametrize("name", BAD)
def test_a_comparison_ends(world: Path, name: str) -> None:
    lay_out(world, {f"new/{path}": content for path, content in BAD[name].items()})
    lay_out(
        world, {"old/bad.proto": HEAD + "message A {}\n", "old/good.proto": PROTO, "new/good.proto": PROTO}
    )
    for arguments in (("breaking", "old", "new"), ("breaking", "new", "old")):
        done = archlint(*arguments, "--format", "json", cwd=world, timeout=60)
        assert done.code in (0, 1), done.err
        assert done.report["notices"] == []


def test_a_chain_of_imports_ends(world: Path) -> None:
    files: dict[str, str | bytes] = {
        f"f{n}.proto": f'syntax = "proto3";\npackage chain.v1;\nimport "f{n + 1}.proto";\nmessage M{n} {{}}\n'
        for n in range(2_000)
    }
    lay_out(world, {**files, "good.proto": GOOD})
    done = archlint("check", ".", "--format", "json", cwd=world, timeout=120)
    assert done.code in (0, 1), done.err
    assert "good.proto" in done.out or "f1999.proto" in done.out
