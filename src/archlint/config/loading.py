"""From a configuration file to settings: names of rules and their options are judged here, the latter against
the schemas in the pages of the rules.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from archlint.config.calls import call_problems, team_calls
from archlint.config.gate import gate_policy, gate_problems
from archlint.config.network import network_problems, network_rules
from archlint.config.patterns import linear_validator
from archlint.config.reading import Configuration, refuse
from archlint.config.settings import BreakingSettings, EventSettings, Settings, SuppressEntry
from archlint.config.texts import texts_of
from archlint.config.validation import Problem, is_simple, problems, unknown_hint
from archlint.documents import Node
from archlint.documents.charts.rendering import Release
from archlint.documents.kubernetes.definitions import definitions
from archlint.finding import Notice, Profile, Rule, Severity
from archlint.finding.foreign_names import is_foreign
from archlint.finding.regex import regex
from archlint.registry import Registry, UnknownRule

if TYPE_CHECKING:
    from archlint.model.pod_spec_paths import PodSpecPath

_LONGEST = 300  # characters of a message; one of a foreign schema may quote a whole document


def option_problems(rule: Rule, item: Node) -> Iterator[Problem]:
    """What is wrong with the options of one rule, each at its place."""
    for key, value in item.items():
        if key == "severity":
            continue
        if key not in rule.options:
            hint = unknown_hint(key, ["severity", *rule.options])
            yield value.place(), f"rule '{rule.name}' has no option '{key}'{hint}"
        else:
            yield from _value_problems(rule, key, value)


def _foreign_problems(name: str, rules: Sequence[Rule], item: Node) -> Iterator[Problem]:
    """What is wrong with the options that the rules get for which another tool's name stands."""
    known = ["severity", *dict.fromkeys(key for rule in rules for key in rule.options)]
    for key, value in item.items():
        if key not in known:
            yield value.place(), f"'{name}' has no option '{key}'{unknown_hint(key, known)}"
        for rule in rules:
            if key in rule.options:
                yield from _value_problems(rule, key, value)


def _value_problems(rule: Rule, key: str, value: Node) -> Iterator[Problem]:
    schema: Any = rule.options[key]
    return problems(value, schema, key) if is_simple(schema) else _schema_problems(value, schema, key)


def _schema_problems(node: Node, schema: Any, name: str) -> Iterator[Problem]:
    """For schemas that say more than archlint's own reading of JSON Schema knows; nothing is fetched."""
    try:
        judge = linear_validator(schema)
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        reason = str(error).partition("\n")[0]
        yield (
            node.place(),
            f"option '{name}' cannot be set: the schema in the rule's page is wrong: {_cut(reason)}",
        )
        return
    try:
        for found in judge.iter_errors(node.value):
            yield node.get(*found.instance_path).value_place(), f"'{name}': {_cut(found.message)}"
    except (ValueError, TypeError, RecursionError, OverflowError) as error:
        yield node.value_place(), f"'{name}' is no value of JSON: {_cut(str(error))}"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


CLUSTERS = "kubernetes-version"
"""The key with the version of the clusters, and the option of rules that judge by it."""
_GROUP_AND_KIND = regex(r"(?:[a-z0-9][a-z0-9.-]{0,252}/)?[A-Z][A-Za-z0-9]{0,62}\Z")
_DEFAULTS = Settings()


def load_settings(
    configuration: Configuration | None, registry: Registry, clusters: str | None = None
) -> Settings:
    """The settings that a configuration file asks for; raises ``ConfigurationError``.

    ``clusters`` is the version of Kubernetes that takes the place of the one in the file.
    """
    if configuration is None or configuration.node.value is None:
        options: dict[str, dict[str, Any]] = {}
        _set_for_all(clusters, registry, options)
        return Settings(file=configuration.path if configuration else None, options=options)
    node, label = configuration.node, configuration.label
    refuse(label, list(_problems(node, registry)))
    severities, options = _rules(node.get("rules"), registry)
    _set_for_all(clusters or node.get(CLUSTERS).text, registry, options)
    return Settings(
        profile=Profile[(node.get("profile").text or _DEFAULTS.profile.label).upper()],
        select=texts_of(node.get("select")),
        ignore=texts_of(node.get("ignore")),
        exclude=texts_of(node.get("exclude")),
        severities=severities,
        options=options,
        suppress=tuple(_entry(item) for item in node.get("suppress").elements()),
        baseline=node.get("baseline").text,
        breaking=_breaking(node.get("breaking")),
        events=_events(node.get("events")),
        gate=gate_policy(node.get("gate")) if node.get("gate").is_set else None,
        pod_spec_paths=tuple(_pod_spec_paths(node.get("pod-spec-paths"), label)),
        network_rules=tuple(network_rules(node.get("network"), label)) if node.get("network").is_set else (),
        team_calls=team_calls(node.get("calls"), label) if node.get("calls").is_set else None,
        rule_folders=configuration.rule_folders,
        schemas=texts_of(node.get("schemas")),
        kubernetes_version=node.get(CLUSTERS).text or _DEFAULTS.kubernetes_version,
        helm=tuple(map(_release, node.get("helm").elements())),
        help_url=node.get("help-url").text,
        file=configuration.path,
        origins={key: f"{label}:{value.place().span().line}" for key, value in node.items()},
        notices=(*_former(node, label, registry), *_schemas_unknown(node.get(CLUSTERS), label, clusters)),
    )


def _problems(node: Node, registry: Registry) -> Iterator[Problem]:
    """What is wrong with a configuration that its schema does not tell."""
    yield from _selector_problems(node, registry)
    yield from _rule_problems(node.get("rules"), registry)
    yield from _kind_problems(node.get("pod-spec-paths"))
    yield from network_problems(node.get("network"))
    yield from call_problems(node.get("calls"))
    yield from gate_problems(node.get("gate"))


def _release(node: Node) -> Release:
    return Release(
        node.get("chart").text or "",
        texts_of(node.get("values")),
        node.get("release").text or "",
        node.get("namespace").text,
    )


def _selectors(node: Node) -> Iterator[Node]:
    yield from node.get("select").elements()
    yield from node.get("ignore").elements()
    for entry in (*node.get("suppress").elements(), *node.get("gate", "waivers").elements()):
        yield from entry.get("rules").elements()


def _selector_problems(node: Node, registry: Registry) -> Iterator[Problem]:
    for item in _selectors(node):
        try:
            registry.require(item.value)
        except UnknownRule as error:
            yield item.value_place(), str(error)


def _rule_problems(rules: Node, registry: Registry) -> Iterator[Problem]:
    seen: dict[str, str] = {}
    for name, item in rules.items():
        found = registry.named(name)
        if not found:
            yield item.place(), _no_rule(name, registry)
        elif is_foreign(name):
            yield from _foreign_problems(name, found, item)
        elif found[0].code in seen:
            yield item.place(), f"'{name}' and '{seen[found[0].code]}' are the same rule; write it once"
        else:
            seen[found[0].code] = name
            yield from option_problems(found[0], item)


def _no_rule(name: str, registry: Registry) -> str:
    if registry.matches(name):
        return (
            f"'{name}' names several rules; severity and options belong to one rule: write its name or code"
        )
    try:
        registry.require(name)
    except UnknownRule as error:
        return str(error)
    return f"no rule is called '{name}'"


def _rules(rules: Node, registry: Registry) -> tuple[dict[str, Severity], dict[str, dict[str, Any]]]:
    severities: dict[str, Severity] = {}
    options: dict[str, dict[str, Any]] = {}
    named = sorted(rules.items(), key=lambda entry: not is_foreign(entry[0]))
    for name, item in named:  # what is said of a rule by its own name counts
        found = registry.named(name)
        if found and item.get("severity").text is not None:
            key = name if is_foreign(name) else found[0].code
            severities[key] = Severity.parse(item.get("severity").value)
        chosen = {key: value.value for key, value in item.items() if key != "severity"}
        for rule in found:
            said = {key: value for key, value in chosen.items() if key in rule.options}
            if said:
                options.setdefault(rule.code, {}).update(said)
    return severities, options


def _set_for_all(clusters: str | None, registry: Registry, options: dict[str, dict[str, Any]]) -> None:
    """Set the version of Kubernetes for all rules that judge by it and for which nothing else is said."""
    if clusters is not None:
        for rule in registry.rules:
            if CLUSTERS in rule.options:
                options.setdefault(rule.code, {}).setdefault(CLUSTERS, clusters)


def _pod_spec_paths(node: Node, label: str) -> Iterator[PodSpecPath]:
    """What is said of each kind."""
    from archlint.model.pod_spec_paths import PodSpecPath

    for name, value in node.items():
        group, _, kind = name.rpartition("/")
        for text in (value.text or "").split(","):
            yield PodSpecPath(group, kind, tuple(text.strip().split(".")), label, value.place().span())


def _kind_problems(node: Node) -> Iterator[Problem]:
    """Keys that are no group and kind."""
    for name, value in node.items():
        if not _GROUP_AND_KIND.match(name):
            yield value.place(), f"'{_cut(name)}' is no group and kind such as 'shop.example/Worker'"


def _entry(item: Node) -> SuppressEntry:
    until = item.get("until").text
    return SuppressEntry(
        rules=texts_of(item.get("rules")),
        paths=texts_of(item.get("paths")),
        reason=" ".join((item.get("reason").text or "").split()),
        until=date.fromisoformat(until) if until else None,
        elements=texts_of(item.get("elements")),
        place=item.get("until").place() if until else item.place(),
    )


def _breaking(node: Node) -> BreakingSettings:
    defaults = BreakingSettings()
    days = node.get("deprecation-days")
    return BreakingSettings(
        stability=node.get("stability").text or defaults.stability,
        deprecation_days={**defaults.deprecation_days, **(days.value if days.is_map else {})},
    )


def _events(node: Node) -> EventSettings:
    defaults = EventSettings()
    return EventSettings(
        node.get("compatibility").text or defaults.compatibility,
        texts_of(node.get("versions")) or defaults.versions,
        tuple((name, each.text or "") for name, each in node.get("subjects").items()),
        node.get("registry").text or defaults.registry,
    )


def _schemas_unknown(key: Node, label: str, clusters: str | None) -> Iterator[Notice]:
    """A warning where nothing is known of the fields that kinds have in a version of Kubernetes."""
    if clusters is None and key.text is not None:
        known = definitions()
        if not known.oldest <= int(key.text.partition(".")[2]) <= known.newest:
            text = (
                f"line {key.value_place().span().line}: archlint has the schemas of Kubernetes"
                f" 1.{known.oldest} to 1.{known.newest}, so objects are not held against those of {key.text}"
            )
            yield Notice("warning", text, label)


def _former(node: Node, label: str, registry: Registry) -> Iterator[Notice]:
    """A warning for each old name of a rule."""
    named = [(item.value, item.value_place()) for item in _selectors(node)]
    named += [(name, item.place()) for name, item in node.get("rules").items()]
    for name, place in named:
        rule = registry.successor(name)
        if rule is not None:
            line = place.span().line
            yield Notice(
                "warning", f"line {line}: rule '{name}' is now called '{rule.name}'; write that", label
            )
