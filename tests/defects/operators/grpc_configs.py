"""Service configs of gRPC clients that these refuse."""

from __future__ import annotations

from collections.abc import Iterator

from tests.defects.defects import Defect, seeds
from tests.defects.marked import marked
from tests.metamorphic.repositories import Files

_PATH = "deploy/grpc/service_config.json"
_POLICY = {
    "maxAttempts": "3",
    "initialBackoff": '"0.1s"',
    "maxBackoff": '"1s"',
    "backoffMultiplier": "2",
    "retryableStatusCodes": '["UNAVAILABLE"]',
}
_WRONG = {
    "maxAttempts": ("1", "0", "6", '"3"', "2.5"),
    "initialBackoff": ('"0s"', '"100ms"', "0.1", '""'),
    "maxBackoff": ('"-1s"', '"1m"', "1"),
    "backoffMultiplier": ("0", "-1", '"2"'),
    "retryableStatusCodes": ("[]", '["TIMEOUT"]', '["UNAVAILABLE", "503"]', "[17]"),
}
_MAP = """\
apiVersion: v1
kind: ConfigMap
metadata: {name: grpc-clients, namespace: shop}
data:
  service-config.json: |
"""


def _config(policy: dict[str, str], wrong: str, name: str = '{"service": "shop.cart.v1.CartService"}') -> str:
    lines = ["{", '  "methodConfig": [', "    {", f'      "name": [{name}],', '      "retryPolicy": { #HERE']
    for number, (key, value) in enumerate(policy.items(), 1):
        comma = "," if number < len(policy) else ""
        lines.append(f'        "{key}": {value}{comma}' + (" #HERE" if key == wrong else ""))
    return "\n".join([*lines, "      }", "    }", "  ]", "}", ""])


def _in_map(text: str) -> str:
    return _MAP + "".join(f"    {line}\n" for line in text.rstrip().split("\n"))


@seeds("grpc-service-config-invalid")
def refused_policy(files: Files) -> Iterator[Defect]:
    """A policy with a value that clients refuse, or without one, in a file and in a ConfigMap."""
    for key, values in _WRONG.items():
        for value in (*values, None):
            policy = {**_POLICY, key: value} if value else {k: v for k, v in _POLICY.items() if k != key}
            text = _config({name: said for name, said in policy.items() if said}, key)
            yield marked(files, f"file {key} {value}", {_PATH: text})
            yield marked(files, f"map {key} {value}", {"deploy/grpc/clients.yaml": _in_map(text)})
