"""How each language writes strings and comments: one row for a language, which the scanner goes by.

Sources: the lexical chapters of the languages' own references (Python 2.4, ECMAScript 12, Go, Java 3.10,
Kotlin's and C#'s grammars, PHP's and Ruby's manuals).
"""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from posixpath import basename

from archlint.finding.records import dataclass


@dataclass(frozen=True)
class Form:
    """One way to write a string."""

    quote: str
    """The quote, as an expression: C# closes with as many as opened."""
    prefix: str = ""
    """What stands directly before the quote in this form, as an expression."""
    escape: str = "\\"
    """What takes the next character's meaning away; ``double`` where a quote is written twice; nothing."""
    has_lines: bool = False
    """Whether it may go over several lines."""
    hole: str = ""
    """How expressions are put in: ``$`` is ``${x}``, ``$x`` is this and ``$x``, ``#`` is ``#{x}``, ``{`` is
    ``{x}``, ``php`` is what PHP has."""

    @cached_property
    def opening(self) -> re.Pattern[str]:
        """Matches the quote."""
        return re.compile(self.quote)

    @cached_property
    def before(self) -> re.Pattern[str]:
        """Matches the prefix that ends where the search ends."""
        return re.compile(rf"(?<![\w$@])(?:{self.prefix})\Z")


@dataclass(frozen=True)
class Language:
    """How a language is written."""

    name: str
    suffixes: tuple[str, ...]
    forms: tuple[Form, ...]
    """In the order in which they are tried."""
    line_comments: tuple[str, ...] = ("//",)
    has_blocks: bool = True
    """Whether ``/*`` begins a comment."""
    is_nesting: bool = False
    """Whether such comments contain one another."""
    has_characters: bool = False
    """Whether ``'`` holds a single character, which is no text."""
    words_before_patterns: frozenset[str] = frozenset()
    """Words after which ``/`` begins a regular expression, where it may begin one at all."""
    has_markup: bool = False
    """Whether elements stand where values do (JSX)."""
    has_formats: bool = False
    """Whether a colon ends the expression in a hole: what follows says how its value is shown."""
    stops: str = ""
    """Other characters that may begin something."""
    line_stops: str = ""
    """What may begin something at the beginning of a line, as an expression that begins with its end."""

    @cached_property
    def stop(self) -> re.Pattern[str]:
        """Finds what may begin something other than plain code."""
        return self._stop("")

    @cached_property
    def stop_in_hole(self) -> re.Pattern[str]:
        """As ``stop``, and finds brackets, and what begins a format."""
        return self._stop(r"(){}\[\]:")

    @cached_property
    def simple(self) -> re.Pattern[str] | None:
        """Matches code that nothing surrounds, and what comes next: a string into which nothing is put (the
        first group), a comment (2), another value (3), what is looked at more closely (4), or the end.
        ``None`` where a comment may end before its line."""
        if self.name == "php":
            return None
        strings = [
            rf"{quote}(?!{quote}{quote}){plain_pattern(form, quote).pattern}"
            for form in self.forms
            for quote in "\"'`"
            if not form.prefix and form.opening.fullmatch(quote)
        ]
        remarks = [rf"{sign}[^\n]*+" for sign in self.line_comments]
        remarks += [r"/\*[\s\S]*?\*/"] if self.has_blocks and not self.is_nesting else []
        character = CHARACTER if self.has_characters else "(?!)"
        signs = self._signs + ("\n" if self.line_stops else "")
        plain = [f"[^{signs}]++"]
        plain += [f"(?!{self.line_stops})\n"] if self.line_stops else []
        plain += ["/(?![/*])"] if self.has_blocks and not self.words_before_patterns else []
        return re.compile(
            rf"(?:{'|'.join(plain)})*+(?:((?<![\w$@])(?:{'|'.join(strings)}))|({'|'.join(remarks)})"
            rf"|({character})|([{signs}])|\Z)"
        )

    def _stop(self, more: str) -> re.Pattern[str]:
        return re.compile(f"[{self._signs}{more}]" + (f"|{self.line_stops}" if self.line_stops else ""))

    @cached_property
    def _signs(self) -> str:
        quotes = {quote for quote in "\"'`" for form in self.forms if quote in form.quote}
        slash = "/" if self.has_blocks or self.words_before_patterns else ""
        signs = {*quotes, *("'" if self.has_characters else ""), *slash, *self.stops}
        return "".join(sorted(signs)) + ("#" if "#" in self.line_comments else "")

    @cached_property
    def by_quote(self) -> dict[str, tuple[Form, ...]]:
        """The forms that begin with each quote."""
        found: dict[str, list[Form]] = {}
        for form in self.forms:
            for quote in "\"'`":
                if quote in form.quote:
                    found.setdefault(quote, []).append(form)
        return {quote: tuple(forms) for quote, forms in found.items()}


CHARACTER = r"'(?:[^'\\\n]|\\[^\n])[^'\n]{0,10}'"
"""One character between quotes, as an expression."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_F = "[fFtT][rR]?|[rR][fFtT]"
_R = "[rRbBuU]{1,2}"
_BEFORE_PATTERNS = _words(
    "return typeof case in of delete void throw new instanceof do else yield await default export"
)
_JAVASCRIPT = (Form("'"), Form('"'), Form("`", has_lines=True, hole="$"))

PYTHON = Language(
    "python",
    (".py", ".pyi"),
    (
        Form("'''|\"\"\"", _F, has_lines=True, hole="{"),
        Form("['\"]", _F, hole="{"),
        Form("'''|\"\"\"", _R, has_lines=True),
        Form("['\"]", _R),
        Form("'''|\"\"\"", has_lines=True),
        Form("['\"]"),
    ),
    line_comments=("#",),
    has_blocks=False,
    has_formats=True,
)
GO = Language("go", (".go",), (Form('"'), Form("`", escape="", has_lines=True)), has_characters=True)
JAVA = Language("java", (".java",), (Form('"""', has_lines=True), Form('"')), has_characters=True)
KOTLIN = Language(
    "kotlin",
    (".kt", ".kts"),
    (Form('"""', escape="", has_lines=True, hole="$x"), Form('"', hole="$x")),
    is_nesting=True,
    has_characters=True,
)
JAVASCRIPT = Language(
    "javascript",
    (".js", ".jsx", ".mjs", ".cjs"),
    _JAVASCRIPT,
    words_before_patterns=_BEFORE_PATTERNS,
    has_markup=True,
    stops="<",
)
TYPESCRIPT = Language(
    "typescript", (".ts", ".mts", ".cts"), _JAVASCRIPT, words_before_patterns=_BEFORE_PATTERNS
)
TSX = Language(
    "tsx", (".tsx",), _JAVASCRIPT, words_before_patterns=_BEFORE_PATTERNS, has_markup=True, stops="<"
)
CSHARP = Language(
    "csharp",
    (".cs",),
    (
        Form('"{3,16}', r"\${1,8}", escape="", has_lines=True, hole="{"),
        Form('"', r"\$@|@\$", escape="double", has_lines=True, hole="{"),
        Form('"', r"\$", hole="{"),
        Form('"', "@", escape="double", has_lines=True),
        Form('"{3,16}', escape="", has_lines=True),
        Form('"'),
    ),
    has_characters=True,
    has_formats=True,
    line_stops=r"\n[ \t]*+#[ \t]*+(?:end)?(?:region|error|warning|pragma)\b",
)
PHP = Language(
    "php",
    (".php", ".phtml", ".inc"),
    (
        Form("'", has_lines=True),
        Form('"', has_lines=True, hole="php"),
        Form("`", has_lines=True, hole="php"),
    ),
    line_comments=("//", "#"),
    stops="<?",
)
RUBY = Language(
    "ruby",
    (".rb", ".rake", ".ru", ".gemspec"),
    (
        Form("'", has_lines=True),
        Form('"', has_lines=True, hole="#"),
        Form("`", has_lines=True, hole="#"),
    ),
    line_comments=("#",),
    has_blocks=False,
    words_before_patterns=_words("if elsif unless while until and or not when then in return else do"),
    stops="<%?",
    line_stops=r"\n=begin\b|\n__END__\r?(?=\n|\Z)",
)

LANGUAGES = (PYTHON, GO, JAVA, KOTLIN, JAVASCRIPT, TYPESCRIPT, TSX, CSHARP, PHP, RUBY)
_BY_SUFFIX = {suffix: language for language in LANGUAGES for suffix in language.suffixes}


def language_of(path: str) -> Language | None:
    """The language of a file, by its name; ``None`` for all that is no source code."""
    name = basename(path)
    return _BY_SUFFIX.get(name[name.rfind(".") :].lower()) if "." in name else None


_ESCAPED = r"\\(?:\r\n|[\s\S])"
_ESCAPED_IN_FORMAT = r"\\N\{[^}\n]*\}|\\(?:\r\n|[^{])"
_HOLES = {
    "$": r"(?P<hole>\$\{)",
    "$x": r"(?P<hole>\$\{)|(?P<name>\$[A-Za-z_]\w*)",
    "#": r"(?P<hole>#\{)|(?P<name>#@{1,2}\w+)",
    "php": r"(?P<hole>\{(?=\$)|\$\{)|(?P<name>\$[A-Za-z_]\w*(?:\??->\w+|\[[^\]\n]{1,80}\])?)",
}


@lru_cache(maxsize=256)
def text_pattern(form: Form, quote: str, count: int) -> re.Pattern[str]:
    """Finds what ends or interrupts the text of a string that began with ``quote``; ``count`` braces begin
    a hole."""
    closing = rf"(?P<close>{re.escape(quote)}" + ('(?!"))' if len(quote) > 2 and not form.escape else ")")
    parts = [closing]
    if form.escape == "double":
        parts.insert(0, rf"(?P<skip>{quote}{quote})")
    elif form.escape:
        parts.append(rf"(?P<skip>{_ESCAPED_IN_FORMAT if form.hole == '{' else _ESCAPED})")
    if form.hole == "{":
        brace = r"\{" * count
        parts.append((r"(?P<twice>\{\{)|" if count == 1 else "") + rf"(?P<hole>{brace}(?!\{{))")
    elif form.hole:
        parts.append(_HOLES[form.hole])
    if not form.has_lines:
        parts.append(r"(?P<eol>\n)")
    return re.compile("|".join(parts))


@lru_cache(maxsize=256)
def plain_pattern(form: Form, quote: str) -> re.Pattern[str]:
    """Matches the rest of a string after its quote, if nothing is put in."""
    last = {"{": "{", "$": "$", "$x": "$", "#": "#", "php": "${"}.get(form.hole, "")
    stops = {quote[0], *last, *("\\" if form.escape == "\\" else ""), *("" if form.has_lines else "\n")}
    plain = "[^" + re.escape("".join(sorted(stops))) + "]++"
    parts = [plain]
    if form.escape == "\\":
        parts.append(r"\\(?:\r\n|[^{])" if form.hole == "{" else _ESCAPED)
    if form.escape == "double":
        parts.append(quote * 2)
    if len(quote) > 1:
        parts.append(rf"{quote[0]}(?!{quote[1:]})")
        if not form.escape:
            parts.append(rf"{quote[0]}(?={quote})")
    return re.compile(f"(?:{'|'.join(parts)})*+{quote}")
