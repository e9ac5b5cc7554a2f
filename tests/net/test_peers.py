"""Peers in messages can be typed as they stand there."""

from __future__ import annotations

import pytest
import yaml

from archlint.documents import load_text
from archlint.files import Kind
from archlint.model.kubernetes.objects import objects_of
from archlint.model.network.peers import peer_for

POD = "apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: %s}\n"


@pytest.mark.parametrize(
    "value", ["web", "1", "1.20", "true", "NO", "2024-01-01", "0x1f", "1e3", "", "~", "v1.2_a-b"]
)
@pytest.mark.parametrize("space", ["shop", '"12"', '"on"'])
def test_a_peer_is_read_as_it_is_meant(value: str, space: str) -> None:
    [document] = load_text("pod.yaml", POD % space, Kind.KUBERNETES).documents
    [base] = objects_of(document)
    read = yaml.safe_load(f"{{{peer_for(base, {'app': value}, 'bank')}}}")
    assert read["podSelector"] == {"matchLabels": {"app": value}}
    assert read["namespaceSelector"]["matchLabels"] == {"kubernetes.io/metadata.name": space.strip('"')}
