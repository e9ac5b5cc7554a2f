"""Apache HTTP Server: ``ProxyPass``, balancers, and rewrites that send on.

Source: Apache, ``mod_proxy`` and ``mod_proxy_balancer``: ``ProxyPass [path] url``, ``BalancerMember url``
inside of ``<Proxy balancer://name>``; ``mod_rewrite`` with the flag ``P``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping

from archlint.finding.records import dataclass
from archlint.finding.regex import regex
from archlint.model.appconfig.placed import PlacedText
from archlint.model.proxies.forward import Forward, Way
from archlint.model.proxies.lines import Word, lines_of, targets_in

IS_APACHE = regex(r"(?mi)^[ \t]*(?:ProxyPass(?:Match)?|BalancerMember)[ \t]")
_FLAGS = regex(r"\[(?:[^\]]*,)?P(?:,[^\]]*)?\]")


@dataclass(slots=True)
class _Pass:
    path: Word | None
    target: Word
    host: str
    is_pattern: bool


def forwards_of(text: PlacedText, environment: Mapping[str, str]) -> Iterator[Forward]:
    """A forward for each path, or for each member of the balancer that it leads to."""
    members: dict[str, list[Word]] = defaultdict(list)
    passes: list[_Pass] = []
    location: Word | None = None
    balancer = host = ""
    for line in lines_of(text.text):
        name, words = line[0].text.lower(), line[1:]
        if name == "<location" and words:
            location = Word(words[0].text.rstrip(">"), words[0].start, words[0].end)
        elif name == "</location>":
            location = None
        elif name == "<virtualhost":
            host = ""
        elif name == "servername" and words:
            host = words[0].text.rpartition("://")[2].partition(":")[0]
        elif name == "<proxy" and words:
            balancer = words[0].text.rstrip(">").lower()
        elif name == "balancermember" and words:
            members[balancer].append(words[0])
        elif name in ("proxypass", "proxypassmatch") and words:
            path = words[0] if len(words) > 1 and not words[0].text.startswith("http") else location
            target = words[1] if path is words[0] else words[0]
            passes.append(_Pass(path, target, host, name == "proxypassmatch"))
        elif name == "rewriterule" and len(words) > 2 and _FLAGS.match(words[2].text):
            passes.append(_Pass(words[0], words[1], host, True))
    for item in passes:
        way = None
        if item.path is not None:
            place = text.place(item.path.start, item.path.end)
            way = Way(item.path.text, place, item.host, None, item.is_pattern)
        balanced = members.get(item.target.text.rstrip("/").lower())
        for word in balanced or [item.target]:
            cut = word.text.find("$", word.text.find("://") + 3)
            ends = cut > 0 and not word.text.startswith("${", cut)
            asked = Word(word.text[:cut], word.start, word.start + cut) if ends else word
            for address, place, is_filled in targets_in(asked, text, environment):
                yield Forward(address, place, "ProxyPass", way, is_filled)
