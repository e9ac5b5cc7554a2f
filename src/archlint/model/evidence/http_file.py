"""``.http`` and ``.rest`` files, as editors run them: requests between lines of ``###``.

Source: https://www.jetbrains.com/help/idea/exploring-http-syntax.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from archlint.model.evidence.exchange import EvidenceKind, Exchange
from archlint.model.evidence.files import EvidenceFile
from archlint.model.evidence.lines import METHOD, Line, Written, exchange_of

_COMMENTS = ("#", "//")


def is_own(file: EvidenceFile) -> bool:
    """Whether a file is one of these, by its name."""
    return file.path.lower().endswith((".http", ".rest"))


def exchanges(file: EvidenceFile) -> Iterator[Exchange]:
    """Each request; variables count for the whole file."""
    lines = [Line(number, text.rstrip("\r")) for number, text in enumerate(file.text.split("\n"), 1)]
    values: dict[str, str] = {}
    for line in lines:
        if line.text.startswith("@"):
            name, sign, value = line.text[1:].partition("=")
            if sign:
                values[name.strip()] = value.strip()
    for block in _blocks(lines):
        written = _written(block)
        if written is None:
            continue
        found = exchange_of(written, file.source, values, EvidenceKind.HTTP)
        if found is None:
            file.left_out["has no URL that can be read"] += 1
        else:
            yield found


def _blocks(lines: Sequence[Line]) -> Iterator[list[Line]]:
    block: list[Line] = []
    for line in lines:
        if line.text.startswith("###"):
            yield block
            block = []
        else:
            block.append(line)
    yield block


def _written(block: Sequence[Line]) -> Written | None:
    """The request of a block; ``None`` if there is none in it."""
    start = 0
    while start < len(block) and (
        not block[start].text.strip() or block[start].text.startswith((*_COMMENTS, "@", "<"))
    ):
        if block[start].text.startswith("<") and "{%" in block[start].text:
            while start < len(block) and "%}" not in block[start].text:
                start += 1  # a script that runs before
        start += 1
    if start >= len(block):
        return None
    first = block[start]
    method, _, url = first.text.strip().partition(" ")
    if not METHOD.match(method):
        method, url = "GET", first.text.strip()
    at = start + 1
    while at < len(block) and block[at].text[:1] in (" ", "\t") and block[at].text.strip():
        url += block[at].text.strip()  # a query may go on over several lines
        at += 1
    headers: list[tuple[str, str, Line]] = []
    while at < len(block) and block[at].text.strip():
        name, sign, value = block[at].text.partition(":")
        if sign and not block[at].text.startswith(_COMMENTS):
            headers.append((name.strip(), value.strip(), block[at]))
        at += 1
    body = block[at + 1 :]
    end = next((n for n, line in enumerate(body) if line.text.startswith((">", "<>"))), len(body))
    body = body[:end]
    texts = [line for line in body if line.text.strip()]
    is_complete = not any(line.text.startswith("<") for line in texts)
    target = url.strip().partition(" HTTP/")[0].strip()
    return Written(
        method=method,
        url=target,
        at=first,
        headers=headers,
        body="\n".join(line.text for line in body) if is_complete else "",
        body_at=texts[0] if texts else None,
        is_complete=is_complete,
    )
