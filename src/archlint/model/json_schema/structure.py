"""What of a JSON Schema its draft does not allow."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from archlint.model.json_schema.drafts import SINCE, Draft, draft_of
from archlint.model.json_schema.schemas import JsonSchema
from archlint.model.json_schema.views import LISTS, MAPS, ONE, PLAIN
from archlint.model.openapi.structure import StructureViolation, broken

if TYPE_CHECKING:
    from jsonschema_rs import Validator

_PUBLISHED = {
    Draft.D4: "http://json-schema.org/draft-04/schema#",
    Draft.D6: "http://json-schema.org/draft-06/schema#",
    Draft.D7: "http://json-schema.org/draft-07/schema#",
    Draft.D2019: "https://json-schema.org/draft/2019-09/schema",
    Draft.D2020: "https://json-schema.org/draft/2020-12/schema",
}
_NAMES = frozenset((*PLAIN, *ONE, *LISTS, *MAPS, *SINCE))


def faults(schema: JsonSchema) -> list[StructureViolation]:
    """What the published schema of the draft refuses; nothing if the draft is not known."""
    root = schema.document.root
    draft = draft_of(root)
    stated = (root.get("$schema").text or "").rstrip("#")
    if stated.partition("://")[2] != _PUBLISHED[draft].rstrip("#").partition("://")[2]:
        return []
    return broken(root, _validator(draft), _NAMES)


@cache
def _validator(draft: Draft) -> Validator:
    import jsonschema_rs

    published = _PUBLISHED[draft]
    return jsonschema_rs.validator_for({"$schema": published, "$ref": published}, offline=True)
