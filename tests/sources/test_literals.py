"""Strings and comments of source files: found exactly, and never one inside of the other."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archlint.model.sources import LANGUAGES, comments, language_of, literals
from tests.safety.growth import growth, seconds

# What may stand in strings and comments of all languages, and misleads whoever looks for the other one.
TRICKY = (
    "// no comment|# neither|/* nor this|*/ nor that|it''s|say \"\"|`tick`|<b>|a / b / c|ok|http://cart:80/"
    "|%w(a|<<~X|?>x|=begin"
)
WORDS = st.sampled_from(TRICKY.split("|"))
PLAIN = [row.name for row in LANGUAGES]

C_LIKE = ("// {}\n", "/* {} */\n")
COMMENTS = {
    "python": ("# {}\n",),
    "ruby": ("# {}\n", "\n=begin\n{}\n=end\n"),
    "php": ("// {}\n", "/* {} */", "# {}\n"),
}
QUOTES = {
    "python": ("'{}'", '"{}"', "'''{}'''", '"""{}"""', "r'{}'", "f'{}'", 'rb"{}"', 'F"""{}"""'),
    "go": ('"{}"', "`{}`"),
    "java": ('"{}"', '"""\n{}"""'),
    "kotlin": ('"{}"', '"""{}"""'),
    "javascript": ("'{}'", '"{}"', "`{}`"),
    "typescript": ("'{}'", '"{}"', "`{}`"),
    "tsx": ("'{}'", '"{}"', "`{}`"),
    "csharp": ('"{}"', '@"{}"', '$"{}"', '$@"{}"', '"""{}"""', '$$"""{}"""'),
    "php": ("'{}'", '"{}"', "<<<EOT\n{}\nEOT", "<<<'X'\n{}\nX"),
    "ruby": ("'{}'", '"{}"', "%q({})", "<<~EOT\n{}\nEOT\n"),
}
CODE = ("x", "= ", "+ ", "(y) ", "\n", " a ", "; ", ", ", "[1] ")
OTHERS = {
    "go": ("'\"'", "'\\''"),
    "java": ("'\"'", "'\\''"),
    "kotlin": ("'\"'", "'\\''"),
    "csharp": ("'\"'", "'\\''", "\n#region it's \"\n"),
    "javascript": ("= /['\"`]/g;", "(/[/'\"]/)", "=a / b / c;", " = <p q='1'>it's {2}</p>;"),
    "typescript": ("= /['\"`]/g;", "(/[/'\"]/)", "=a / b / c;"),
    "tsx": ("= /['\"`]/g;", "= <a>don't <b/> // not</a>;"),
    "php": ("?> it's \"<?php ", "#[A]\n"),
    "ruby": ("= ?';", '= ?";', "= /['\"`]/;", "a % b / c;"),
}


def escaped(text: str, quote: str, language: str) -> str:
    """A text as it is written between given quotes."""
    before, _, after = quote.partition("{}")
    if "EOT" in before or "<<<'X'" in before:
        return text
    if before.startswith("%q"):
        return text.replace("(", "[").replace(")", "]")
    mark = before.strip()[-1]
    doubles = language == "csharp" and "@" in before
    raw = (before == "`" and language == "go") or (len(after) > 2 and language in ("kotlin", "csharp"))
    if doubles:
        return text.replace(mark, mark * 2)
    return text.replace(mark, " ") if raw else text.replace(mark, "\\" + mark)


@st.composite
def sources(draw: st.DrawFn, language: str) -> tuple[str, list[str], list[str]]:
    """A file of a language, with the strings and comments that are planted in it."""
    pieces = ["<?php "] if language == "php" else ["x "]
    strings: list[str] = []
    remarks: list[str] = []
    for _ in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(("string", "comment", "code", "other")))
        word = " ".join(draw(st.lists(WORDS, min_size=1, max_size=3)))
        if kind == "string":
            quote = draw(st.sampled_from(QUOTES[language]))
            text = escaped(word, quote, language)
            pieces.append("= " + quote.replace("{}", text) + (";\n" if "\n" not in quote else "\n"))
            strings.append("\n" + text if quote.startswith('"""\n') else text)
        elif kind == "comment":
            form = draw(st.sampled_from(COMMENTS.get(language, C_LIKE)))
            text = word.replace("*/", "").replace("/*", "").replace("?>", "")
            pieces.append(" " + form.replace("{}", text))
            remarks.append(form.replace("{}", text).strip())
        else:
            choices = CODE if kind == "code" else OTHERS.get(language, CODE)
            pieces.append(draw(st.sampled_from(choices)))
    return "".join(pieces), strings, remarks


@pytest.mark.parametrize("language", PLAIN)
def test_planted_strings_and_comments_are_found_exactly(language: str) -> None:
    @given(sources(language))
    def law(source: tuple[str, list[str], list[str]]) -> None:
        text, strings, remarks = source
        found = [literal.text for literal in literals(text, language) if literal.text not in ("1",)]
        assert found == strings, text
        told = [text[start:end].strip() for start, end in comments(text, language)]
        if language == "php":
            told = [item for item in told if not item.startswith(("<?php", "it's"))]
        if language == "csharp":
            told = [item for item in told if not item.startswith("#region")]
        assert told == remarks, text

    law()


@pytest.mark.parametrize(
    ("language", "text", "strings", "holes"),
    [
        (
            "python",
            'f"http://{host}:{port:>{w}}/{d["k"]}"',
            ['http://{host}:{port:>{w}}/{d["k"]}', "k"],
            ["host", "port", "w", 'd["k"]'],
        ),
        (
            "python",
            'f"{{no}} \\N{DASH} {a!r:^9} {x if y else z}"',
            ["{{no}} \\N{DASH} {a!r:^9} {x if y else z}"],
            ["a!r", "x if y else z"],
        ),
        (
            "javascript",
            "`http://${a || 'cart'}:80/${`q${b}`}`",
            ["http://${a || 'cart'}:80/${`q${b}`}", "cart", "q${b}"],
            ["a || 'cart'", "`q${b}`", "b"],
        ),
        ("kotlin", '"http://$host:${f("x")}/"', ['http://$host:${f("x")}/', "x"], ["host", 'f("x")']),
        (
            "csharp",
            '$"a{b["q"]:N2}{c}" + $$"""{no} {{yes}}"""',
            ['a{b["q"]:N2}{c}', "q", "{no} {{yes}}"],
            ['b["q"]', "c", "yes"],
        ),
        (
            "php",
            "<?php \"m:$host;{$this->x['k']}${y}\";",
            ["m:$host;{$this->x['k']}${y}", "k"],
            ["$host", "$this->x['k']", "y"],
        ),
        (
            "ruby",
            "\"a#{b(\"n\")}\" + <<~SQL\n  x #{c['k']}\nSQL\n'z'",
            ['a#{b("n")}', "n", "  x #{c['k']}", "k", "z"],
            ['b("n")', "c['k']"],
        ),
        ("ruby", "%w[a b] + [<<~A, <<~B]\n1\nA\n2\nB\n'z'", ["a", "b", "1", "2", "z"], []),
        ("php", "<?php f(<<<A\n  x $y\n  A, 'z');", ["  x $y", "z"], ["$y"]),
    ],
)
def test_what_is_put_in(language: str, text: str, strings: list[str], holes: list[str]) -> None:
    found = list(literals(text, language))
    assert [literal.text for literal in found] == strings
    assert [text[start:end] for literal in found for start, end in literal.holes] == holes


def test_text_of_elements_is_no_string() -> None:
    text = "const a = <div title='t'>Don't {x ? 'y' : <b>it's</b>} // no <br/></div>; const b = 'z' / 2;\n"
    assert [literal.text for literal in literals(text, "javascript")] == ["t", "y", "z"]
    generic = "const f = <T,>(x: T) => 'a'; const g = <T extends U>(x: T) => 'b';"
    assert [literal.text for literal in literals(generic, "tsx")] == ["a", "b"]


@pytest.mark.parametrize("language", PLAIN)
@given(text=st.text(alphabet="'\"`\\/*#{}$<>?%()[]\n ax=:@-~", max_size=80))
def test_no_text_is_too_strange(language: str, text: str) -> None:
    source = "<?php " + text if language == "php" else text
    for literal in literals(source, language):
        assert source[literal.inner : literal.inner + len(literal.text)] == literal.text
        assert all(literal.inner <= start <= end for start, end in literal.holes)


HOSTILE: dict[str, Callable[[int], str]] = {
    "open strings": lambda n: "'\\'" * n,
    "open quotes in lines": lambda n: "\"a\n'b\n" * n,
    "announced texts": lambda n: "".join(f"x <<~A{i}\n" for i in range(n)),
    "announced once": lambda n: "x <<~A\nA\n" * n,
    "slashes": lambda n: "if (a) / b\n" * n,
    "nested holes": lambda n: "`${" * n,
    "elements": lambda n: "= <a b='" * n,
    "percents": lambda n: "= %( " * n,
    "braces": lambda n: 'f"{' * n,
    "colons": lambda n: 'f"{a' + ":" * n,
    "brackets": lambda n: "(" * n + '"a"' * n,
}


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize("language", PLAIN)
def test_reading_is_linear(what: str, language: str) -> None:
    def measure(size: int) -> float:
        text = "<?php " * (language == "php") + HOSTILE[what](size)
        return max(seconds(lambda: list(literals(text, language)), 1), 0.02)

    measure(100)
    assert growth(measure, [4_000, 40_000], 20) < 20, what


def test_languages_are_told_by_name() -> None:
    names = {"a/b.py": "python", "x.TSX": "tsx", "y.mjs": "javascript", "Z.cs": "csharp", "a.rb": "ruby"}
    assert {path: getattr(language_of(path), "name", None) for path in names} == names
    assert language_of("Makefile") is language_of("a.yaml") is None
