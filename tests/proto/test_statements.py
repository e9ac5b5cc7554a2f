"""The scan of import statements, definitions and depth."""

from __future__ import annotations

import pytest

from archlint.documents.proto.statements import MAX_DEPTH, defined_names, imports_of, too_deep
from tests.support.limits import within


def names(text: str) -> list[str]:
    return [statement.name for statement in imports_of(text)]


def test_imports_of_all_kinds() -> None:
    text = """syntax = "proto3"; import "a.proto";
import public 'b/c.proto';
import weak "d.proto"  ;
    import
      "e.proto";"""
    assert names(text) == ["a.proto", "b/c.proto", "d.proto", "e.proto"]
    assert [statement.kind for statement in imports_of(text)] == ["", "public", "weak", ""]


@pytest.mark.parametrize(
    "text",
    [
        '// import "a.proto";',
        '/* import "a.proto"; */',
        '/*\nimport "a.proto";\n*/',
        'option x = "/*"; /* */ // import "a.proto";',
        'string important = "import"; reimport "a.proto";',
        'option x = " import \\"a.proto\\"; ";',
    ],
)
def test_what_only_looks_like_an_import(text: str) -> None:
    assert names(text) == []


def test_import_behind_comments_and_strings() -> None:
    text = '/* a "quote */ option x = "// no comment /*"; import "a.proto";'
    assert names(text) == ["a.proto"]


def test_offsets_name_the_statement_and_the_quoted_name() -> None:
    text = 'package a;\nimport "b.proto" ;\n'
    (statement,) = imports_of(text)
    assert text[statement.start : statement.end] == 'import "b.proto" ;'
    assert text[statement.name_start : statement.name_end] == '"b.proto"'


@pytest.mark.parametrize(
    "name",
    [
        "../a.proto",
        "/etc/a.proto",
        "--python_out=x",
        "@file",
        "a//b.proto",
        "a\\b.proto",
        "./a.proto",
        "a/./b",
        "",
    ],
)
def test_names_that_no_compiler_should_see(name: str) -> None:
    assert not imports_of(f'import "{name}";')[0].is_sound


@pytest.mark.parametrize("name", ["a.proto", "google/api/http.proto", "k8s.io/a-b/c_d.proto", "0/a.proto"])
def test_sound_names(name: str) -> None:
    assert imports_of(f'import "{name}";')[0].is_sound


def test_defined_names() -> None:
    text = "package shop.v1;\nmessage Cart {\n  message Item {}\n}\nenum State {}\nservice Carts {}\n"
    assert defined_names(text) == {"shop.v1.Cart", "shop.v1.State", "shop.v1.Carts"}


def test_depth_counts_braces_outside_of_comments_and_strings() -> None:
    deep = "message A {" * (MAX_DEPTH + 1) + "}" * (MAX_DEPTH + 1)
    assert too_deep(deep) == deep.rindex("{")
    assert too_deep("message A {" * MAX_DEPTH + "}" * MAX_DEPTH) is None
    assert too_deep("// " + "{" * 500) is None
    assert too_deep('option x = "' + "{" * 500 + '";') is None
    assert too_deep("message A {}\n" * 5000) is None


def test_scan_is_quick() -> None:
    def scan() -> None:
        assert too_deep("message A {" * 100_000) is not None
        assert too_deep("{}" * 500_000) is None
        imports_of("import " * 100_000)
        imports_of('import "a.proto";' * 20_000)
        imports_of("/*" * 200_000 + ' import "a.proto";')

    within(3, scan)
