"""Rows of the table of names (``name_table``): the fields of kinds that run no pods which kustomize does not
follow.

Sources: the API references of Kubernetes, Gateway API, KEDA, the Prometheus operator, cert-manager, External
Secrets, Argo CD, Argo Rollouts and Flux.
"""

from __future__ import annotations

ANY_KIND: tuple[str, ...] = ()
"""What may be named where any kind may be that is said beside the name."""
SCALED = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "CronJob", "Rollout")
"""Kinds whose size something else may set."""
_CLAIMED = ("PersistentVolumeClaim", "VolumeSnapshot")
CLAIM_FIELDS = (
    ("dataSource", _CLAIMED),
    ("dataSourceRef", _CLAIMED),
    ("volumeAttributesClassName", ("VolumeAttributesClass",)),
    ("volumeName", ("PersistentVolume",)),
)
"""What a claim names besides its class."""
_GATEWAY = "gateway.networking.k8s.io"
_ADMISSION = "admissionregistration.k8s.io"
_MONITORING = "monitoring.coreos.com"
_SCHEDULING = "scheduling.k8s.io"
_FLUX_SOURCES = "source.toolkit.fluxcd.io"
_NOTIFICATION = "notification.toolkit.fluxcd.io"
_WEBHOOK = "webhooks/clientConfig/service"
_ISSUER = ("Issuer", "ClusterIssuer")
_STORE = ("SecretStore", "ClusterSecretStore")
_AUTHENTICATION = ("TriggerAuthentication", "ClusterTriggerAuthentication")
_SOURCES = ("GitRepository", "OCIRepository", "Bucket", "HelmRepository", "HelmChart")
_ROUTES = ("HTTPRoute", "GRPCRoute", "TCPRoute", "TLSRoute", "UDPRoute")
_SECRET = ("Secret",)
_CA = ("ConfigMap", "Secret")
_CSI_SECRETS = (
    *("provisioner-secret-name", "controller-publish-secret-name", "node-stage-secret-name"),
    *("node-publish-secret-name", "controller-expand-secret-name"),
)
_VOLUME_SECRETS = (
    *(f"csi/{step}SecretRef" for step in ("controllerExpand", "controllerPublish")),
    *(f"csi/node{step}SecretRef" for step in ("Stage", "Publish", "Expand")),
    *(
        f"{kind}/secretRef"
        for kind in ("cephfs", "cinder", "flexVolume", "iscsi", "rbd", "scaleIO", "storageos")
    ),
)
_CLAIM_HOLDERS = (
    *(
        ("resource.k8s.io", "ResourceClaim", "spec"),
        ("resource.k8s.io", "ResourceClaimTemplate", "spec/spec"),
    ),
)
_POD_CLAIMS = (
    ("batch", "Job", "spec/scheduling"),
    ("batch", "CronJob", "spec/jobTemplate/spec/scheduling"),
    (_SCHEDULING, "PodGroup", "spec"),
    (_SCHEDULING, "Workload", "spec/podGroupTemplates"),
    (_SCHEDULING, "Workload", "spec/compositePodGroupTemplates/podGroupTemplates"),
)
_SCRAPED = (
    ("ServiceMonitor", "spec/endpoints"),
    ("PodMonitor", "spec/podMetricsEndpoints"),
    ("Probe", "spec"),
    ("Prometheus", "spec/remoteWrite"),
    ("Prometheus", "spec/remoteRead"),
)
_CREDENTIALS = (
    ("basicAuth/username", _SECRET),
    ("basicAuth/password", _SECRET),
    ("bearerTokenSecret", _SECRET),
    ("authorization/credentials", _SECRET),
    ("oauth2/clientId/secret", _SECRET),
    ("oauth2/clientId/configMap", ("ConfigMap",)),
    ("oauth2/clientSecret", _SECRET),
    ("tlsConfig/ca/secret", _SECRET),
    ("tlsConfig/ca/configMap", ("ConfigMap",)),
    ("tlsConfig/cert/secret", _SECRET),
    ("tlsConfig/cert/configMap", ("ConfigMap",)),
    ("tlsConfig/keySecret", _SECRET),
)
"""What the Prometheus operator reads of Secrets and ConfigMaps to reach what it scrapes."""

_Row = tuple[str, str, str, tuple[str, ...]]
_STORAGE: tuple[_Row, ...] = (
    *(("", "PersistentVolumeClaim", f"spec/{way}", kinds) for way, kinds in CLAIM_FIELDS[:3]),
    *(("apps", "StatefulSet", f"spec/volumeClaimTemplates/spec/{way}", kinds) for way, kinds in CLAIM_FIELDS),
    ("", "PersistentVolume", "spec/claimRef", ("PersistentVolumeClaim",)),
    ("", "PersistentVolume", "spec/csi/driver", ("CSIDriver",)),
    ("", "PersistentVolume", "spec/volumeAttributesClassName", ("VolumeAttributesClass",)),
    *(("", "PersistentVolume", f"spec/{way}", _SECRET) for way in _VOLUME_SECRETS),
    *(
        ("storage.k8s.io", "StorageClass", rf"parameters/csi.storage.k8s.io\/{name}", _SECRET)
        for name in _CSI_SECRETS
    ),
)
_OF_KUBERNETES: tuple[_Row, ...] = (
    ("", "ServiceAccount", "secrets/name", _SECRET),
    ("autoscaling", "HorizontalPodAutoscaler", "spec/scaleTargetRef/name", SCALED),
    ("autoscaling", "HorizontalPodAutoscaler", "spec/metrics/object/describedObject", ANY_KIND),
    ("autoscaling", "HorizontalPodAutoscaler", "spec/metrics/object/target", ANY_KIND),
    (_ADMISSION, "ValidatingWebhookConfiguration", _WEBHOOK, ("Service",)),
    (_ADMISSION, "MutatingWebhookConfiguration", _WEBHOOK, ("Service",)),
    (_ADMISSION, "MutatingAdmissionPolicyBinding", "spec/policyName", ("MutatingAdmissionPolicy",)),
    (
        "apiextensions.k8s.io",
        "CustomResourceDefinition",
        "spec/conversion/webhook/clientConfig/service",
        ("Service",),
    ),
    (
        "flowcontrol.apiserver.k8s.io",
        "FlowSchema",
        "spec/priorityLevelConfiguration",
        ("PriorityLevelConfiguration",),
    ),
    ("flowcontrol.apiserver.k8s.io", "FlowSchema", "spec/rules/subjects/serviceAccount", ("ServiceAccount",)),
    ("networking.k8s.io", "Ingress", "spec/defaultBackend/resource", ANY_KIND),
    ("networking.k8s.io", "Ingress", "spec/rules/http/paths/backend/resource", ANY_KIND),
    ("networking.k8s.io", "IngressClass", "spec/parameters", ANY_KIND),
)
_DEVICES: tuple[_Row, ...] = (
    *(
        (group, kind, f"{way}/devices/requests/{part}deviceClassName", ("DeviceClass",))
        for group, kind, way in _CLAIM_HOLDERS
        for part in ("", "exactly/", "firstAvailable/")
    ),
    *((group, kind, f"{way}/parametersRef", ANY_KIND) for group, kind, way in _CLAIM_HOLDERS),
    *((group, kind, f"{way}/resourceClassName", ("ResourceClass",)) for group, kind, way in _CLAIM_HOLDERS),
    ("resource.k8s.io", "DeviceTaintRule", "spec/deviceSelector/deviceClassName", ("DeviceClass",)),
    ("resource.k8s.io", "ResourceClass", "parametersRef", ANY_KIND),
    ("resource.k8s.io", "ResourceClassParameters", "generatedFrom", ANY_KIND),
    ("resource.k8s.io", "ResourceClaimParameters", "generatedFrom", ANY_KIND),
    *(
        (group, kind, f"{way}/resourceClaims/{field}", (target,))
        for group, kind, way in _POD_CLAIMS
        for field, target in (
            ("resourceClaimName", "ResourceClaim"),
            ("resourceClaimTemplateName", "ResourceClaimTemplate"),
        )
    ),
)
_GROUPS_OF_PODS: tuple[_Row, ...] = (
    (_SCHEDULING, "Workload", "spec/controllerRef", ANY_KIND),
    (_SCHEDULING, "PodGroup", "spec/podGroupTemplateRef/workload/workloadName", ("Workload",)),
    *(
        row
        for kind in ("PodGroup", "CompositePodGroup")
        for row in (
            (_SCHEDULING, kind, "spec/workloadRef/workloadName", ("Workload",)),
            (_SCHEDULING, kind, "spec/parentCompositePodGroupName", ("CompositePodGroup",)),
            (_SCHEDULING, kind, "spec/priorityClassName", ("PriorityClass",)),
        )
    ),
    *(
        (_SCHEDULING, "Workload", f"spec/{way}/priorityClassName", ("PriorityClass",))
        for way in (
            "podGroupTemplates",
            "compositePodGroupTemplates",
            "compositePodGroupTemplates/podGroupTemplates",
        )
    ),
)
_GATEWAYS: tuple[_Row, ...] = (
    *((_GATEWAY, kind, "spec/parentRefs", ("Gateway", "Service", "ListenerSet")) for kind in _ROUTES),
    *((_GATEWAY, kind, "spec/rules/backendRefs", ("Service",)) for kind in _ROUTES),
    *(
        (_GATEWAY, kind, f"spec/rules/{way}", kinds)
        for kind in ("HTTPRoute", "GRPCRoute")
        for way, kinds in (
            ("filters/requestMirror/backendRef", ("Service",)),
            ("backendRefs/filters/requestMirror/backendRef", ("Service",)),
            ("filters/extensionRef", ANY_KIND),
            ("backendRefs/filters/extensionRef", ANY_KIND),
        )
    ),
    (_GATEWAY, "Gateway", "spec/gatewayClassName", ("GatewayClass",)),
    (_GATEWAY, "Gateway", "spec/listeners/tls/certificateRefs", _SECRET),
    (_GATEWAY, "Gateway", "spec/listeners/tls/frontendValidation/caCertificateRefs", _CA),
    (_GATEWAY, "Gateway", "spec/infrastructure/parametersRef", ANY_KIND),
    (_GATEWAY, "GatewayClass", "spec/parametersRef", ANY_KIND),
    (_GATEWAY, "ListenerSet", "spec/parentRef", ("Gateway",)),
    (_GATEWAY, "ListenerSet", "spec/listeners/tls/certificateRefs", _SECRET),
    (_GATEWAY, "BackendTLSPolicy", "spec/targetRefs", ("Service",)),
    (_GATEWAY, "BackendTLSPolicy", "spec/validation/caCertificateRefs", _CA),
)
_OPERATORS: tuple[_Row, ...] = (
    ("grafana.integreatly.org", "GrafanaDashboard", "spec/configMapRef", ("ConfigMap",)),
    ("grafana.integreatly.org", "GrafanaDatasource", "spec/valuesFrom/valueFrom/secretKeyRef", ("Secret",)),
    ("monitoring.coreos.com", "Probe", "spec/bearerTokenSecret", ("Secret",)),
    ("monitoring.coreos.com", "ScrapeConfig", "spec/basicAuth/password", ("Secret",)),
    ("autoscaling.k8s.io", "VerticalPodAutoscaler", "spec/targetRef", SCALED),
    ("keda.sh", "ScaledObject", "spec/scaleTargetRef", SCALED),
    ("keda.sh", "ScaledObject", "spec/triggers/authenticationRef", _AUTHENTICATION),
    ("keda.sh", "ScaledJob", "spec/triggers/authenticationRef", _AUTHENTICATION),
    *(
        ("keda.sh", kind, f"spec/{way}/name", target)
        for kind in _AUTHENTICATION
        for way, target in (("secretTargetRef", _SECRET), ("configMapTargetRef", ("ConfigMap",)))
    ),
    *(
        (_MONITORING, kind, "spec/serviceAccountName", ("ServiceAccount",))
        for kind in ("Prometheus", "ThanosRuler")
    ),
    (_MONITORING, "Alertmanager", "spec/serviceAccountName", ("ServiceAccount",)),
    (_MONITORING, "Prometheus", "spec/alerting/alertmanagers", ("Service",)),
    (_MONITORING, "Prometheus", "spec/additionalScrapeConfigs", _SECRET),
    *(
        (_MONITORING, kind, f"{way}/{below}", kinds)
        for kind, way in _SCRAPED
        for below, kinds in _CREDENTIALS
    ),
    ("cert-manager.io", "Certificate", "spec/issuerRef", _ISSUER),
    *(
        ("cert-manager.io", "Certificate", f"spec/keystores/{kind}/passwordSecretRef", _SECRET)
        for kind in ("jks", "pkcs12")
    ),
    *(("cert-manager.io", kind, "spec/ca/secretName", _SECRET) for kind in _ISSUER),
    ("networking.k8s.io", "Ingress", r"metadata/annotations/cert-manager.io\/issuer", ("Issuer",)),
    (
        "networking.k8s.io",
        "Ingress",
        r"metadata/annotations/cert-manager.io\/cluster-issuer",
        ("ClusterIssuer",),
    ),
    ("external-secrets.io", "ExternalSecret", "spec/secretStoreRef", _STORE),
    ("external-secrets.io", "ExternalSecret", "spec/data/sourceRef/storeRef", _STORE),
    ("external-secrets.io", "ExternalSecret", "spec/dataFrom/sourceRef/storeRef", _STORE),
    ("external-secrets.io", "ClusterExternalSecret", "spec/externalSecretSpec/secretStoreRef", _STORE),
    ("external-secrets.io", "PushSecret", "spec/secretStoreRefs", _STORE),
    ("argoproj.io", "Application", "spec/project", ("AppProject",)),
    ("argoproj.io", "ApplicationSet", "spec/template/spec/project", ("AppProject",)),
    ("argoproj.io", "Rollout", "spec/workloadRef", ("Deployment",)),
    *(
        ("argoproj.io", "Rollout", f"spec/strategy/{way}", ("Service",))
        for way in (
            *("canary/stableService", "canary/canaryService"),
            *("blueGreen/activeService", "blueGreen/previewService"),
        )
    ),
    ("argoproj.io", "Rollout", "spec/strategy/canary/analysis/templates/templateName", ("AnalysisTemplate",)),
)
_FLUX: tuple[_Row, ...] = (
    ("kustomize.toolkit.fluxcd.io", "Kustomization", "spec/sourceRef", _SOURCES),
    ("kustomize.toolkit.fluxcd.io", "Kustomization", "spec/dependsOn", ("Kustomization",)),
    ("kustomize.toolkit.fluxcd.io", "Kustomization", "spec/postBuild/substituteFrom", _CA),
    ("kustomize.toolkit.fluxcd.io", "Kustomization", "spec/decryption/secretRef", _SECRET),
    ("kustomize.toolkit.fluxcd.io", "Kustomization", "spec/kubeConfig/secretRef", _SECRET),
    ("helm.toolkit.fluxcd.io", "HelmRelease", "spec/chart/spec/sourceRef", ("HelmRepository", *_SOURCES)),
    ("helm.toolkit.fluxcd.io", "HelmRelease", "spec/chartRef", ("OCIRepository", "HelmChart")),
    ("helm.toolkit.fluxcd.io", "HelmRelease", "spec/dependsOn", ("HelmRelease",)),
    ("helm.toolkit.fluxcd.io", "HelmRelease", "spec/valuesFrom", _CA),
    ("helm.toolkit.fluxcd.io", "HelmRelease", "spec/kubeConfig/secretRef", _SECRET),
    *((_FLUX_SOURCES, kind, "spec/secretRef", _SECRET) for kind in _SOURCES[:4]),
    (_FLUX_SOURCES, "HelmChart", "spec/sourceRef", ("HelmRepository", *_SOURCES)),
    (_NOTIFICATION, "Alert", "spec/providerRef", ("Provider",)),
    (_NOTIFICATION, "Provider", "spec/secretRef", _SECRET),
    (_NOTIFICATION, "Receiver", "spec/secretRef", _SECRET),
    ("image.toolkit.fluxcd.io", "ImagePolicy", "spec/imageRepositoryRef", ("ImageRepository",)),
    ("image.toolkit.fluxcd.io", "ImageRepository", "spec/secretRef", _SECRET),
    ("image.toolkit.fluxcd.io", "ImageUpdateAutomation", "spec/sourceRef", _SOURCES),
)
OTHERS: tuple[_Row, ...] = (
    *(*_STORAGE, *_OF_KUBERNETES, *_DEVICES, *_GROUPS_OF_PODS),
    *(*_GATEWAYS, *_OPERATORS, *_FLUX),
)
"""Group, kind, way, and what it names: the first kind is meant where none is said."""
