"""A finding says of an observation what its rule, the configuration and the place say."""

from __future__ import annotations

from itertools import product

import pytest

from archlint.documents import TextFile
from archlint.finding import ObjectRef, OperationName, Severity, Span
from archlint.finding.finding import Witness
from archlint.finding.observation import observe
from archlint.judging import resolve
from archlint.judging.resolution import format_message
from tests.judging.cases import registry

RULE = registry().by_code["KUBE101"]
FILE = TextFile("deploy/cart.yaml", "base", 2)
WITNESS = Witness("a", accepted_by="base", rejected_by="revision")


@pytest.mark.parametrize(
    ("configured", "seen"), list(product((None, Severity.INFO, Severity.ERROR), (None, Severity.WARNING)))
)
def test_the_configuration_decides_how_severe_it_is_then_the_check(
    configured: Severity | None, seen: Severity | None
) -> None:
    severities = {"KUBE102": Severity.INFO} | ({} if configured is None else {"KUBE101": configured})
    found = resolve(RULE, observe(FILE.place(), container="a", severity=seen), severities)
    assert found.severity is (configured or seen or RULE.severity)


@pytest.mark.parametrize(("severity", "witness"), list(product(Severity, (None, WITNESS))))
def test_an_error_without_a_witness_says_why(severity: Severity, witness: Witness | None) -> None:
    seen = observe(FILE.place(), container="a", severity=severity, witness=witness, unproved="too much work")
    found = resolve(RULE, seen, {})
    expected = "too much work" if severity is Severity.ERROR and witness is None else None
    assert (found.witness, found.unproved) == (witness, expected)


def test_a_finding_is_about_what_the_check_names_else_its_subject() -> None:
    subject, other = ObjectRef("Deployment", "cart"), ObjectRef("Service", "cart")
    plain, named = observe(FILE.place(), container="a"), observe(FILE.place(), container="a", object=other)
    assert resolve(RULE, plain, {}).object is None
    assert resolve(RULE, plain, {}, subject=subject).object == subject
    assert resolve(RULE, named, {}, subject=subject).object == other


def test_what_was_seen_is_in_the_finding() -> None:
    first, last = OperationName("GET", "/a"), OperationName("PUT", "/a")
    place, other = FILE.place(Span(3, 5, 3, 9)), TextFile("base.yaml").place(Span(1, 2, 1, 4))
    seen = observe(
        place, container="a {x} b", operations=(last, first, last), related=[(other, "is set here")]
    )
    found = resolve(RULE, seen, {}, through=("kustomization.yaml",))
    where = found.location
    assert (where.path, where.span, where.document, where.revision) == (
        "deploy/cart.yaml",
        Span(3, 5, 3, 9),
        2,
        "base",
    )
    [beside] = found.related
    assert (beside.path, beside.span, beside.message) == ("base.yaml", Span(1, 2, 1, 4), "is set here")
    assert found.operations == (first, last)
    assert found.through == ("kustomization.yaml",)
    assert found.confidence is RULE.confidence
    assert "'a {x} b'" in found.message
    assert "{" not in found.message.replace("{x}", "")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("the body of POST /carts", "The body of POST /carts is required."),
        ("each response", "Each response is required."),
        ("a choice", "A choice is required."),
        ("minLength", "minLength is required."),
        ("theCart", "theCart is required."),
        ("", " is required."),
    ],
)
def test_a_sentence_that_begins_with_an_article_begins_with_a_capital_letter(name: str, message: str) -> None:
    assert format_message("{container} is required.", {"container": name}) == message
