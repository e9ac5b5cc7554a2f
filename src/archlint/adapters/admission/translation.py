"""Expressions of policies, written so that Google's CEL for Python evaluates them.

Everything that Kubernetes adds to the language becomes a call of a function of ``library``: ``variables.x``
is evaluated when it is read, what nobody knows before a request is made (``request.userInfo``,
``authorizer``) is an error of its own kind when it is read, comprehensions with two variables go over pairs,
and messages of types that only the API server has (``Object.spec{...}``) are maps.
"""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Iterator, Mapping

from archlint.adapters.admission.syntax import Tree, parse

_TWO_VARIABLES = {"all", "exists", "existsOne", "exists_one", "transformList", "transformMap"} | {
    "transformMapEntry"
}
_COMPREHENSIONS = _TWO_VARIABLES | {"map", "filter", "optMap", "optFlatMap", "bind"}
_RENAMED = frozenset({"indexOf", "lastIndexOf", "reverse"})
"""Functions that the library has for texts, and Kubernetes for lists as well."""
_MAYBE = frozenset({"validate", "named"})
"""Functions that give an optional value, which no function written in Python can."""
_TYPED = {
    "BOOL": "bool",
    "INT": "int",
    "UINT": "uint",
    "DOUBLE": "double",
    "STRING": "string",
    "BYTES": "bytes",
    "DURATION": "duration",
    "TIMESTAMP": "timestamp",
}
Edit = tuple[int, int, str]
"""What stands for the text between two offsets."""
_GIVEN = frozenset({"authorizer", "namespaceObject", "params"})
"""Variables that are known of some requests only, or, as the authorizer, of none."""
UNKNOWN_CALLS = frozenset({"http", "resource", "globalContext", "user", "image", "imageData", "generator"})
"""Namespaces of functions of Kyverno that need a cluster, a registry or the network."""


class Translation:
    """An expression as the library takes it; ``at`` leads from an offset in it to one in what was written."""

    def __init__(self, written: str, edits: list[Edit]) -> None:
        pieces: list[str] = []
        self._starts: list[int] = [0]
        self._shifts: list[int] = [0]
        at = length = 0
        for start, end, text in sorted(edits, key=lambda edit: (edit[0], edit[1])):
            if start < at:
                continue  # inside of what is replaced already
            pieces += (written[at:start], text)
            length += start - at + len(text)
            at = end
            self._starts.append(length)
            self._shifts.append(at - length)
        pieces.append(written[at:])
        self.text = "".join(pieces)

    def at(self, offset: int) -> int:
        """The offset in what was written."""
        return max(offset + self._shifts[bisect_right(self._starts, offset) - 1], 0)


class Translator:
    """Translates the expressions of one policy."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        """``variables`` are the types of the policy's variables by name, in the library's words."""
        self._variables = variables

    def translate(self, written: str, tree: Tree | None = None) -> Translation:
        """The translation of a text; raises ``SyntaxProblem`` or ``TooDeep``."""
        return Translation(written, [*self._edits(parse(written) if tree is None else tree, frozenset())])

    def part(self, written: str, tree: Tree) -> str:
        """The translation of a part of a text."""
        edits = [
            (start - tree.start, end - tree.start, text)
            for start, end, text in self._edits(tree, frozenset())
        ]
        return Translation(written[tree.start : tree.end], edits).text

    def _edits(self, tree: Tree, bound: frozenset[str]) -> Iterator[Edit]:
        whole = self._replacement(tree, bound)
        if whole is not None:
            yield (tree.start, tree.end, whole)
            return
        before, after = _around(tree)
        yield from before
        inner = bound | _names_bound(tree)
        for part in tree.parts[1:] if tree.kind == "struct" else tree.parts:
            yield from self._edits(part, bound if part is tree.target else inner)
        yield from after

    def _replacement(self, tree: Tree, bound: frozenset[str]) -> str | None:
        """What stands for a whole part, if anything does."""
        if tree.kind == "call" and tree.word == "has" and not tree.has_target and len(tree.parts) == 1:
            whole = self._replacement(tree.parts[0], bound)
            return "true" if whole and whole.startswith("__variable") else whole
        root = _root(tree)
        if root is None or root.word in bound:
            return None
        if root.word == "namespaceObject" and _is_its_name(tree):
            return _given("namespaceObject.metadata.name")
        if root.word == "authorizer" or (root.word in _GIVEN and tree is root):
            return _given(root.word)
        if tree.kind == "call" and root.word in UNKNOWN_CALLS and tree.has_target:
            return _given(f"{root.word}.{_first_step(tree)}")
        if tree.kind == "select" and tree.parts[0] is root:
            if root.word == "variables" and tree.word in self._variables:
                return variable_call(tree.word, self._variables[tree.word])
            if root.word == "request":
                return _given(f"request.{tree.word}")
        return None


def variable_call(name: str, type_name: str) -> str:
    """How a variable of a policy is read."""
    kind = type_name.partition("<")[0]
    kind = {"LIST": "list", "MAP": "map"}.get(kind, _TYPED.get(kind, "dyn"))
    return f"__variable_{kind}({json.dumps(name)})"


def _is_its_name(tree: Tree) -> bool:
    """Whether it is ``namespaceObject.metadata.name``, which is known even where nothing else is."""
    holder = tree.target
    return (tree.kind, tree.word) == ("select", "name") and (
        holder is not None
        and (holder.kind, holder.word) == ("select", "metadata")
        and holder.parts[0].kind == "name"
    )


def _given(what: str) -> str:
    return f"__given({json.dumps(what)})"


def _root(tree: Tree) -> Tree | None:
    """The operand that a chain of selections and calls begins with."""
    if tree.kind not in ("select", "index", "call", "name"):
        return None
    while tree.has_target and tree.kind in ("select", "index", "call"):
        tree = tree.parts[0]
    return tree if tree.kind == "name" else None


def _first_step(tree: Tree) -> str:
    while tree.has_target and tree.parts[0].has_target:
        tree = tree.parts[0]
    return tree.word


def _names_bound(tree: Tree) -> frozenset[str]:
    """The names that a comprehension gives a meaning of its own."""
    if tree.kind != "call" or not tree.has_target or tree.word not in _COMPREHENSIONS:
        return frozenset()
    names = tree.arguments[: 2 if has_two_variables(tree) else 1]
    return frozenset(part.word for part in names if part.kind == "name")


def _around(tree: Tree) -> tuple[list[Edit], list[Edit]]:
    """What is changed at the beginning and at the end of a part; ends of inner parts come first."""
    if tree.kind == "struct":
        return _of_struct(tree), [(tree.end, tree.end, ")")]
    before: list[Edit] = []
    after: list[Edit] = []
    if tree.kind == "call" and tree.has_target:
        if tree.word in _RENAMED:
            before.append((tree.word_at, tree.word_at, "__"))
        if tree.word in _MAYBE and len(tree.arguments) == 1:
            before += [
                (tree.start, tree.start, "optional.ofNonZeroValue("),
                (tree.word_at, tree.word_at, "__"),
            ]
            after.append((tree.end, tree.end, ")"))
        if tree.word == "orValue" and _is_plain(tree.parts[0]):  # no optional value is that of itself
            after.append((tree.parts[0].end, tree.end, ""))
        if has_two_variables(tree):
            opening, closing = _of_pairs(tree)
            return before + opening, closing + after
    return before, after


def _is_plain(tree: Tree) -> bool:
    """Whether it is a value that a chain of selections leads to, none of which is optional."""
    steps = 0
    while tree.kind in ("select", "index") and not tree.is_optional:
        tree, steps = tree.parts[0], steps + 1
    return steps > 0 and tree.kind == "name" and tree.word != "variables"


def _of_struct(tree: Tree) -> list[Edit]:
    """``Object.spec{a: 1}`` is the map ``{"a": 1}``."""
    name = tree.parts[0]
    keys = [
        (key.start, key.end, json.dumps(key.word.strip("`")))
        for key in tree.parts[1::2]
        if key.kind == "name"
    ]
    return [(name.start, name.end, "dyn("), *keys]


def has_two_variables(tree: Tree) -> bool:
    arguments = tree.arguments
    return (
        tree.word in _TWO_VARIABLES
        and len(arguments) in (3, 4)
        and all(part.kind == "name" for part in arguments[:2])
    )


def _of_pairs(tree: Tree) -> tuple[list[Edit], list[Edit]]:
    """A comprehension with two variables as one over pairs of key or index and value."""
    first, second, *rest = tree.arguments
    pair = f"__{first.word}_{second.word}"
    name = "exists_one" if tree.word == "existsOne" else tree.word
    name = "map" if name.startswith("transform") else name
    before = [
        (tree.word_at, tree.word_at + len(tree.word), f"__pairs().{name}"),
        (first.start, second.end, pair),
    ]
    after: list[Edit] = []
    binding = f"cel.bind({first.word}, {pair}[0], cel.bind({second.word}, {pair}[1], "
    for part in rest:
        is_entry = tree.word == "transformMap" and part is rest[-1]
        before.append((part.start, part.start, f"[{pair}[0], {binding}" if is_entry else binding))
        after.append((part.end, part.end, "))]" if is_entry else "))"))
    if tree.word in ("transformMap", "transformMapEntry"):
        after.append((tree.end, tree.end, ".__entries()" if tree.word == "transformMap" else ".__merged()"))
    return before, after
