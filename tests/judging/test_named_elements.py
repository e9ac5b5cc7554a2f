"""What an entry of the configuration names: pointers, objects, and operations in any case."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from archlint.finding import Finding, ObjectRef
from archlint.finding.vocabulary import OperationName
from archlint.judging.elements import NamedElements
from tests.judging.cases import deployment, settled

METHODS = "GET PUT POST DELETE OPTIONS HEAD PATCH TRACE QUERY"


@pytest.fixture
def finding(tmp_path: Path) -> Finding:
    [found] = settled(tmp_path, {"a.yaml": deployment(metadata="  namespace: shop\n")}).findings
    return replace(found, object=ObjectRef("Deployment", "cart", "shop"))


def covers(finding: Finding, *written: str) -> tuple[bool, tuple[str, ...]]:
    """Whether these cover the finding, and which of them were not needed."""
    elements = NamedElements(written)
    assert bool(elements) is bool(written)
    return elements.cover(finding, [finding.location, *finding.related]), elements.idle


@pytest.mark.parametrize("method", METHODS.split())
@pytest.mark.parametrize("spelled", ["{} /v1/carts", "{}   /v1/carts ", " {} /v1/carts"])
def test_operations(finding: Finding, method: str, spelled: str) -> None:
    hit = replace(finding, operations=(OperationName(method, "/v1/carts"),))
    for written in (spelled.format(method), spelled.format(method.lower()), spelled.format(method.title())):
        assert covers(hit, written) == (True, ())
    assert covers(hit, f"{method} /v1/cart") == (False, (f"{method} /v1/cart",))
    both = replace(hit, operations=(*hit.operations, OperationName(method, "/v1/more")))
    assert covers(both, f"{method} /v1/carts")[0] is False
    assert covers(both, f"{method} /v1/carts", f"{method} /v1/more", "other") == (True, ("other",))


@pytest.mark.parametrize(
    ("written", "is_covered"),
    [
        ("cart", True),
        ("Deployment shop/cart", True),
        ("Deployment cart", False),
        ("shop/cart", False),
        ("/spec/template", True),
        ("#/spec/template", True),
        ("#", True),
        ("", True),
        ("/spec/templ", False),
        ("/spec/template/spec/containers/1", False),
        ("FETCH /v1/carts", False),
    ],
)
def test_objects_and_pointers(finding: Finding, written: str, is_covered: bool) -> None:
    assert covers(finding, written) == (is_covered, () if is_covered else (written,))
    assert covers(replace(finding, object=None), written)[0] is (is_covered and not written.endswith("cart"))


def test_nothing_is_no_limit(finding: Finding) -> None:
    assert covers(finding) == (False, ())
