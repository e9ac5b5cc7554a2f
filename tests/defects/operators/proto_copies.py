"""Copies of a proto file in several services that are not the same any more."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, line_of, seeds
from tests.metamorphic.repositories import Files

_FIELD = re.compile(
    r"(?m)^  (?P<type>(?:repeated )?[\w.]+) (?P<name>\w+) = (?P<number>\d+)(?: \[[^\]\n]*\])?;\n"
)
_MESSAGE = re.compile(r"(?m)^message (?P<name>\w+) \{\n(?P<body>(?:  .*\n)*)\}")
_ROOT = re.compile(r"^contracts/proto/")


def _copies(files: Files) -> Iterator[tuple[str, str, str]]:
    """Each proto with the place where a service has its copy."""
    for path, text in sorted(files.items()):
        if _ROOT.match(path) and path.endswith(".proto"):
            for service in ("storefront", "shipping"):
                yield path, _ROOT.sub(f"services/{service}/proto/", path), text


@seeds("proto-copy-drifted")
def of_another_kind(files: Files) -> Iterator[Defect]:
    """A field that has another type, number or name in the copy."""
    for path, copy, text in _copies(files):
        for field in list(_FIELD.finditer(text))[:2]:
            number, type_ = field["number"], "bytes" if "int" in field["type"] else "int64"
            for what, made in (
                ("type", f"  {type_} {field['name']} = {number};\n"),
                ("number", field[0].replace(f"= {number}", "= 77")),
                ("name", field[0].replace(f" {field['name']} ", f" old_{field['name']} ")),
            ):
                changed = text[: field.start()] + made + text[field.end() :]
                line = line_of(text, field.start())
                yield Defect(
                    f"{what} of {field['name']} in {copy}",
                    {**files, copy: changed},
                    frozenset({(copy, line)}),
                    frozenset({(path, line)}),
                )


@seeds("proto-copy-drifted")
def left_behind(files: Files) -> Iterator[Defect]:
    """A field that only one of the two files got."""
    for path, copy, text in _copies(files):
        for message in _MESSAGE.finditer(text):
            fields = list(_FIELD.finditer(text, message.start(), message.end()))
            if len(fields) < 2:
                continue
            last, line = fields[-1], line_of(text, message.start())
            without = text[: last.start()] + text[last.end() :]
            for short, full in ((copy, path), (path, copy)):
                yield Defect(
                    f"{last['name']} is not in {short}",
                    {**files, short: without, full: text},
                    frozenset({(short, line)}),
                    frozenset({(full, line_of(text, last.start()))}),
                )
