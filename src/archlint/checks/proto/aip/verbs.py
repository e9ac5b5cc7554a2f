"""The names of methods: a verb that all methods of a kind have, and a noun."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from archlint.checks import Observation, Options, join, observe
from archlint.checks.proto.aip.conventions import CONVENTIONS
from archlint.checks.proto.aip.names import PREPOSITIONS
from archlint.finding.nouns import is_plural
from archlint.model.protobuf.methods import ApiMethod, MethodKind, first_word, words_of
from archlint.model.world import World

_SYNONYMS: Mapping[str, MethodKind] = {
    **dict.fromkeys(("Acquire", "Fetch", "Lookup", "Read", "Retrieve"), MethodKind.GET),
    **dict.fromkeys(("Insert", "Make", "Post"), MethodKind.CREATE),
    **dict.fromkeys(("Patch", "Put", "Set"), MethodKind.UPDATE),
}
_KEPT = frozenset({"SetIamPolicy"})


@join(ApiMethod)
def aip_method_synonym(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A method with another verb than all others that do the same."""
    verb = first_word(method.rpc.name)
    kind = _SYNONYMS.get(verb)
    if kind is not None and method.rpc.name not in _KEPT:
        yield observe(
            method.place(),
            aliases=[CONVENTIONS[kind].alias("synonyms")],
            rpc=method.rpc.name,
            verb=verb,
            wanted=kind + method.rpc.name[len(verb) :],
        )


@join(ApiMethod)
def aip_method_noun(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A method whose name is one word."""
    words = words_of(method.rpc.name)
    if len(words) == 1:
        yield observe(method.place(), rpc=method.rpc.name)


@join(ApiMethod)
def aip_method_preposition(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A method whose name has a preposition, where its request should have a field."""
    for word in dict.fromkeys(words_of(method.rpc.name)):
        if word.lower() in PREPOSITIONS:
            yield observe(
                method.place(), identity=(method.rpc.name, word), rpc=method.rpc.name, word=word.lower()
            )


@join(ApiMethod)
def aip_batch_name_singular(method: ApiMethod, world: World, options: Options) -> Iterator[Observation]:
    """A batch of one, by its name."""
    last = (words_of(method.noun) or [""])[-1].lower()
    if method.kind.is_batch and last and not is_plural(last):
        yield observe(
            method.place(),
            aliases=[CONVENTIONS[method.kind].alias("plural-method-name")],
            rpc=method.rpc.name,
            noun=method.noun,
        )
