"""Suppression comments are found in comments only, whatever the format."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.judging.comments import with_hashes
from archlint.judging.directives import in_value
from archlint.judging.marks import Cover, marks_of
from tests.support.limits import within


def found(path: str, text: str) -> list[tuple[int, tuple[str, ...]]]:
    """Line and covered lines' rules of each mark."""
    return [(mark.span.line, mark.directive.rules) for mark in marks_of(path, text, ())]


def test_hash_in_scalars_is_no_comment() -> None:
    text = """\
a: "x # archlint: ignore[A] no"
b: 'y
  # archlint: ignore[B] no'
c: |
  # archlint: ignore[C] no
  text
d: >-

  folded
  # archlint: ignore[D] no
e: plain # archlint: ignore[E] yes
f: {g: [1, # archlint: ignore[F] yes
  2]}
# archlint: ignore[G] yes
h: x# archlint: ignore[H] no
"""
    assert found("a.yaml", text) == [(11, ("E",)), (12, ("F",)), (14, ("G",))]


def test_block_scalar_ends_before_a_comment_of_lesser_indentation() -> None:
    text = "a: |\n  text\n\n# archlint: ignore[A] yes\nb: 1\n"
    assert found("a.yaml", text) == [(4, ("A",))]


@pytest.mark.parametrize(
    ("path", "text", "lines"),
    [
        ("a.proto", '// archlint: ignore[A] x\nsyntax = "proto3"; // archlint: ignore[B] y\n', [1, 2]),
        ("a.proto", 'option x = "// archlint: ignore[A] x";\n/* // archlint: ignore[A] x */\n', []),
        ("a.sql", "-- archlint: ignore[A] x\nSELECT '-- archlint: ignore[A] x';\n", [1]),
        ("a.sql", "$$\n-- archlint: ignore[A] x\n$$; -- archlint: ignore[A] x\n", [3]),
        ("a.md", "<!-- archlint: ignore[A] x -->\n# T\n", [1]),
        ("a.md", "```\n<!-- archlint: ignore[A] x -->\n```\n`<!-- archlint: ignore[A] x -->`\n", []),
        ("a.md", "```\n<!-- x -->\n\n```\n<!-- archlint: ignore[A] x -->\n", [5]),
        ("a.md", "~~~ sh\n```\n<!-- x -->\n~~~\n`a`<!-- archlint: ignore[A] x -->`b`\n", [5]),
        ("a.md", "a ``b ` c`` <!-- archlint: ignore[A] x -->\n", [1]),
        ("a.md", "a ``b ` <!-- archlint: ignore[A] x --> ``\n", []),
        ("a.md", "a ` b <!-- archlint: ignore[A] x -->\n", [1]),
        ("a.md", "a `b` c\n" * 50 + "<!-- archlint: ignore[A] x -->\n", [51]),
        ("a.md", "`a` b `c`\n" * 50 + "<!-- archlint: ignore[A] x -->\n", [51]),
        ("a.md", "``` a\nb\n```\n" * 50 + "<!-- archlint: ignore[A] x -->\n", [151]),
        ("a.sql", '/* x\n */ SELECT "--" -- archlint: ignore[A] x\n', [2]),
        ("a.sql", "$a$ $b$ -- archlint: ignore[A] x\n $a$\n-- archlint: ignore[A] x\n", [3]),
        ("a.proto", "option x = '//' ; // archlint: ignore[A] x\n", [1]),
        ("a.proto", 'option x = "\\"//" ; /* " */ // archlint: ignore[A] x\n', [1]),
        ("a.tpl", "a: 1 # archlint: ignore[A] x\nb: x#y # archlint: ignore[A] x\n", [1, 2]),
        ("a.py", 's = """\n# x\n"""\nif s:\n    t = 1  # archlint: ignore[A] x\n', [5]),
        ("a.py", "# archlint: ignore[A] x\nthis is no Python '\n", [1]),
        ("a.yaml", "a: 1 # archlint: ignore[A] x\nb: [\n", [1]),
        ("a.yaml", 'a: [ # archlint: ignore[A] x\n} "b", # archlint: ignore[A] x\n', [1, 2]),
        ("a.yaml", "a: [ # archlint: ignore[A] x\n} 'b', 'c' # archlint: ignore[A] x\n", [1, 2]),
        ("a.yaml", 'a: [ # archlint: ignore[A] x\n} "b # archlint: ignore[A] x"\n', [1]),
        ("a.py", '# archlint: ignore[A] x\ns = "# archlint: ignore[A] x"\n', [1]),
        ("CODEOWNERS", "# archlint: ignore[A] x\n* @a\n", [1]),
        ("a.rb", "a = '# archlint: ignore[A] x'\nb # archlint: ignore[A] x\n", [2]),
        (
            "a.cs",
            'a = "// archlint: ignore[A] x";\n/* // archlint: ignore[A] x */ b // archlint: ignore[A] x\n',
            [2],
        ),
        ("a.ts", "a = `// archlint: ignore[A] x`; // archlint: ignore[A] x\n", [1]),
        ("a.php", "<?php\n$a = '// archlint: ignore[A] x';\n// archlint: ignore[A] x\n", [3]),
        ("a.xml", "<!-- archlint: ignore[A] x -->\n<a/>\n", [1]),
        ("a.txt", "# archlint: ignore[A] x\n", []),
        ("a.json", '{"a":\n# archlint: ignore[A] x\n1}', []),
        ("shop.d/Makefile", "# archlint: ignore[A] x\n", [1]),
        ("A.YAML", "# archlint: ignore[A] x\n", [1]),
        ("a.json", '{"a": "# archlint: ignore[A] x"}', []),
    ],
)
def test_formats(path: str, text: str, lines: list[int]) -> None:
    assert [line for line, _ in found(path, text)] == lines
    for mark in marks_of(path, text, ()):
        line = text.split("\n")[mark.span.line - 1]
        assert (
            line[mark.span.column - 1 : mark.span.end_column - 1]
            == f"archlint: ignore[{mark.directive.rules[0]}]"
        )


LEADS = {
    "a.yaml": ("# about\n", "%YAML 1.1\n---\n", "---\n", "--- # about\n"),
    "a.yml": ("# about\n",),
    "a.tpl": ("# about\n",),
    "a.toml": ("# about\n",),
    "CODEOWNERS": ("# about\n",),
    "a.proto": ("// about\n", "/* about\n * it\n */\n", "/* one */ /* two */\n", "/* a */\n// b\n/* c */\n"),
    "a.sql": ("-- about\n", "/* about\nit */\n", "/* one */ /* two */\n", "/* a */\n-- b\n/* c */\n"),
    "a.py": ("# about\n", "#!/usr/bin/env python3\n# -*- coding: utf-8 -*-\n"),
    "a.md": ("<!-- about\nit -->\n", "<!-- one --> <!-- two -->\n"),
    "a.markdown": ("<!-- about -->\n",),
}
SIGNS = {"a.proto": "// {}\n", "a.sql": "-- {}\n", "a.md": "<!-- {} -->\n", "a.markdown": "<!-- {} -->\n"}
CONTENTS = {
    "a.yaml": "a: 1\n",
    "a.yml": "a: 1\n",
    "a.tpl": "{{ a }}\n",
    "a.toml": "a = 1\n",
    "CODEOWNERS": "* @a\n",
    "a.proto": 'syntax = "proto3";\n',
    "a.sql": "SELECT 1;\n",
    "a.py": "a = 1\n",
    "a.md": "# T\n",
    "a.markdown": "Text\n",
}
SPACES = ("", "\n", "  \n\n")


@pytest.mark.parametrize(("path", "lead"), [(path, lead) for path, leads in LEADS.items() for lead in leads])
@pytest.mark.parametrize("space", SPACES)
def test_what_is_about_a_file_stands_before_its_content_and_behind_comments(
    path: str, lead: str, space: str
) -> None:
    mark = SIGNS.get(path, "# {}\n").format("archlint: ignore-file[A] x")
    content = CONTENTS[path]
    for text in (space + mark + content, lead + space + mark + content, lead + mark + lead + space + content):
        [said] = marks_of(path, text, ())
        assert said.directive.fault is None, text
        assert said.span.line == text[: text.index("archlint:")].count("\n") + 1
    for text in (content + space + mark, lead + content + space + mark, space + content + lead + mark):
        [said] = marks_of(path, text, ())
        assert said.directive.fault is not None, text
        assert said.directive.fault.kind == "misplaced"


def test_a_comment_alone_covers_the_next_line_that_is_no_comment() -> None:
    text = "a: 1\n# archlint: ignore[A] x\n# more\n\n# archlint: ignore[B] x\nb: 2 # archlint: ignore[C] x\n"
    assert [mark.lines for mark in marks_of("a.yaml", text, ())] == [(2, 6), (5, 6), (6,)]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("# archlint: ignore-file[A] x\na: 1\n", None),
        ("# about\n---\n# archlint: ignore-file[A] x\na: 1\n", None),
        ("a: 1\n# archlint: ignore-file[A] x\n", "misplaced"),
        ("a: 1 # archlint: ignore-file[A] x\n", "misplaced"),
        ("# archlint: ignore A x\na: 1\n", "malformed"),
        ("# archlint: ignore[] x\na: 1\n", "no-rule"),
        ("# archlint: ignore[A]\na: 1\n", "no-reason"),
        ("# archlint: ignore[A] until=2027-01-01\na: 1\n", "no-reason"),
        ("# archlint: ignore[A] until=soon x\na: 1\n", "bad-date"),
        ("# archlint: ignore[A] until=2027-02-30 x\na: 1\n", "bad-date"),
        ("# archlint: ignore[A] until=20270228 x\na: 1\n", "bad-date"),
        ("# archlint: ignore[A] until=2027-W08-7 x\na: 1\n", "bad-date"),
        ("# archlint: ignore[A] until=2027-02-28 x\na: 1\n", None),
    ],
)
def test_faults(text: str, fault: str | None) -> None:
    [mark] = marks_of("a.yaml", text, ())
    assert (mark.directive.fault.kind if mark.directive.fault else None) == fault
    assert mark.cover is (Cover.FILE if "-file" in text else Cover.LINES)


def test_parts_of_a_directive() -> None:
    [mark] = marks_of("a.yaml", "# archlint: ignore[A, tag:b] until=2027-01-02 - why  not\na: 1\n", ())
    said = mark.directive
    assert (said.rules, said.reason, str(said.until)) == (("A", "tag:b"), "why not", "2027-01-02")
    assert (mark.span.column, mark.span.end_column) == (3, 29)


def test_two_directives_of_one_comment_are_two() -> None:
    text = "a: 1 # archlint: ignore[A] x # archlint: ignore[B] until=2027-01-02 y\nb: 2\n"
    said = [
        (mark.directive.rules, mark.directive.reason, mark.span.column)
        for mark in marks_of("a.yaml", text, ())
    ]
    assert said == [(("A",), "x", 8), (("B",), "y", 32)]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.proto", "// archlint: ignore[A] why not */\n"),
        ("a.md", "<!-- archlint: ignore[A] why not -->\n"),
        ("a.yaml", "# archlint: ignore[A] - why not\n"),
        ("a.yaml", "# archlint: ignore[A]: why not\n"),
        ("a.yaml", "# archlint: ignore[A] \u2014 why \t not  \n"),
        ("a.yaml", "# archlint: ignore[A] why not until=2027-01-02\n"),
    ],
)
def test_the_reason_is_what_is_left(path: str, text: str) -> None:
    [mark] = marks_of(path, text, ())
    assert (mark.directive.rules, mark.directive.reason, mark.directive.fault) == (("A",), "why not", None)
    assert mark.text == "archlint: ignore[A]"


@pytest.mark.parametrize("text", ["# archlint: see the docs\na: 1\n", "# archlint: ignores\na: 1\n"])
def test_other_words_are_prose(text: str) -> None:
    assert found("a.yaml", text) == []


def test_document_of_a_comment() -> None:
    mark = "# archlint: ignore[A] x\n"
    text = f"{mark}a: 1\n---\nb: 1 {mark}--- {mark}c: 1\n"
    assert [mark.document for mark in marks_of("a.yaml", text, ())] == [0, 1, 2]


@given(st.sampled_from(["a.yaml", "a.proto", "a.sql", "a.md", "a.py", "CODEOWNERS"]), st.data())
def test_any_text_is_read(path: str, data: st.DataObject) -> None:
    pieces = [
        "# archlint: ignore[A] x",
        "\n",
        "'",
        '"',
        "/*",
        "*/",
        "`",
        "$a$",
        "<!--",
        "-->",
        "a: ",
        "|",
        "{",
        " ",
    ]
    text = "".join(data.draw(st.lists(st.sampled_from([*pieces, "//", "--", "\t", "é"]), max_size=30)))
    for mark in marks_of(path, "# archlint:\n" + text, ()):
        assert mark.span.line >= 1


@pytest.mark.parametrize("path", ["a.yaml", "a.proto", "a.sql", "a.md", "a.py", "CODEOWNERS"])
@pytest.mark.parametrize(
    "unit", ["`", "'", '"', "/*", "[", "<!--", "$a$", "# archlint: ignore[A] x\n", "``` "]
)
def test_long_texts_take_linear_time(path: str, unit: str) -> None:
    text = "# archlint:\n" + unit * 40_000
    within(5, lambda: marks_of(path, text, ()))


@pytest.mark.parametrize(
    ("text", "rules", "fault"),
    [
        ("A, tag:b why", ("A", "tag:b"), None),
        ("[A,B] why", ("A", "B"), None),
        ("A", ("A",), "no-reason"),
        ("A until=soon why", ("A",), "bad-date"),
        ("", (), "no-rule"),
        ("  ", (), "no-rule"),
        (", why", (), "no-rule"),
        ("[] why", (), "no-rule"),
        ("[A why", (), "malformed"),
    ],
)
def test_faults_in_annotations(text: str, rules: tuple[str, ...], fault: str | None) -> None:
    directive = in_value(text)
    assert (directive.rules, directive.fault.kind if directive.fault else None) == (rules, fault)


def test_a_mark_is_underlined_on_its_first_line() -> None:
    for text, end in (
        ("<!-- archlint: ignore[A] why -->\n", 25),
        ("<!-- archlint: ignore[A,\n  B] why -->\n", 7),
    ):
        [mark] = marks_of("a.md", text, ())
        assert (mark.span.line, mark.span.column) == (1, 6)
        assert (mark.span.end_line, mark.span.end_column) == (1, end), mark


_pieces = st.lists(
    st.sampled_from(
        ("{{/* a */}}", "{{- /* b */ -}}", "{{ /*c*/}}", "{{ .Values.a }}", "x: 1\n", " # d\n", "\n", "é")
    ),
    max_size=8,
)


@given(_pieces)
def test_comments_of_templates_become_such_of_yaml_where_they_stand(pieces: list[str]) -> None:
    """Each character stays at its offset, and all that is no comment of a template stays as it is."""
    text = "".join(pieces)
    made = with_hashes("templates/a.yaml", text)
    assert len(made) == len(text)
    at = 0
    for piece in pieces:
        here = made[at : at + len(piece)]
        at += len(piece)
        if "/*" not in piece:
            assert here == piece
        else:
            inside = piece[piece.index("/*") + 2 : piece.index("*/")]
            assert here.strip() == f"#{inside}".strip()
            assert here.index("#") == piece.index("*")
    assert with_hashes("a.txt", text) == text
