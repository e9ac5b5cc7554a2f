"""Definitions of the Gateway API of an old release."""

from __future__ import annotations

from tests.defects.templates import seed_template

seed_template(
    "gateway-definition-old",
    """apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: $plural.gateway.networking.k8s.io
  labels: {made: $name}
  annotations:
    gateway.networking.k8s.io/bundle-version: $release #HERE
spec:
  group: gateway.networking.k8s.io
  names: {kind: $kind, plural: $plural}
  $versions #HERE
""",
    *(
        {"plural": plural, "kind": kind, "release": release, "versions": f"versions: [{{name: {version}}}]"}
        for plural, kind, release, version in (
            ("tcproutes", "TCPRoute", "v1.5.9", "v1alpha2"),
            ("tlsroutes", "TLSRoute", "v1.4.0", "v1alpha2"),
            ("grpcroutes", "GRPCRoute", "v1.0.0", "v1"),
            ("backendtlspolicies", "BackendTLSPolicy", "v1.3.0", "v1alpha3"),
            ("gateways", "Gateway", "v0.8.0", "v1beta1"),
            ("httproutes", "HTTPRoute", "v0.5.0", "v1alpha2"),
        )
    ),
)
