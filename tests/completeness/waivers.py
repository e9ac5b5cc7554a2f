"""The edits that are no change of a contract, each with the reason."""

from __future__ import annotations

PARTS = frozenset(("discriminator", "external-documentation", "contact", "license"))
"""Objects whose fields change only together with a field of another object that is waived or tested."""
_ANY = "*"
_PROSE = "says nothing about what is sent"
_SAMPLE = "an example promises nothing"
_LINK = "a link is a hint which call may follow, and promises nothing"
_NAMED_ONLY = "a component that nothing refers to is no part of the contract"
_DEFAULT = "one side writes down what is the default"
_SINGLE = "a single value is written alike in every style"
_FORMS_ONLY = "applies to the bodies of forms only"
_QUERY_ONLY = "applies to the query only"
_CALLED = "whom the provider calls is told by the caller, not by a server of the provider"
_GROUPS = "a tag groups operations for readers; operations that lose theirs are told"

_Key = tuple[str, str, str, str]
"""Kind of object, role, field and edit; each may be any."""
_SINGLES = ("query of the path", "cookie", "of a callback", "of a webhook")
_NO_FORMS = ("request", "response", "parameter", "webhook", "answer of a webhook", "callback")

WAIVERS: dict[_Key, str] = {
    **{(_ANY, _ANY, field, _ANY): _PROSE for field in ("description", "summary", "externalDocs")},
    **{(_ANY, _ANY, field, _ANY): _SAMPLE for field in ("example", "examples")},
    **{
        ("info", _ANY, field, _ANY): _PROSE
        for field in ("title", "version", "contact", "license", "termsOfService")
    },
    ("server-variable", _ANY, "default", _ANY): "a proposal; the values that may be taken are compared",
    **{
        ("root", _ANY, "servers", edit): "without servers it is open where an API is"
        for edit in ("add", "remove")
    },
    **{
        ("encoding", _ANY, field, edit): _DEFAULT
        for field in ("style", "explode")
        for edit in ("add", "remove")
    },
    **{
        ("encoding", _ANY, field, edit): "what a part is sent as that no schema describes is not known"
        for field in ("encoding", "prefixEncoding", "itemEncoding")
        for edit in ("add", "remove")
    },
    ("header", "part", "deprecated", _ANY): "parts of a form are told of as a whole",
    ("root", _ANY, "info", _ANY): _PROSE,
    ("root", _ANY, "tags", _ANY): _GROUPS,
    ("root", _ANY, "jsonSchemaDialect", _ANY): "how schemas are read is compared schema by schema",
    ("root", _ANY, "$self", _ANY): "where the document is kept",
    ("root", _ANY, "paths", "add"): "no paths and an empty map of paths are the same",
    ("root", _ANY, "paths", "remove"): "no paths and an empty map of paths are the same",
    **{("tag", _ANY, field, _ANY): _GROUPS for field in ("name", "kind", "parent")},
    ("server", _ANY, "name", _ANY): _PROSE,
    **{
        ("example", _ANY, field, _ANY): _SAMPLE
        for field in ("value", "externalValue", "dataValue", "serializedValue")
    },
    ("response", _ANY, "links", _ANY): _LINK,
    **{
        ("link", _ANY, field, _ANY): _LINK
        for field in ("operationId", "operationRef", "parameters", "requestBody", "server", "body")
    },
    **{
        ("components", _ANY, field, _ANY): _NAMED_ONLY
        for field in (
            *("responses", "parameters", "requestBodies", "headers", "callbacks", "links", "pathItems"),
            *("examples", "mediaTypes"),
        )
    },
    ("components", _ANY, "schemas", "add"): _NAMED_ONLY,
    ("responses", "path", "404", "add"): "the range 4XX has told of it already",
    ("type-http", _ANY, "bearerFormat", _ANY): "a hint for readers how a token looks",
    **{("parameter", role, field, _ANY): _SINGLE for role in _SINGLES for field in ("style", "explode")},
    **{
        ("parameter", "query", field, edit): _DEFAULT
        for field in ("style", "explode")
        for edit in ("add", "remove")
    },
    ("header", _ANY, "explode", _ANY): "a list in a header is written alike in either way",
    **{
        ("media-type", role, field, _ANY): _FORMS_ONLY
        for role in _NO_FORMS
        for field in ("encoding", "prefixEncoding", "itemEncoding")
    },
    **{
        ("parameter", role, field, _ANY): _QUERY_ONLY
        for role in ("path", "header", "cookie")
        for field in ("allowReserved", "allowEmptyValue")
    },
    **{("header", _ANY, field, _ANY): _QUERY_ONLY for field in ("allowReserved", "allowEmptyValue")},
    ("parameter", "query with content", "allowEmptyValue", _ANY): "content tells how the value is written",
    ("root", _ANY, "openapi", _ANY): "contracts of all versions are compared by meaning",
    **{
        (kind, role, "servers", _ANY): _CALLED
        for kind in ("operation", "path-item")
        for role in ("webhook", "callback")
    },
}
"""The reasons, by what is edited."""


def waived(kind: str, role: str, field: str, edit: str) -> str | None:
    """Why an edit need not be judged; ``None`` if it must."""
    for owner in (kind, _ANY):
        for part in (role, _ANY):
            for what in (edit, _ANY):
                reason = WAIVERS.get((owner, part, field, what))
                if reason is not None:
                    return reason
    return None
