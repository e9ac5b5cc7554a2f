"""Where an API can be reached: hosts, schemes, servers and their variables."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from urllib.parse import urlsplit

from archlint.checks import Observation, Options, check, observe
from archlint.checks.oas.wording import owasp, short
from archlint.documents import Node
from archlint.documents.editing import without_last_character
from archlint.finding.regex import regex
from archlint.finding.words import quoted
from archlint.model.openapi import Contract, Role

_VARIABLE = regex(r"\{([^{}]*)\}")
_SCHEME = regex(r"([A-Za-z][A-Za-z0-9+.-]*):")
_MOST_URLS = 100
"""Combinations of values of variables that are tried."""


@check(Contract)
def server_list_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """A contract of version 3 that names no server."""
    servers = contract.root.get("servers")
    if not contract.is_v2 and not (servers.is_list and servers.value):
        yield observe(servers.place())


@check(Contract)
def host_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """A contract of version 2.0 without ``host``."""
    host = contract.root.get("host")
    if contract.is_v2 and not host.value:
        yield observe(host.place())


@check(Contract)
def schemes_missing(contract: Contract, options: Options) -> Iterator[Observation]:
    """A contract of version 2.0 without ``schemes``."""
    schemes = contract.root.get("schemes")
    if contract.is_v2 and not (schemes.is_list and schemes.value):
        yield observe(schemes.place())


@check(Contract)
def server_is_example(contract: Contract, options: Options) -> Iterator[Observation]:
    """A host that is reserved for documentation."""
    alias = "spectral:oas2-host-not-example" if contract.is_v2 else "spectral:oas3-server-not-example.com"
    for address in _addresses(contract):
        found = next((name for name in options["hosts"] if name in (address.text or "")), None)
        if found is not None:
            known = "example.com" in (address.text or "")
            yield observe(
                address.value_place(), aliases=[alias] if known else (), url=address.text, host=found
            )


@check(Contract)
def server_trailing_slash(contract: Contract, options: Options) -> Iterator[Observation]:
    """A host or server URL that ends in a slash."""
    alias = "spectral:oas2-host-trailing-slash" if contract.is_v2 else "spectral:oas3-server-trailing-slash"
    for address in _addresses(contract):
        text = address.text or ""
        if text.endswith("/") and (contract.is_v2 or len(text) > 1):
            yield observe(
                address.value_place(),
                aliases=[alias],
                fix=None if text.endswith("//") else without_last_character(address, "/"),
                url=text,
                better=text.rstrip("/"),
            )


def _addresses(contract: Contract) -> Iterator[Node]:
    """The host of a 2.0 document, else the URLs of its servers."""
    if contract.is_v2:
        stated = [contract.root.get("host")]
    else:
        stated = [server.get("url") for server in contract.root.get("servers").elements()]
    yield from (address for address in stated if address.text is not None)


@check(Contract)
def transport_insecure(contract: Contract, options: Options) -> Iterator[Observation]:
    """Servers, schemes and OAuth URLs that are not encrypted; local hosts need not be."""
    for scheme in contract.root.get("schemes").elements() if contract.is_v2 else ():
        if scheme.text not in ("https", "wss"):
            yield observe(
                scheme.value_place(), aliases=owasp(contract, "api8:2023-no-scheme-http"), url=scheme.text
            )
    local = frozenset(options["local"])
    for server in contract.elements.of(Role.SERVER) if not contract.is_v2 else ():
        url = server.get("url")
        if _is_open(url.text, local):
            known = url.route[:1] == ("servers",) and (url.text or "").startswith("http:")
            alias = owasp(contract, "api8:2023-no-server-http") if known else ()
            yield observe(url.value_place(), aliases=alias, url=url.text)
    for scheme in contract.security_schemes.values():
        flows = [scheme, *(flow for _, flow in scheme.get("flows").items())]
        for url in (
            flow.get(name) for flow in flows for name in ("authorizationUrl", "tokenUrl", "refreshUrl")
        ):
            if _is_open(url.text, local):
                yield observe(url.value_place(), aliases=(), url=url.text)


def _is_open(url: str | None, local: frozenset[str]) -> bool:
    if url is None or not url.lower().startswith(("http:", "ws:", "ftp:")):
        return False
    return _host(url) not in local


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


@check(Contract)
def server_audience_unstated(contract: Contract, options: Options) -> Iterator[Observation]:
    """Servers that do not say whether they are internal."""
    for server in contract.root.get("servers").elements() if not contract.is_v2 else ():
        if server.is_map and not server.get("x-internal").exists:
            yield observe(server.place(), url=server.get("url").text or "")


@check(Contract)
def server_environment_unstated(contract: Contract, options: Options) -> Iterator[Observation]:
    """Servers whose description names no environment."""
    words = [word.lower() for word in options["environments"]]
    for server in contract.root.get("servers").elements() if not contract.is_v2 else ():
        described = server.get("description")
        text = (described.text or "").lower()
        if server.is_map and not any(word in text for word in words):
            yield observe(
                described.value_place() if described.exists else described.place(),
                aliases=None if described.text is not None else (),
                url=server.get("url").text or "",
            )


@check(Contract)
def server_variable_wrong(contract: Contract, options: Options) -> Iterator[Observation]:
    """Variables and the URL that they are for disagree, or give no URL."""
    for server in contract.elements.of(Role.SERVER) if not contract.is_v2 else ():
        url, variables = server.get("url"), server.get("variables")
        if url.text is None:
            continue
        aliases = None if _is_looked_at(server) else ()
        used = list(dict.fromkeys(_VARIABLE.findall(url.text)))
        wrong = [*_undefined(used, variables, aliases, url), *_each(used, variables, aliases, url)]
        yield from wrong
        if not wrong:
            yield from _no_url(url, used, variables, aliases)


def _is_looked_at(server: Node) -> bool:
    return not {"webhooks", "callbacks"} & set(server.route)


def _undefined(
    used: list[str], variables: Node, aliases: tuple[str, ...] | None, url: Node
) -> Iterator[Observation]:
    lacking = [name for name in used if not variables.get(name).exists]
    if lacking:
        names = ", ".join(quoted(lacking))
        yield observe(variables.place(), "undefined", aliases=aliases, url=url.text, names=names)


def _each(
    used: list[str], variables: Node, aliases: tuple[str, ...] | None, url: Node
) -> Iterator[Observation]:
    for name, variable in variables.items():
        default, allowed = variable.get("default"), variable.get("enum")
        if name not in used:
            yield observe(variable.place(), "unused", aliases=aliases, name=name, url=url.text)
        elif not default.exists:
            yield observe(variable.place(), "no-default", aliases=aliases, name=name)
        elif allowed.is_list and default.value not in allowed.value:
            listed = ", ".join(short(value) for value in allowed.value) or "nothing"
            yield observe(
                default.value_place(),
                "default",
                aliases=aliases,
                name=name,
                value=default.value,
                allowed=listed,
            )


def _no_url(
    url: Node, used: list[str], variables: Node, aliases: tuple[str, ...] | None
) -> Iterator[Observation]:
    """A combination of values that makes no URL; one is enough to tell."""
    if not used:
        return
    values = [_values(variables.get(name)) for name in used]
    for count, chosen in enumerate(product(*values)):
        if count >= _MOST_URLS:
            return
        text = url.text or ""
        for name, value in zip(used, chosen, strict=True):
            text = text.replace("{" + name + "}", value)
        if not _is_url(text):
            yield observe(variables.place(), "url", aliases=aliases, url=url.text, result=text)
            return


def _values(variable: Node) -> list[str]:
    allowed = [item.text for item in variable.get("enum").elements() if item.text is not None]
    default = variable.get("default").text
    return allowed or ([default] if default is not None else [])


def _is_url(text: str) -> bool:
    """Whether a text is an absolute URL, or clearly a reference relative to the document."""
    if text.startswith(("/", "./", "../")):
        return True
    scheme = _SCHEME.match(text)
    if scheme is None:
        return False
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    return bool(parts.netloc and parts.hostname) and (port is None or port < 65536)
