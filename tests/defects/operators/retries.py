"""Retries of operations that must not be carried out twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tests.defects.defects import Defect, Line, line_of, seeds
from tests.defects.operators.routes import PATH, Offered, http_route, ingress, offered, virtual_service
from tests.metamorphic.repositories import Files

_POST = re.compile(r'(?m)^ +"?(?P<path>/[\w/{}.-]*)"?:(?: \{)?\n(?:(?! +"?/).*\n)*? +(?P<post>"?post"?):')


def _posts(item: Offered) -> Iterator[tuple[str, Line]]:
    """The fixed beginning of each path that takes POST and does not only search, and its line."""
    for match in _POST.finditer(item.text):
        if "search" not in match["path"]:
            yield match["path"].partition("/{")[0], (item.contract, line_of(item.text, match.start("post")))


def _retried(item: Offered, path: str) -> Iterator[tuple[str, str, str]]:
    """Routes that retry whatever is asked, with the words by which the line is found."""
    for on in ("5xx", "gateway-error,connect-failure", "reset,retriable-4xx"):
        text = virtual_service(item, path).replace(
            "      route:", f"      retries:\n        attempts: 3\n        retryOn: {on}\n      route:"
        )
        yield f"VirtualService {on}", text, f"retryOn: {on}"
    text = http_route(item, path).replace(
        "      backendRefs:",
        "      retry:\n        codes: [502, 503]\n        attempts: 2\n      backendRefs:",
    )
    yield "HTTPRoute", text, "codes: ["
    key = "nginx.ingress.kubernetes.io/proxy-next-upstream"
    named = f"{{name: edge-{item.name}"
    noted = f"{{annotations: {{{key}: error timeout non_idempotent}}, name: edge-{item.name}"
    text = ingress(item, path).replace(named, noted)
    yield "Ingress", text, "non_idempotent"


@seeds("retry-not-idempotent")
def retry_added(files: Files) -> Iterator[Defect]:
    """A route that retries, before operations that no key makes safe to repeat."""
    for item in offered(files):
        for path, line in _posts(item):
            for what, text, words in _retried(item, path):
                place = frozenset({(PATH, line_of(text, text.index(words)))})
                yield Defect(f"{what} {item.name} {path}", {**files, PATH: text}, place, frozenset({line}))
