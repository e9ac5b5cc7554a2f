"""``.http`` and ``.rest`` files, as editors run them: requests between lines of ``###``.

Sources: https://www.jetbrains.com/help/idea/exploring-http-syntax.html (JetBrains),
https://github.com/Huachao/vscode-restclient (REST Client of VS Code). Where both read something differently,
what it means is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from posixpath import dirname, normpath

from archlint.finding.regex import regex
from archlint.model.evidence.around import Around, beside
from archlint.model.evidence.environments import agreed, editor_environments, layered, set_by_scripts
from archlint.model.evidence.exchange import OPEN, EvidenceKind, Exchange
from archlint.model.evidence.fields import FORM, MULTIPART
from archlint.model.evidence.files import EvidenceFile
from archlint.model.evidence.lines import METHOD, Line, Written, exchange_of
from archlint.model.evidence.media_types import bare

_ENDS = (".http", ".rest")
_COMMENTS = ("#", "//")
_OTHER_PROTOCOLS = ("WEBSOCKET", "GRPC", "RSOCKET", "GRAPHQL", "MQTT")
_FROM_FILE = regex(r"<(?:@[\w-]*)?[ \t]+(\S.*)")
_HANDLER = regex(r">[ \t]*\{%|>[ \t]+\S|>>!?[ \t]*\S|<>[ \t]*\S")
"""What editors do with the answer, behind the body."""
_COMMAND = regex(r"(?:import|run)[ \t]+\S")


def is_own(file: EvidenceFile) -> bool:
    """Whether a file is one of these, by its name."""
    return file.path.lower().endswith(_ENDS)


def exchanges(file: EvidenceFile) -> Iterator[Exchange]:
    """Each request; variables count for the whole file."""
    lines = [Line(number, text.rstrip("\r")) for number, text in enumerate(file.text.split("\n"), 1)]
    values = _values(lines, file)
    for block in _blocks(lines):
        written = _written(block, file)
        if written is None:
            continue
        if written.method in _OTHER_PROTOCOLS:
            file.left_out["is no plain request over HTTP (GraphQL, gRPC, WebSocket, ...)"] += 1
            continue
        found = exchange_of(written, values, EvidenceKind.HTTP)
        if found is None:
            file.left_out["has no URL that can be read"] += 1
        else:
            yield found


def _values(lines: Sequence[Line], file: EvidenceFile) -> dict[str, str]:
    """The variables of a file: its own and those of the environments, of which editors prefer either."""
    own: dict[str, str] = {}
    for line in lines:
        name, sign, value = line.text[1:].partition("=")
        if line.text.startswith("@") and sign:
            name, text = name.strip(), value.strip()
            own[name] = text if own.get(name, text) == text else OPEN
    chosen = layered({}, editor_environments(file.path, file.around))
    found = {name: agreed((value, chosen.get(name, value))) for name, value in own.items()}
    scripted = file.around.once(_set_by_scripts, dirname(file.path))
    return {**chosen, **found, **scripted, **set_by_scripts((file.text,))}


def _set_by_scripts(folder: str, around: Around) -> dict[str, str]:
    return set_by_scripts(text for _, text in around.below(folder, *_ENDS))


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if line.text.startswith("###"):
            yield block
            block = []
        else:
            block.append(line)
    yield block


def _first(block: Sequence[Line]) -> int:
    """Where the request begins, behind comments, variables and scripts that run before."""
    at = 0
    while at < len(block):
        text = block[at].text.strip()
        if text.startswith("<") and "{%" in text:
            while at < len(block) and "%}" not in block[at].text:
                at += 1
        elif text and not text.startswith((*_COMMENTS, "@", "<")) and not _COMMAND.match(text):
            break
        at += 1
    return at


def _written(block: Sequence[Line], file: EvidenceFile) -> Written | None:
    """The request of a block; ``None`` if there is none in it."""
    start = _first(block)
    if start >= len(block):
        return None
    first = block[start]
    method, _, url = first.text.strip().partition(" ")
    if not METHOD.match(method):
        method, url = "GET", first.text.strip()
    at = start + 1
    while (
        at < len(block)
        and block[at].text.strip()
        and (block[at].text[0] in " \t" or block[at].text[0] in "?&")
    ):
        url += block[at].text.strip()  # a query may go on over several lines
        at += 1
    headers: list[tuple[str, str, Line]] = []
    while at < len(block) and block[at].text.strip() and not _HANDLER.match(block[at].text):
        name, sign, value = block[at].text.partition(":")
        if sign and not block[at].text.startswith(_COMMENTS):
            headers.append((name.strip(), value.strip(), block[at]))
        at += 1
    kind = next((value for name, value, _ in headers if name.lower() == "content-type"), "")
    body, is_complete, where = _body(block[at:], bare(kind), file)
    return Written(
        method=method,
        url=url.strip().partition(" HTTP/")[0].strip(),
        at=first.place(file.source),
        headers=[(name, value, line.place(file.source)) for name, value, line in headers],
        body=body,
        body_at=where.place(file.source) if where else None,
        is_complete=is_complete,
    )


def _body(lines: Sequence[Line], kind: str, file: EvidenceFile) -> tuple[str, bool, Line | None]:
    """The body behind the empty line, whether all of it is known, and where it begins."""
    end = next((n for n, line in enumerate(lines) if _HANDLER.match(line.text)), len(lines))
    own = list(lines[:end])
    while own and not own[0].text.strip():
        own = own[1:]
    texts: list[str] = []
    is_complete = True
    for line in own:
        named = _FROM_FILE.match(line.text)
        text = line.text if named is None else _of_file(named[1].strip(), file)
        if text is None and kind != MULTIPART:
            is_complete = False
        texts.append(OPEN if text is None else text)
    between = "" if kind == FORM else "\r\n" if kind == MULTIPART else "\n"
    body = between.join(texts)
    if kind == FORM:  # editors let forms go on over lines, with blanks around their signs
        body = "&".join("=".join(part.strip() for part in pair.split("=")) for pair in body.split("&"))
    return body if is_complete else "", is_complete, own[0] if own else None


def _of_file(name: str, file: EvidenceFile) -> str | None:
    """The text of a file that a body is taken from; ``None`` if it cannot be read, or has variables."""
    path = normpath(beside(dirname(file.path), name))
    text = None if name.startswith("/") or path.startswith("..") else file.around.text(path)
    return None if text is None or "{{" in text else text
