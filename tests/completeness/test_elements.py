"""Every field of every object above schemas is added, removed and changed; each edit is judged or waived."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from archlint.model.openapi.contracts import Dialect
from archlint.model.openapi.metaschema import validator
from tests.completeness.documents import HOMES, contract, edited, home
from tests.completeness.fields import DIALECTS, fields_of
from tests.completeness.values import fields, values
from tests.completeness.waivers import PARTS, waived
from tests.oas.worlds import news_of, world_of

_DIALECTS = {"3.0": Dialect.V3_0, "3.1": Dialect.V3_1, "3.2": Dialect.V3_2}


def _edits(dialect: str) -> Iterator[tuple[str, str, str, str, Any, Any]]:
    """Kind of object, its role, field and edit, with both documents."""
    document = contract(dialect)
    for kind, field in fields(fields_of(dialect)):
        if kind in PARTS or field == "$ref":  # references are followed
            continue
        pair = values(kind, field)
        assert pair is not None, f"no values for {field} of {kind}"
        for role, route in HOMES[kind].items():
            if home(document, route) is None:
                continue
            one, two = (edited(document, route, field, value) for value in pair)
            without = edited(document, route, field, None)
            yield kind, role, field, "add", without, one
            yield kind, role, field, "remove", one, without
            yield kind, role, field, "change", one, two


@pytest.mark.parametrize("dialect", DIALECTS)
def test_each_edit_is_judged_or_waived(dialect: str) -> None:
    judge = validator(_DIALECTS[dialect], True)
    unjudged, needless, valid = [], [], set()
    for kind, role, field, edit, base, revision in _edits(dialect):
        if not judge.is_valid(base) or not judge.is_valid(revision):
            continue
        valid.add((kind, field))
        name = f"{kind}{f' ({role})' if role else ''}: {edit} {field}"
        news = news_of(world_of({"openapi.json": base}, "base"), world_of({"openapi.json": revision}))
        found = [finding for finding in news if finding.rule != "contract-version-kept"]
        reason = waived(kind, role, field, edit)
        if not found and reason is None:
            unjudged.append(name)
        elif found and reason is not None:
            needless.append(f"{name}: {sorted(each.rule for each in found)}")
    assert not unjudged, "edits that nothing judges:\n" + "\n".join(unjudged)
    assert not needless, "edits that are waived and judged:\n" + "\n".join(needless)
    missing = {(kind, field) for kind, field in fields(fields_of(dialect)) if kind not in PARTS} - valid
    assert not {each for each in missing if each not in NEVER_VALID}, f"no valid edit for {sorted(missing)}"


NEVER_VALID = {
    ("root", "openapi"),
    ("path-item", "$ref"),
    ("header", "style"),
    ("link", "body"),
    *((kind, "type") for kind in ("type-apikey", "type-http", "type-oauth2", "type-oidc")),
}
"""Fields that decide which schema a document or object is held to, that have one value only, or that the
schema of 3.1 calls by a wrong name."""
