"""A repository written anew has the same findings: same rules, objects, messages and fingerprints."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from random import Random

import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from archlint.model.world import World
from tests.metamorphic.repositories import (
    Files,
    Repository,
    Seen,
    all_rules,
    changes_of,
    examples,
    findings_of,
    older_world,
    seen,
    shop,
    world_of,
)
from tests.metamorphic.rewritings import REWRITINGS, keys_shuffled, lists_shuffled
from tests.support.sampling import parts_of, share_of, usually

RULES = all_rules()
DIFFER: dict[tuple[str, str], str] = {
    ("json in yaml", "ambiguous-scalar"): "is about how a scalar is written",
    ("yaml to json", "ambiguous-scalar"): "is about how a scalar is written",
    **{
        (name, rule): "applications look for their settings by name"
        for name in ("yaml to json", "renamed")
        for rule in ("credential-in-settings", "scrape-path-undefined", "cache-without-expiry")
    },
    ("moved", "credential-in-settings"): "a service without a name of its own is called as its folder",
    **{
        ("moved", rule): "is told of a file that lies where it lay at the base"
        for rule in (
            *("migration-edited", "migration-contracts-at-once", "migration-late", "migration-removed"),
            *("avro-name-changed", "avro-schema-removed"),
        )
    },
    ("renamed", "grpc-service-config-invalid"): "files for generators of clients are known by their names",
    ("renamed", "json-schema-copy-drifted"): "copies of a schema are called the same",
    ("renamed", "log-retention-short"): "a policy of indices is called as its file",
    **{
        (name, "release-history-short"): "a helmfile is called as its file, and known by its name"
        for name in ("moved", "renamed", "yaml to json")
    },
    **{
        (name, rule): "GitHub looks for workflows in one folder, and for YAML"
        for name in ("moved", "yaml to json")
        for rule in (
            *("workflow-path-undefined", "workflow-runs-foreign-code", "workflow-script-injected"),
            *("path-filter-misses-service", "image-built-under-another-name", "deploy-job-unguarded"),
            *("image-pushed-untested", "contract-unguarded", "service-without-pipeline"),
        )
    },
    **{
        ("keys shuffled", name): "is told of the one that comes second"
        for name in (
            "operation-id-duplicate",
            "asyncapi-operation-id-duplicate",
            "asyncapi-message-id-duplicate",
            "parameter-duplicate",
            "path-template-duplicate",
        )
    },
    ("lists shuffled", "parameter-duplicate"): "is told of the one that comes second",
    ("lists shuffled", "tags-unsorted"): "is about the order",
    ("lists shuffled", "asyncapi-tags-unsorted"): "is about the order",
    ("keys shuffled", "keys-not-sorted"): "is about the order",
    ("lists shuffled", "keys-not-sorted"): "is told of the first map of an object",
    ("moved", "runbook-link-broken"): "the address of a file in a repository is its path from the root",
    ("moved", "unresolved-reference"): "what leads out of the repository depends on how deep a file lies",
    ("moved", "compose-file-undefined"): "what leads out of the repository depends on how deep a file lies",
    **{
        ("renamed", name): "a contract is that of the service it is called as"
        for name in (
            "declared-security-unenforced",
            "edge-security-undeclared",
            "exposed-operation-without-security",
            "operation-unreachable",
            "probe-asks-operation",
            "probe-path-refused",
            "probe-path-undefined",
            "proxied-path-undefined",
            "retry-not-idempotent",
            "route-path-undefined",
            "route-version-differs",
            "service-too-large",
            "service-too-small",
            "service-without-contract",
            "contract-without-service",
            "token-issuer-differs",
            "token-not-required",
        )
    },
    ("one file each", "object-duplicate"): "an object in two files of a folder means two deployment sets",
    ("one file for all", "object-duplicate"): "two files of a folder with one object are two deployment sets",
    ("one list for all", "object-duplicate"): "two files of a folder with one object are two deployment sets",
}
"""Rules whose findings a rewriting may change, and why that is right."""
WORDED_OTHERWISE = {
    ("moved", "kustomization-not-built"): "names the folder that it is about",
    ("lists shuffled", "rbac-wildcard"): "names the first of many verbs",
    ("lists shuffled", "policy-part-redundant"): "counts the rules of a policy",
    ("keys shuffled", "retry-not-idempotent"): "names the first of many operations",
    ("other quotes", "injection-label-wrong"): "shows the value as it is written, quotes included",
    **{
        (name, "field-type-wrong"): "shows a scalar as it is written where that is another than its value"
        for name in ("json in yaml", "yaml to json")
    },
    **{
        (name, "operation-moved"): "names the two files that offered the operation and offer it now"
        for name in ("moved", "renamed", "yaml to json")
    },
    **{
        (name, "topic-undescribed"): "names the file with the other channels"
        for name in ("moved", "renamed", "yaml to json")
    },
    **{
        (name, rule): "names the file of the other copy"
        for name in ("moved", "renamed", "json to yaml")
        for rule in ("avro-copy-drifted", "json-schema-copy-drifted")
    },
}
"""Rules whose messages a rewriting may change, and why that is right."""

BREAKS = {
    ("lists shuffled", "OAS023 bad block 1"): "a parameter stands twice, and the first one counts",
}
"""Examples that a rewriting changes in earnest, and why."""
OTHERWISE = {("block style", "KUBE811 good block 3"): "braces stand for what is filled in"}
"""Examples that are told otherwise once they are rewritten, and why."""
ENOUGH = 60
"""Repositories that a rewriting is to change."""
SHOPS = 2
"""The variants of the shop, which come first."""


@cache
def repositories() -> tuple[Repository, ...]:
    """Both variants of the shop and the examples of all pages, without protos."""
    shops = [
        Repository(f"the {variant} shop", without_protos(shop(variant))) for variant in ("clean", "broken")
    ]
    pages = [item for item in examples(RULES) if item.files == without_protos(item.files)]
    return (*shops, *pages)


def without_protos(files: dict[str, str]) -> dict[str, str]:
    """All files that need no compiler."""
    return {path: text for path, text in files.items() if not path.endswith(".proto")}


@cache
def seen_before(repository: Repository) -> Counter[Seen]:
    """What there is to see in a repository as it is."""
    return seen_in(repository, world_of(repository.files))


def seen_in(repository: Repository, world: World) -> Counter[Seen]:
    """What there is to see in a repository in the writing of a world."""
    older = older_world(repository.base) if repository.base else None
    return seen(findings_of(world, RULES, repository.options, older))


def comparable(counted: Counter[Seen], names: tuple[str, ...]) -> Counter[Seen]:
    """What some rewritings must keep; messages list things in the order of the file."""
    is_shuffled = any("shuffled" in name for name in names)
    found: Counter[Seen] = Counter()
    for item in counted.elements():
        message = " ".join(sorted(re.findall(r"[\w/-]+", item.message))) if is_shuffled else item.message
        if any((name, item.rule) in WORDED_OTHERWISE for name in names):
            message = ""
        if not any((name, item.rule) in DIFFER for name in names):
            found[item._replace(message=message)] += 1
    return found


def differences(repository: Repository, world: World, *names: str) -> list[str]:
    """What is seen in one writing and not in the other."""
    before = comparable(seen_before(repository), names)
    after = comparable(seen_in(repository, world), names)
    lost = [f"{repository.name} lost {item}" for item in before - after]
    return lost + [f"{repository.name} has new {item}" for item in after - before]


def changed_by(name: str) -> Iterator[tuple[Repository, Files]]:
    """The repositories that a rewriting changes, and their files after it.

    One variant of the shop and a share of the examples; more of them where it changes few. Each rewriting has
    another share, so that all examples are written anew in a run.
    """
    turn = list(REWRITINGS).index(name)
    shops, pages = repositories()[:SHOPS], repositories()[SHOPS:]
    always = [*share_of(shops, SHOPS, turn), *(item for item in pages if (name, item.name) in BREAKS)]
    rest = [item for item in pages if item not in always]
    count = 0
    for part in (always, *parts_of(rest, len(REWRITINGS), turn)):
        rewritten = ((item, REWRITINGS[name](item.files)) for item in part)
        for item, files in rewritten:
            if files != item.files:
                count += 1
                yield item, files
        if count >= ENOUGH:
            break


@cache
def as_base(repository: Repository) -> World:
    """A repository as the base of what is written anew."""
    return older_world(repository.files)


@pytest.mark.parametrize("name", REWRITINGS)
def test_findings_survive_and_nothing_breaks(name: str) -> None:
    different, broken, count = [], {}, 0
    for item, files in changed_by(name):
        count += 1
        world = world_of(files)
        different += differences(item, world, name) if (name, item.name) not in OTHERWISE else []
        is_contract = "shop" in item.name or item.name.startswith("OAS")
        if is_contract and (name, item.name) not in BREAKS:
            broken[item.name] = [found.message for found in changes_of(as_base(item), world, RULES)]
    assert count, "the rewriting must change something, or this test proves nothing"
    assert different == []
    assert not any(broken.values()), broken


@given(
    st.integers(0, 10**6),
    st.lists(st.sampled_from(sorted(REWRITINGS)), min_size=2, max_size=4, unique=True),
    st.integers(0, 10**6),
)
@settings(deadline=None, max_examples=usually(60, 300), derandomize=True, phases=[Phase.generate])
def test_findings_survive_several_rewritings(number: int, names: list[str], seed: int) -> None:
    item = repositories()[number % len(repositories())]
    assume(not any((name, item.name) in OTHERWISE for name in names))
    files = lists_shuffled(keys_shuffled(item.files, Random(seed)), Random(seed))
    for name in sorted(names, key="byte order mark".__eq__):  # nothing may stand before the mark
        files = REWRITINGS[name](files)
    assert differences(item, world_of(files), "keys shuffled", "lists shuffled", *names) == []
