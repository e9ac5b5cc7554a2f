"""Contracts of one repository that disagree with each other, or with the calendar."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.manifests import workloads
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_FOLDER = "described"


def _contract(name: str, members: tuple[str, ...], parameter: str, more: str, mark: str) -> str:
    properties = "".join(f"        {member}: {{type: string}}{mark}\n" for member in members)
    return (
        f'openapi: 3.0.3\ninfo: {{title: {name}, version: "1"}}\npaths:\n  /v1/{name}:\n    get:\n{more}'
        f"      parameters:\n        - name: {parameter}{mark}\n          in: query\n"
        "          schema: {type: string}\n      responses:\n        200: {description: ok}\n        404:\n"
        "          description: not found\n          content:\n            application/json:\n"
        f'              schema: {{$ref: "#/components/schemas/Error"}}{mark}\n'
        f"components:\n  schemas:\n    Error:{mark}\n      type: object{mark}\n      properties:{mark}\n"
        f"{properties}"
    )


_USUAL = ("code", "message")


def _with_odd(
    files: Files, odd: str, members: tuple[str, ...] = _USUAL, parameter: str = "page_size", more: str = ""
) -> Defect:
    """A contract for each workload, of which one is otherwise."""
    kept = {path: text for path, text in files.items() if "openapi" not in text}
    names = [item.name for item in workloads(files)]
    made = {
        f"{_FOLDER}/{name}.yaml": _contract(name, members, parameter, more, " #HERE")
        if name == odd
        else _contract(name, _USUAL, "page_size", "", " #OTHER")
        for name in names
    }
    return marked(kept, f"{odd} {members} {parameter} {more}", made)


@seeds("error-models-differ")
def another_form(files: Files) -> Iterator[Defect]:
    """A contract whose errors have other members than those of all others."""
    several = workloads(files)
    for item in several if len(several) > 2 else ():
        for members in (("error", "trace"), ("title", "status", "detail")):
            yield _with_odd(files, item.name, members)


@seeds("parameter-name-varies")
def another_spelling(files: Files) -> Iterator[Defect]:
    """A parameter with the words of one that all others spell otherwise."""
    several = workloads(files)
    for item in several if len(several) > 2 else ():
        for parameter in ("pageSize", "page-size"):
            yield _with_odd(files, item.name, parameter=parameter)


@seeds("sunset-passed")
def day_over(files: Files) -> Iterator[Defect]:
    """An operation that was to end years ago, and one whose day is none."""
    for item in workloads(files):
        for day in ("2020-12-31", "next-summer"):
            more = f"      deprecated: true\n      x-sunset: {day} #HERE\n"
            defect = _with_odd(files, item.name, more=more)
            yield Defect(defect.what, defect.files, defect.places)
