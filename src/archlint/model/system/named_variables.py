"""Variables whose values are kept out of the repository, and whose names say which service they lead to:
``USER_SERVICE_URL`` is read by what calls ``user-service``, if there is one such service.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from archlint.documents import TextFile
from archlint.finding import Confidence, Span
from archlint.finding.regex import regex
from archlint.model.appconfig.units import environment_of
from archlint.model.services.addresses import Address
from archlint.model.services.variable_names import is_call, names_a_peer
from archlint.model.sources.environment import is_variable_name
from archlint.model.sources.literals import SourceCode
from archlint.model.sources.reading import source_files
from archlint.model.system.evidence import Mention
from archlint.model.system.names import plain, stem
from archlint.model.system.parties import Parties, Party, parties
from archlint.model.world import World

_OF_NODE = regex(r"\b(?:process|import\.meta)\.env\.([A-Z][A-Z0-9_]*+)")
_FIELD = regex(r"^[ \t]+([A-Z][A-Z0-9_]*+)[ \t]*:[ \t]*(?:str|\w*Url|\w*Dsn)\b(?![ \t]*=)", re.MULTILINE)
"""Matches a field of a class of settings of Pydantic without a default."""
_SAYING_NOTHING = frozenset(
    {
        *(
            "URL",
            "URI",
            "HOST",
            "HOSTNAME",
            "ADDR",
            "ADDRESS",
            "ENDPOINT",
            "BASEURL",
            "BASE",
            "HTTP",
            "HTTPS",
        ),
        *("GRPC", "API", "REST", "SERVER", "SERVICE", "SERVICES", "SVC", "MS", "MICROSERVICE", "URLS"),
    }
)
"""Last words of names that say nothing of who is meant."""
_SHORTEST = 3


def mentions(world: World) -> Iterator[Mention]:
    """What the names of variables without a value lead to."""
    known: Parties = world.fact(parties)
    named: dict[str, list[Party]] = defaultdict(list)
    for party in known.all:
        if party.is_deployed or party.is_program:
            named[stem(party.name)].append(party)
    if len(named) < 2:
        return
    revision = world.tree.revision
    for folder, file in world.fact(source_files).telling():
        callers = known.of(folder) if file.may_name else ()
        if len(callers) != 1:
            continue
        code = file.code
        environment = environment_of(world, folder)
        for name, start in _read(code):
            if name in environment or not names_a_peer(name):
                continue
            found = _meant(name, named, known, callers[0])
            if found is not None:
                span = Span(*code.lines.position(start), *code.lines.position(start + len(name)))
                place = TextFile(file.path, revision).place(span)
                address = Address(found.name.lower())
                yield Mention(folder, address, place, name, Confidence.MEDIUM, name, callee=found)


def _read(code: SourceCode) -> Iterator[tuple[str, int]]:
    """The variables that a file reads, and where their names stand."""
    for match in _OF_NODE.finditer(code.plain):
        yield match[1], match.start(1)
    for literal in code.literals:
        if is_variable_name(literal.text):
            yield literal.text, literal.inner
    if code.language.name == "python" and "BaseSettings" in code.text:
        for match in _FIELD.finditer(code.plain):
            yield match[1], match.start(1)


def _meant(name: str, named: Mapping[str, Sequence[Party]], known: Parties, caller: Party) -> Party | None:
    words = name.split("_")
    while words and words[-1] in _SAYING_NOTHING:
        words.pop()
    letters = plain("".join(words))
    is_named = len(letters) >= _SHORTEST and len(words) < len(name.split("_"))
    if not is_named or not is_call(name, "_".join(words)):
        return None
    alike = [
        party for form in (letters, f"{letters}s", letters.removesuffix("s")) for party in named.get(form, ())
    ]
    found = known.nearest(list({id(party): party for party in alike}.values()), caller)
    return found[0] if len(found) == 1 and found[0] is not caller else None
