"""Rails' migrations: Ruby classes with ``change``, which Rails takes back by itself if it can, or ``up`` and
``down``.

Source: Rails, "Active Record Migrations" and ``ActiveRecord::Migration::CommandRecorder``: what is recorded
without enough to invert it raises ``IrreversibleMigration``. A method ends where ``end`` stands as far in as
its ``def``, as all who write Ruby lay it out; where that is not so nothing is told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from posixpath import basename

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.migrations.statements import blanks
from archlint.model.migrations.steps import Step, WayBack
from archlint.model.sources.literals import SourceCode
from archlint.model.world import World

_LONGEST_TEXT = 1_000_000
IS_RAILS = regex(r"<[ \t]*ActiveRecord::Migration\b")
_METHOD = regex(r"(?m)^(?P<indent>[ \t]*+)def[ \t]++(?:self\.)?(?P<name>change|up|down)\b[^\n]*")
_CALL = regex(
    r"(?m)^[ \t]*+(?:safety_assured[ \t]*+(?:do\b|\{)[ \t]*+)?"
    r"(?P<name>[a-z_]++\??)(?P<open>\(|[ \t]++(?=[^\s=.+]))"
)
_UNDER_CONTROL = regex(r"(?m)^(?P<indent>[ \t]*+)(?:reversible|up_only|revert)\b(?P<rest>[^\n]*+)")
_BLOCK = regex(r"\bdo\b|\{")
_REVERTING = regex(r"\breverting\?")
_KEYWORD = regex(r"\s*(?:\w+:(?!:)|\*\*|&|:\w+\s*=>|\x02\x01*\s*(?:=>|:))")


def rails_steps(world: World, paths: Sequence[str]) -> Iterator[Step]:
    """The migrations of all applications."""
    for path in paths:
        if not path.endswith(".rb"):
            continue
        text = world.text(path)
        if text is not None and len(text) < _LONGEST_TEXT and IS_RAILS.search(text):
            step = _step(path, SourceCode(text, "ruby"))
            if step is not None:
                yield step


@dataclass(frozen=True, slots=True)
class _Method:
    start: int
    """Where its name stands."""
    name: str
    begin: int
    end: int
    """What is between its first line and its ``end``."""


def _step(path: str, code: SourceCode) -> Step | None:
    methods = {item.name: item for item in reversed([*_methods(code.plain)])}
    name = basename(path).removesuffix(".rb")
    change, up, down = (methods.get(word) for word in ("change", "up", "down"))
    if change is not None:
        return _of_change(path, name, code, change)
    if up is None:
        return None
    if not code.plain[up.begin : up.end].strip():
        way_back = WayBack.NOT_NEEDED
    elif down is None:
        way_back = WayBack.MISSING
    else:
        body = code.plain[down.begin : down.end].split()
        way_back = WayBack.REFUSED if body[:1] == ["raise"] else WayBack.PRESENT if body else WayBack.EMPTY
    shown = up if down is None else down
    return Step(path, "rails", name, way_back, code.span_at(shown.start, len(shown.name)), "down")


def _methods(plain: str) -> Iterator[_Method]:
    for match in _METHOD.finditer(plain):
        rest = plain[match.start() : match.end()]
        if rest.rstrip().endswith("end") or "=" in rest.partition("(")[0]:
            continue  # on one line
        end = plain.find(f"\n{match['indent']}end", match.end())
        if end >= 0:
            yield _Method(match.start("name"), match["name"], match.end(), end)


def _of_change(path: str, name: str, code: SourceCode, method: _Method) -> Step:
    plain = _without_directions(code.plain, method)
    for match in () if _REVERTING.search(plain) else _CALL.finditer(plain):
        judge = _INVERSES.get(match["name"])
        if judge is None:
            continue
        arguments, is_block = _arguments(plain, match)
        lacking = judge(arguments, is_block)
        if lacking is not None:
            span = code.span_at(method.begin + match.start("name"), len(match["name"]))
            what = f"'{match['name']}'" + (f" without {lacking}" if lacking else "")
            undo = "a 'down', or put it into 'reversible'"
            return Step(path, "rails", name, WayBack.IMPOSSIBLE, span, undo, operation=what)
    return Step(path, "rails", name, WayBack.PRESENT, code.span_at(method.start, len(method.name)), "")


def _without_directions(plain: str, method: _Method) -> str:
    """The body of a method, with blanks for blocks that say themselves what happens on the way back."""
    body = plain[method.begin : method.end]
    found: list[str] = []
    at = 0
    for match in _UNDER_CONTROL.finditer(body):
        if match.start() < at:
            continue
        end = match.end()
        block = _BLOCK.search(match["rest"])
        if block is not None:
            closing = "end" if block[0] == "do" else "}"
            is_on_line = match["rest"][block.end() :].rstrip().endswith(closing)
            last = -1 if is_on_line else body.find(f"\n{match['indent']}{closing}", end)
            end = end if is_on_line else len(body) if last < 0 else last
        found += [body[at : match.start()], blanks(body[match.start() : end])]
        at = end
    return "".join([*found, body[at:]])


def _arguments(plain: str, match: re.Match[str]) -> tuple[list[str], bool]:
    """What stands between the commas of a call, and whether it has a block."""
    depth, at, start = 0, match.end(), match.end()
    given: list[str] = []
    is_enclosed = match["open"] == "("
    limit = min(len(plain), at + 4_000)
    while at < limit:
        sign = plain[at]
        if sign in "([{":
            depth += 1
        elif sign in ")]}":
            if depth == 0:
                break
            depth -= 1
        elif sign == "," and depth == 0:
            given.append(plain[start:at])
            start = at + 1
        elif sign == "\n" and depth == 0 and not is_enclosed and _is_complete(plain[start:at]):
            break
        at += 1
    given.append(plain[start:at])
    after = plain[at : at + 1 + is_enclosed * 200].partition("\n")[0]
    last = given[-1]
    is_block = bool(re.search(r"\bdo\b|\{", last + after))
    return [item for item in given if item.strip()], is_block


def _is_complete(argument: str) -> bool:
    """Whether the line after an argument is another statement."""
    return bool(argument.strip()) and not argument.rstrip().endswith("\\")


def _places(arguments: list[str]) -> int:
    """How many arguments have no name."""
    return sum(_KEYWORD.match(item) is None for item in arguments)


def _named(arguments: list[str], *names: str) -> bool:
    return all(any(re.match(rf"\s*:?{name}\b", item) for item in arguments[1:]) for name in names)


def _is_splat(arguments: list[str]) -> bool:
    return any(item.lstrip().startswith("*") for item in arguments)


def _never(arguments: list[str], is_block: bool) -> str | None:
    return ""


def _needs(places: int, lacking: str, *names: str) -> Callable[[list[str], bool], str | None]:
    """An operation that is inverted with so many arguments, or with those names."""

    def judge(arguments: list[str], is_block: bool) -> str | None:
        if _is_splat(arguments) or _places(arguments) >= places or (names and _named(arguments, *names)):
            return None
        return lacking

    return judge


def _drop_table(arguments: list[str], is_block: bool) -> str | None:
    return None if is_block or _is_splat(arguments) else "a block that creates it again"


_INVERSES: dict[str, Callable[[list[str], bool], str | None]] = {
    "execute": _never,
    "change_column": _never,
    "change_column_default": _needs(9, "'from:' and 'to:'", "from", "to"),
    "change_column_comment": _needs(9, "'from:' and 'to:'", "from", "to"),
    "change_table_comment": _needs(9, "'from:' and 'to:'", "from", "to"),
    "remove_column": _needs(3, "the type of the column"),
    "remove_columns": _needs(99, "'type:'", "type"),
    "remove_index": _needs(2, "'column:'", "column"),
    "remove_foreign_key": _needs(2, "the other table", "to_table"),
    "remove_check_constraint": _needs(2, "the expression"),
    "drop_table": _drop_table,
    "drop_enum": _needs(2, "the values"),
}
"""Operations that Rails inverts under conditions only: what a call lacks, if it lacks anything."""
