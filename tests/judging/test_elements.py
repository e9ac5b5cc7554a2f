"""Accepting one element: by pointer in the configuration, by comment or extension, also through ``$ref``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.inside import archlint
from tests.support.process import Done, commit_all

HEAD = "openapi: 3.0.3\ninfo: {title: Shop, version: '1'}\nsecurity: []\npaths:\n"
CART = (
    "{type: object, required: [a, b], properties: {a: {type: string}, b: {type: string}, c: {type: string}}}"
)
LESS = "{type: object, properties: {c: {type: string}}}"


def operation(path: str, reference: str, extra: str = "") -> str:
    return (
        f"  {path}:\n    get:\n{extra}      responses:\n        '200':\n          description: ok\n"
        f"          content:\n            application/json:\n              schema:\n{reference}\n"
    )


def reference(target: str, before: str = "", behind: str = "") -> str:
    return f"{before}                $ref: '{target}'{behind}"


class Shop:
    """A repository with a contract before and after a change."""

    def __init__(self, folder: Path) -> None:
        self.root = folder / "shop"

    def state(self, files: dict[str, str]) -> None:
        for path, text in files.items():
            target = self.root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text)

    def change(self, old: dict[str, str], new: dict[str, str]) -> None:
        self.state(old)
        commit_all(self.root)
        self.state(new)

    def configure(self, *entries: dict[str, Any]) -> None:
        self.state({"archlint.yaml": json.dumps({"suppress": list(entries)})})

    def found(self, how: str, *more: str) -> list[str]:
        """The messages of breaking changes, and what is said about suppressions."""
        done: Done
        if how == "check":
            done = archlint("check", ".", "--base", "HEAD", "--format", "json", *more, cwd=self.root)
        else:
            done = archlint("breaking", "HEAD:.", ".", "--format", "json", *more, cwd=self.root)
        assert done.code in (0, 1), done.err
        return [
            finding["message"]
            for finding in done.report["findings"]
            if finding["code"].startswith(("OAS5", "LINT")) and finding["severity"] != "info"
        ]


HOWS = pytest.mark.parametrize("how", ["check", "breaking"])


def contract(schema: str, *operations: str) -> str:
    listed = operations or (operation("/v1/carts", reference("#/components/schemas/Cart")),)
    return f"{HEAD}{''.join(listed)}components:\n  schemas:\n    Cart: {schema}\n"


@HOWS
def test_one_removed_property_is_accepted_and_its_sibling_is_not(how: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.change({"api.yaml": contract(CART)}, {"api.yaml": contract(LESS)})
    found = shop.found(how)
    assert len(found) == 2
    entry = {
        "rules": ["property-removed"],
        "paths": ["api.yaml"],
        "elements": ["#/components/schemas/Cart/properties/a"],
        "reason": "nobody reads it, and the app that did is gone",
        "until": "2030-01-01",
    }
    shop.configure(entry)
    assert shop.found(how, "--today", "2029-01-01") == [text for text in found if "'b'" in text]
    late = shop.found(how, "--today", "2031-01-01")
    assert [text for text in late if "'a'" in text or "'b'" in text] == found
    shop.configure({**entry, "elements": ["/components/schemas/Cart"]})
    assert shop.found(how, "--today", "2029-01-01") == []


@HOWS
def test_one_removed_path_or_operation_is_accepted(how: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    paths = [operation(path, reference("#/components/schemas/Cart")) for path in ("/v1/a", "/v1/b", "/v1/c")]
    shop.change({"api.yaml": contract(CART, *paths)}, {"api.yaml": contract(CART, paths[2])})
    assert len(shop.found(how)) == 2
    entry = {"rules": ["tag:breaking"], "paths": ["*"], "elements": ["#/paths/~1v1~1a"], "reason": "agreed"}
    shop.configure(entry)
    assert [("/v1/a" in text, "/v1/b" in text) for text in shop.found(how)] == [(False, True)]


@HOWS
def test_a_removed_file_is_accepted_by_its_old_path(how: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.change({"api.yaml": contract(CART), "other.yaml": contract(CART)}, {})
    (shop.root / "other.yaml").unlink()
    assert len(shop.found(how)) == 1
    shop.configure({"rules": ["contract-removed"], "paths": ["other.yaml"], "reason": "it was never used"})
    assert shop.found(how) == []


@HOWS
@pytest.mark.parametrize("until", ["", " until=2030-01-01"])
def test_a_comment_at_the_place_accepts_with_an_end(how: str, until: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    comment = f"  # archlint: ignore[path-removed]{until} moved to the other API\npaths:"
    keep = operation("/v1/c", reference("#/components/schemas/Cart"))
    gone = operation("/v1/a", reference("#/components/schemas/Cart"))
    old, new = contract(CART, gone, keep), contract(CART, keep).replace("paths:", comment)
    shop.change({"api.yaml": old}, {"api.yaml": new})
    assert shop.found(how, "--today", "2029-01-01") == []
    assert len(shop.found(how, "--today", "2031-01-01")) == (0 if not until else 1 + (how == "check"))


IGNORE = "      x-archlint-ignore: property-removed only our own page reads it\n"
TARGETS = {
    "the same file": "#/components/schemas/Cart",
    "another file": "parts/cart.yaml",
    "a part of another file": "parts/carts.yaml#/Cart",
}


@HOWS
@pytest.mark.parametrize("where", TARGETS)
def test_an_element_that_is_accepted_takes_along_what_only_it_refers_to(
    how: str, where: str, tmp_path: Path
) -> None:
    target = TARGETS[where]

    def files(schema: str, *operations: str) -> dict[str, str]:
        return {
            "api.yaml": contract(schema, *operations),
            "parts/cart.yaml": schema + "\n",
            "parts/carts.yaml": f"Cart: {schema}\n",
        }

    shop = Shop(tmp_path)
    plain = operation("/v1/a", reference(target))
    shop.change(files(CART, plain), files(LESS, plain))
    assert len(shop.found(how)) == 2
    for written in (
        operation("/v1/a", reference(target), IGNORE),
        operation("/v1/a", reference(target, "                # archlint: ignore[property-removed] ours\n")),
        operation("/v1/a", reference(target, behind="  # archlint: ignore[property-removed] ours")),
        operation("/v1/a", reference(target)).replace(
            "schema:\n", "schema:  # archlint: ignore[property-removed] ours\n"
        ),
    ):
        shop.state(files(LESS, written))
        assert shop.found(how) == [], written
        other = operation("/v1/b", reference(target))
        shop.change(files(CART, plain, other), files(LESS, written, other))
        assert len(shop.found(how)) == 2, "who else uses it is still told"
        shop.change(files(CART, plain), {})


@HOWS
def test_an_accepted_element_is_accepted_wherever_it_is_used(how: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    whole = (
        "Cart:\n  type: object\n  x-archlint-ignore: property-removed agreed with all\n"
        "  properties: {c: {type: string}}\n"
    )
    users = [operation(path, reference("carts.yaml#/Cart")) for path in ("/v1/a", "/v1/b")]
    api = f"{HEAD}{''.join(users)}"
    shop.change({"api.yaml": api, "carts.yaml": f"Cart: {CART}\n"}, {"carts.yaml": whole})
    assert shop.found(how) == []


def test_places_of_references_are_in_the_file_where_each_end_stands(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    api = HEAD + operation("/v1/a", reference("parts/cart.yaml#/Cart"))
    part = "# carts\nCart:\n  type: object\n  properties:\n    item: {$ref: 'gone.yaml'}\n"
    shop.change({"api.yaml": api, "parts/cart.yaml": part + "    x: {type: string}\n  required: [x]\n"}, {})
    shop.state({"parts/cart.yaml": part})
    done = archlint("check", ".", "--base", "HEAD", "--format", "json", cwd=shop.root)
    found = {finding["rule"]: finding for finding in done.report["findings"]}
    lost = found["unresolved-reference"]
    assert (lost["path"], lost["line"], lost["pointer"]) == (
        "parts/cart.yaml",
        5,
        "/Cart/properties/item/$ref",
    )
    removed = found["property-removed"]
    assert (removed["path"], removed["line"]) == ("parts/cart.yaml", 4)
    assert [
        (each["path"], each["line"], each["pointer"], each["revision"]) for each in removed["related"]
    ] == [("parts/cart.yaml", 6, "/Cart/properties/x", "base")]
    assert removed["operations"] == [{"method": "GET", "path": "/v1/a"}]


@HOWS
@pytest.mark.parametrize("kept", ["nothing", "the method", "the path"])
def test_what_the_report_calls_by_an_operation_is_accepted_by_that_name(
    how: str, kept: str, tmp_path: Path
) -> None:
    shop = Shop(tmp_path)
    health = operation("/health", reference("#/components/schemas/Cart"))
    both = health + health.partition("\n")[2].replace("    get:", "    put:", 1)
    other = operation("/v1/c", reference("#/components/schemas/Cart"))
    new = {"nothing": other, "the path": "  /health: {}\n" + other}
    new["the method"] = health.replace("    get:", "    put:", 1) + other
    shop.change(
        {"api.yaml": contract(CART, both if kept == "the method" else health, other)},
        {"api.yaml": contract(CART, new[kept])},
    )
    assert len(shop.found(how)) == 1
    entry = {"rules": ["tag:breaking"], "paths": ["*"], "reason": "nobody calls it"}
    for text in ("GET /health", "get /health"):
        shop.configure({**entry, "elements": [text]})
        assert shop.found(how) == []
    shop.configure({**entry, "elements": ["GET /v1/c"]})
    assert len(shop.found(how)) == 1


@HOWS
def test_what_hits_several_operations_is_accepted_by_all_of_them(how: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    paths = [operation(path, reference("#/components/schemas/Cart")) for path in ("/v1/a", "/v1/b")]
    shop.change({"api.yaml": contract(CART, *paths)}, {"api.yaml": contract(LESS, *paths)})
    entry = {"rules": ["tag:breaking"], "paths": ["*"], "reason": "agreed"}
    shop.configure({**entry, "elements": ["GET /v1/a"]})
    assert len(shop.found(how)) == 2
    shop.configure({**entry, "elements": ["GET /v1/a", "GET /v1/b"]})
    assert shop.found(how) == []


@HOWS
def test_an_element_at_which_nothing_is_suppressed_is_told(how: str, tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    paths = [operation(path, reference("#/components/schemas/Cart")) for path in ("/v1/a", "/v1/b")]
    shop.change({"api.yaml": contract(CART, *paths)}, {"api.yaml": contract(CART, paths[1])})
    entry = {"rules": ["path-removed"], "paths": ["*"], "reason": "agreed"}
    for elements, idle in (
        (["GET /v1/a"], ()),
        (["GET /v1/a", "GET /v1/aa", "#/paths/~1v1~1b"], ("GET /v1/aa", "#/paths/~1v1~1b")),
        (["GET /v1/aa"], ("GET /v1/aa",)),
    ):
        shop.configure({**entry, "elements": elements})
        command = ("check", ".", "--base", "HEAD") if how == "check" else ("breaking", "HEAD:.", ".")
        done = archlint(*command, "--format", "json", cwd=shop.root)
        told = [notice["message"] for notice in done.report["notices"] if "suppress" in notice["message"]]
        assert len(told) == bool(idle), told
        assert all(f"'{name}'" in told[0] for name in idle)
        assert not any("'GET /v1/a'" in text for text in told)
    shop.configure({"rules": ["OAS502"], "paths": ["*.proto"], "elements": ["x"], "reason": "elsewhere"})
    assert all("suppress" not in text for text in shop.found(how))


def test_an_element_that_a_rule_about_files_does_not_find_is_told(tmp_path: Path) -> None:
    shop = Shop(tmp_path)
    shop.state({"api.yaml": contract(CART).replace("security: []\n", "")})
    entry = {"rules": ["operation-without-security"], "paths": ["*"], "reason": "inside"}
    shop.configure({**entry, "elements": ["GET /v1/carts", "GET /v1/cart"]})
    commit_all(shop.root)
    done = archlint("check", ".", "--format", "json", "--select", "OAS201,LINT002", cwd=shop.root)
    told = [(found["code"], found["message"]) for found in done.report["findings"]]
    assert [code for code, _ in told] == ["LINT002"], told
    assert "'GET /v1/cart'" in told[0][1]
    assert "'GET /v1/carts'" not in told[0][1]
