"""Repositories of any number of files or parts of one kind, most of which lead to the next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Files = dict[str, str]


@dataclass(frozen=True)
class Kind:
    """A repository for each number, and a command over it; ``base`` is what it was before."""

    arguments: tuple[str, ...]
    files: Callable[[int], Files]
    base: Callable[[int], Files] = lambda count: {}
    first: int = 8
    """The smallest number that is measured; the largest is eight times that."""


def contracts(count: int, more: str = "", *, closed: bool = False, is_marked: bool = False) -> Files:
    """Contracts of which each refers to a schema of the next; ``more`` is a property of the last one's,
    ``closed`` leads from there to the first; ``is_marked``: a property of each is never sent."""
    return {f"c{at}.yaml": _contract(at, _next(at, count, closed), more, is_marked) for at in range(count)}


def _next(at: int, count: int, closed: bool) -> str:
    if at + 1 < count:
        return f"c{at + 1}.yaml#/components/schemas/Item"
    return "c0.yaml#/components/schemas/Item" if closed else ""


def _contract(at: int, following: str, more: str, is_marked: bool = False) -> str:
    mark = ", readOnly: true" if is_marked else ""
    last = (
        f'{{$ref: "{following}"}}'
        if following
        else f"{{type: object, properties: {{id: {{type: string}}{more}}}}}"
    )
    return f"""openapi: 3.0.3
info: {{title: Service {at}, version: 1.0.0}}
paths:
  /v1/items{at}:
    get:
      operationId: list{at}
      responses:
        "200":
          description: all
          content: {{application/json: {{schema: {{$ref: "#/components/schemas/Item"}}}}}}
components:
  schemas:
    Item:
      type: object
      properties:
        name: {{type: string{mark}}}
        next: {last}
"""


def fragments(count: int, more: str = "") -> Files:
    """One contract, and files of schemas of which each refers to the next."""
    files = {"api.yaml": _contract(0, "f0.yaml#/Item", "")}
    for at in range(count):
        following = f'{{$ref: "f{at + 1}.yaml#/Item"}}' if at + 1 < count else f"{{type: string{more}}}"
        files[f"f{at}.yaml"] = f"Item:\n  type: object\n  properties:\n    next: {following}\n"
    return files


def users_of_one(count: int, more: str = "") -> Files:
    """Contracts that all refer to the schemas of one, which refers to each of them."""
    refs = "".join(f'        i{at}: {{$ref: "c{at}.yaml#/components/schemas/Item"}}\n' for at in range(count))
    files = {f"c{at}.yaml": _contract(at, "hub.yaml#/components/schemas/Hub", "") for at in range(count)}
    files["hub.yaml"] = (
        "openapi: 3.0.3\ninfo: {title: Hub, version: 1.0.0}\npaths: {}\ncomponents:\n  schemas:\n    Hub:\n"
        f"      type: object\n      properties:\n        name: {{type: string{more}}}\n{refs}"
    )
    return files


ADDED = ", extra: {type: string}"
KINDS: dict[str, Kind] = {
    "contracts, check": Kind(("check", ".", "--jobs", "1"), contracts),
    "contracts in a ring, check": Kind(
        ("check", ".", "--jobs", "1"), lambda count: contracts(count, closed=True, is_marked=True), first=32
    ),
    "contracts, breaking": Kind(
        ("breaking", "../base", "."), lambda count: contracts(count, ADDED), contracts
    ),
    "contracts in a ring, breaking": Kind(
        ("breaking", "../base", "."),
        lambda count: contracts(count, ADDED, closed=True),
        lambda count: contracts(count, closed=True),
    ),
    "fragments, check": Kind(("check", ".", "--jobs", "1"), fragments),
    "fragments, breaking": Kind(
        ("breaking", "../base", "."), lambda count: fragments(count, ", maxLength: 9"), fragments
    ),
    "users of one contract, check": Kind(("check", ".", "--jobs", "1"), users_of_one),
    "users of one contract, breaking": Kind(
        ("breaking", "../base", "."), lambda count: users_of_one(count, ", maxLength: 9"), users_of_one
    ),
}
