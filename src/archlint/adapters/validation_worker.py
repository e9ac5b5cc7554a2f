"""A program of its own that compiles the expressions of validation rules; what they do ends with it.

Standard input has one JSON object: ``path`` (where modules are imported from), ``memory`` (bytes), ``files``
(``FileDescriptorProto`` in Base64 by path, each after what it needs), ``needs`` (paths of what each file
needs) and ``asked``, each with ``file``, ``text``, ``types`` of its variables, ``is_pattern`` and ``values``
of ``this``. Each line of the output is the answer to one question: ``type`` of its value and the indexes of
the values that are ``refused``, ``error``, or nothing if it is not known.
"""

from __future__ import annotations

import base64
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property, lru_cache
from typing import Any

_ERROR = r"ERROR: <input>:\d+:\d+: ([^\n]*)"
_NUMBER = r"(?:(?:int|uint|double)|wrapper\((?:int|uint|double)\))"
_BYTES = r"(?:bytes|wrapper\(bytes\))"
_MAY_BE_BYTES = r"(?:bytes|wrapper\(bytes\)|dyn|any)"
_TAKEN = (
    r"found no matching overload for (?:"
    rf"'_(?:<|<=|>|>=)_' applied to '\({_NUMBER}, {_NUMBER}\)'"
    rf"|'(?:startsWith|endsWith|contains)' applied to '\({_MAY_BE_BYTES}, {_BYTES}\)')"
)
"""What protovalidate's environment takes and the library does not."""
_BYTE = r"(?<!\\)(?:\\\\)*\\C"
"""A single byte, which RE2 knows in C++ and nowhere else."""
_QUOTED = r"(?s)\\Q.*?(?:\\E|\Z)"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ANY = "ERROR"
"""What the library calls the type of a ``google.protobuf.Any``."""
_WRAPPED = {
    **{f"google.protobuf.{name}Value": "int" for name in ("Int32", "Int64")},
    **{f"google.protobuf.{name}Value": "uint" for name in ("UInt32", "UInt64")},
    **{f"google.protobuf.{name}Value": "double" for name in ("Float", "Double")},
    **{f"google.protobuf.{name}Value": name.lower() for name in ("Bool", "Bytes", "String")},
}
_KEPT = 32
"""Environments that are kept: each takes 1 ms to make and 0.2 MB, and serves all expressions alike."""
_FUNCTIONS: dict[str, list[tuple[Any, ...]]] = {
    "isEmail": [("bool", "string")],
    "isHostname": [("bool", "string")],
    "isUri": [("bool", "string")],
    "isUriRef": [("bool", "string")],
    "isHostAndPort": [("bool", "string", "bool")],
    "isIp": [("bool", "string"), ("bool", "string", "int")],
    "isIpPrefix": [
        ("bool", "string"),
        ("bool", "string", "int"),
        ("bool", "string", "bool"),
        ("bool", "string", "int", "bool"),
    ],
    "isNan": [("bool", "double")],
    "isInf": [("bool", "double"), ("bool", "double", "int")],
    "unique": [("bool", ["list", kind]) for kind in ("bool", "bytes", "double", "int", "string", "uint")],
}
"""The functions of protovalidate, called on their first parameter: types of the result and of each one.
Source: https://protovalidate.com/reference/cel_extensions/"""
_EVALUATED = {**_FUNCTIONS, "unique": [("bool", ["list", "dyn"])]}
"""The same for what is evaluated, where lists are alike whatever they hold."""


def main() -> None:
    """Read the request and answer question by question."""
    request = json.load(sys.stdin)
    sys.path.extend(request["path"])
    from archlint.adapters.cel_worker import limit_memory

    compiler = _Compiler(request["files"], request["needs"])
    limit_memory(request["memory"])
    for asked in request["asked"]:
        try:
            answer = compiler.answer(asked)
        except Exception:  # whatever the library cannot do is not known
            answer = {}
        print(json.dumps(answer), flush=True)


class _Compiler:
    def __init__(self, files: dict[str, str], needs: dict[str, list[str]]) -> None:
        from cel_expr_python import cel
        from cel_expr_python.ext import ext_strings

        self._cel = cel
        self._strings = ext_strings
        self._files = files
        self._needs = needs
        self._pool = cache(self._new_pool)
        self._env = lru_cache(_KEPT)(self._new_env)
        self._functions = [self._function(name, _FUNCTIONS) for name in _FUNCTIONS]
        self._evaluated = [self._function(name, _EVALUATED) for name in _EVALUATED]
        wanted = cel.Overload(
            "get_field", return_type=cel.Type.DYN, parameters=[cel.Type.DYN, cel.Type.STRING], impl=_nothing
        )
        for functions in (self._functions, self._evaluated):
            functions.append(cel.FunctionDecl("getField", [wanted]))

    def _function(self, name: str, of: dict[str, list[tuple[Any, ...]]]) -> Any:
        from archlint.model.protobuf.well_known_texts import TEXTS

        known = {"isEmail": TEXTS["email"], "isHostname": TEXTS["hostname"]}
        overloads = []
        for at, (result, *parameters) in enumerate(of[name]):
            overloads.append(
                self._cel.Overload(
                    f"{name}_{at}",
                    return_type=self._type(result),
                    parameters=[self._type(each) for each in parameters],
                    is_member=True,
                    impl=known.get(name, _nothing),
                )
            )
        return self._cel.FunctionDecl(name, overloads)

    def _type(self, type_: Any) -> Any:
        known = self._cel.Type
        if isinstance(type_, list):
            parts = [self._type(each) for each in type_[1:]]
            return known.List(*parts) if type_[0] == "list" else known.Map(*parts)
        return known(type_) if "." in type_ else getattr(known, type_.upper(), None) or known(type_)

    def answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The type of an expression, or what is wrong with it."""
        if asked["is_pattern"]:
            return self._pattern(asked["text"])
        env = self._env(asked["file"], json.dumps(asked["types"]))
        try:
            expression = env.compile(asked["text"])
        except Exception as error:
            found = re.findall(_ERROR, str(error))
            left = [each.replace(" (in container '')", "") for each in found if not re.search(_TAKEN, each)]
            return {"error": left[0][:300]} if left else {}
        refused = self._refused(asked) if asked["values"] else []
        kind = expression.return_type().name()
        return {"type": "DYN" if kind == _ANY else kind, "refused": refused}

    def _refused(self, asked: dict[str, Any]) -> list[int]:
        """The indexes of the values that an expression refuses; those in wrappers are given without these."""
        types = [
            [name, _WRAPPED.get(type_, type_) if isinstance(type_, str) else type_]
            for name, type_ in asked["types"]
        ]
        try:
            expression = self._env(asked["file"], json.dumps(types), is_run=True).compile(asked["text"])
        except Exception:  # it asks whether there is a value at all
            return []
        values = [_value(each, types[0][1]) for each in asked["values"]]
        return [at for at, each in enumerate(values) if each is not None and _refuses(expression, each)]

    def _new_env(self, path: str, types: str, *, is_run: bool = False) -> Any:
        """What compiles expressions of a file with variables of some types, given as JSON; ``is_run`` if they
        are evaluated."""
        return self._cel.NewEnv(
            descriptor_pool=self._pool(path),
            variables={name: self._type(type_) for name, type_ in json.loads(types)},
            extensions=[self._strings.ExtStrings()],
            functions=self._evaluated if is_run else self._functions,
        )

    @cached_property
    def _matches(self) -> Any:
        """An expression that is only known once there is a pattern."""
        env = self._cel.NewEnv(variables={"pattern": self._cel.Type.STRING})
        return env.compile("''.matches(pattern)")

    def _pattern(self, text: str) -> dict[str, str]:
        if re.search(_BYTE, re.sub(_QUOTED, "", text)):
            return {"error": "invalid escape sequence: \\C"}
        found = self._matches.eval(data={"pattern": text})
        if found.type().name() == "ERROR":
            return {"error": " ".join(str(found.value()).split()).rpartition("expression: ")[2][:200]}
        return {"type": "pattern"}

    def _new_pool(self, path: str) -> Any:
        """The definitions that a file sees."""
        from google.protobuf import descriptor_pool

        seen: set[str] = set()
        waiting = [path]
        while waiting:
            each = waiting.pop()
            if each not in seen and each in self._files:
                seen.add(each)
                waiting += self._needs.get(each, ())
        pool = descriptor_pool.DescriptorPool()
        for each in self._files:
            if each in seen:
                pool.AddSerializedFile(base64.b64decode(self._files[each]))
        return pool


def _value(value: Any, type_: Any) -> Any:
    """A value as the library takes it; ``None`` for what it does not take as it is."""
    if type_ == "bytes":
        return base64.b64decode(value)
    if type_ in ("duration", "timestamp"):
        seconds, nanos = value
        try:
            span = timedelta(seconds=seconds, microseconds=nanos // 1000)
            exact = span if type_ == "duration" else _EPOCH + span
        except OverflowError:
            return None
        return None if nanos % 1000 else exact
    return value if type_ in ("int", "uint", "double", "bool", "string") else None


def _refuses(expression: Any, value: Any) -> bool:
    """Whether an expression is false of a value, or gives a text; what cannot be evaluated is not known."""
    found = expression.eval(data={"this": value})
    return (found.type().name(), found.value()) == ("BOOL", False) or bool(
        found.type().name() == "STRING" and found.value()
    )


def _nothing(*arguments: Any) -> Any:
    """Stands for a function of which it is not known what it gives."""
    raise ValueError


if __name__ == "__main__":
    main()
