"""The names of buf's breaking rules and of the sets that they are selected by, for each version of
``buf.yaml``, and what the settings of one module say about them.

Source: https://buf.build/docs/breaking/rules/, https://buf.build/docs/configuration/v2/buf-yaml/#breaking
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from archlint.documents.proto.buf_yaml import RuleChoice, choice_in
from archlint.documents.proto.package_versions import is_unstable
from archlint.finding.records import dataclass

_FILE = ("EXTENSION_NO_DELETE", "SERVICE_NO_DELETE")
_FILE_AND_CSR = ("ENUM_NO_DELETE", "FILE_NO_DELETE", "MESSAGE_NO_DELETE")
_OF_FILES = (
    *("FILE_SAME_CC_ENABLE_ARENAS", "FILE_SAME_CC_GENERIC_SERVICES", "FILE_SAME_CSHARP_NAMESPACE"),
    *("FILE_SAME_GO_PACKAGE", "FILE_SAME_JAVA_GENERIC_SERVICES", "FILE_SAME_JAVA_MULTIPLE_FILES"),
    *("FILE_SAME_JAVA_OUTER_CLASSNAME", "FILE_SAME_JAVA_PACKAGE", "FILE_SAME_OBJC_CLASS_PREFIX"),
    *("FILE_SAME_OPTIMIZE_FOR", "FILE_SAME_PHP_CLASS_PREFIX", "FILE_SAME_PHP_METADATA_NAMESPACE"),
    *("FILE_SAME_PHP_NAMESPACE", "FILE_SAME_PY_GENERIC_SERVICES", "FILE_SAME_RUBY_PACKAGE"),
    "FILE_SAME_SWIFT_PREFIX",
)
_GENERATED = (
    *("ENUM_SAME_TYPE", "FIELD_SAME_CARDINALITY", "FIELD_SAME_CPP_STRING_TYPE", "FIELD_SAME_JSTYPE"),
    *("FIELD_SAME_JAVA_UTF8_VALIDATION", "FIELD_SAME_UTF8_VALIDATION", *_OF_FILES, "RPC_NO_DELETE"),
)
"""What only programs see that are generated."""
_GENERATED_AND_CSR = (
    *("ENUM_VALUE_NO_DELETE", "EXTENSION_MESSAGE_NO_DELETE", "FIELD_NO_DELETE", "FIELD_SAME_TYPE"),
    *("FILE_SAME_SYNTAX", "MESSAGE_NO_REMOVE_STANDARD_DESCRIPTOR_ACCESSOR", "ONEOF_NO_DELETE"),
)
_IN_JSON = (
    *("ENUM_SAME_JSON_FORMAT", "ENUM_VALUE_SAME_NAME", "FIELD_SAME_JSON_NAME", "FIELD_SAME_NAME"),
    "MESSAGE_SAME_JSON_FORMAT",
)
_EVERYWHERE = (
    *("FIELD_SAME_DEFAULT", "FIELD_SAME_ONEOF", "FILE_SAME_PACKAGE", "MESSAGE_SAME_REQUIRED_FIELDS"),
    *("RESERVED_ENUM_NO_DELETE", "RESERVED_MESSAGE_NO_DELETE", "RPC_SAME_CLIENT_STREAMING"),
    *("RPC_SAME_IDEMPOTENCY_LEVEL", "RPC_SAME_REQUEST_TYPE", "RPC_SAME_RESPONSE_TYPE"),
    "RPC_SAME_SERVER_STREAMING",
)
_PACKAGE = (
    *("PACKAGE_ENUM_NO_DELETE", "PACKAGE_EXTENSION_NO_DELETE", "PACKAGE_MESSAGE_NO_DELETE"),
    *("PACKAGE_NO_DELETE", "PACKAGE_SERVICE_NO_DELETE"),
)
_JSON_ALONE = (
    *("ENUM_VALUE_NO_DELETE_UNLESS_NAME_RESERVED", "FIELD_NO_DELETE_UNLESS_NAME_RESERVED"),
    *("FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY", "FIELD_WIRE_JSON_COMPATIBLE_TYPE"),
)
_WIRE_AND_JSON = (
    "ENUM_VALUE_NO_DELETE_UNLESS_NUMBER_RESERVED",
    "FIELD_NO_DELETE_UNLESS_NUMBER_RESERVED",
)
_WIRE_ALONE = ("FIELD_WIRE_COMPATIBLE_CARDINALITY", "FIELD_WIRE_COMPATIBLE_TYPE")
_BY_NAME_ALONE = ("MESSAGE_SAME_MESSAGE_SET_WIRE_FORMAT",)
_SETS: Mapping[str, tuple[str, ...]] = {
    "FILE": (*_FILE, *_FILE_AND_CSR, *_GENERATED, *_GENERATED_AND_CSR, *_IN_JSON, *_EVERYWHERE),
    "PACKAGE": (*_PACKAGE, *_GENERATED, *_GENERATED_AND_CSR, *_IN_JSON, *_EVERYWHERE),
    "CSR": (
        *(*_FILE_AND_CSR, *_GENERATED_AND_CSR, *_IN_JSON, *_EVERYWHERE, *_JSON_ALONE),
        *_WIRE_AND_JSON,
    ),
    "WIRE_JSON": (*_IN_JSON, *_EVERYWHERE, *_JSON_ALONE, *_WIRE_AND_JSON),
    "WIRE": (*_EVERYWHERE, *_WIRE_AND_JSON, *_WIRE_ALONE),
}
_REPLACED = {
    "FIELD_SAME_CTYPE": ("FIELD_SAME_CPP_STRING_TYPE",),
    "FIELD_SAME_LABEL": (
        *("FIELD_SAME_CARDINALITY", "FIELD_WIRE_COMPATIBLE_CARDINALITY"),
        "FIELD_WIRE_JSON_COMPATIBLE_CARDINALITY",
    ),
    "FILE_SAME_JAVA_STRING_CHECK_UTF8": ("FIELD_SAME_JAVA_UTF8_VALIDATION",),
    "FILE_SAME_PHP_GENERIC_SERVICES": (),
}
"""Names of v1 and v1beta1 that buf takes for others by now."""
_OLDEST = "v1beta1"
_NEW_IN_V2 = frozenset(("EXTENSION_NO_DELETE", "FIELD_SAME_DEFAULT", "PACKAGE_EXTENSION_NO_DELETE"))
_NEW_IN_V1 = frozenset(("FIELD_WIRE_COMPATIBLE_TYPE", "FIELD_WIRE_JSON_COMPATIBLE_TYPE"))
_STRICTER_IN_V1BETA1 = ("FIELD_SAME_CARDINALITY", "FIELD_SAME_TYPE")
"""What v1beta1 asks for in the sets WIRE and WIRE_JSON too, which know no types that can take places."""


@cache
def known_breaking_rules(version: str) -> Mapping[str, frozenset[str]]:
    """The rules that each name stands for, in a file of a version: those of a set, else the rule itself."""
    sets = {name: frozenset(rules) for name, rules in _SETS.items()}
    names = frozenset().union(*sets.values(), _BY_NAME_ALONE)
    found = {name: frozenset({name}) for name in names}
    if version == "v2":
        return found | sets
    del sets["CSR"]
    off = _NEW_IN_V2
    if version == _OLDEST:
        off |= _NEW_IN_V1
        for name in ("PACKAGE", "WIRE", "WIRE_JSON"):
            sets[name] = sets[name].union(_STRICTER_IN_V1BETA1) - {"FILE_SAME_PACKAGE"}
    replaced = {name: frozenset(rules) for name, rules in _REPLACED.items()}
    known = {name: rules - off for name, rules in (found | sets).items()}
    return {name: rules for name, rules in known.items() if rules} | replaced


def rules_meant(names: Iterable[str]) -> frozenset[str]:
    """The rules that some names of rules and sets stand for."""
    known = known_breaking_rules("v2")
    return frozenset(rule for name in names for rule in known.get(name, ()))


def is_breaking_rule(name: str) -> bool:
    """Whether buf has a breaking rule of that name."""
    return name in known_breaking_rules("v2")


@dataclass(frozen=True, slots=True)
class BufBreaking:
    """What the settings of one module say about ``buf breaking``."""

    rules: RuleChoice
    ignores_unstable: bool = False
    """Whether packages whose version says that they may change are left out."""

    def tells(self, rule: str, paths: Iterable[str], packages: Iterable[str]) -> bool:
        """Whether a rule is in force for something at some paths (the newer and the older one)."""
        if self.ignores_unstable and any(map(is_unstable, packages)):
            return False
        return self.rules.asks(rule, *paths)


def breaking_settings(section: Any, version: str, below: Callable[[str], str]) -> BufBreaking:
    """What a section ``breaking`` says; ``below`` makes a path in it one from the root."""
    rules = choice_in(section, "FILE", known_breaking_rules(version), below)
    is_lenient = isinstance(section, dict) and section.get("ignore_unstable_packages") is True
    return BufBreaking(rules, ignores_unstable=is_lenient)
