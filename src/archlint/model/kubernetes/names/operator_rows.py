"""More rows of the table of names (``name_table``): the fields by which custom resources of operators that
many clusters have name other objects.

A line without indent is a group and its kinds. Below it stand what may be named (``*``: any kind that is said
beside the name) and the ways to the fields that name it, after what they begin with, which ends in a slash.
Left out is what an operator makes itself under the name that is said (``privateKeySecretRef`` of an issuer),
as there is nothing to find.

Sources: the API references of cert-manager, External Secrets, CloudNativePG, Strimzi, Cilium, Traefik,
Contour, Kong, Envoy Gateway, MetalLB, Velero, VolSync, the snapshot controller, Tekton, Crossplane, Kyverno,
Knative Eventing, Argo Events, the operators of Grafana, Prometheus, VictoriaMetrics, MariaDB and Dragonfly,
Linkerd and Flux.
"""

from __future__ import annotations

from collections.abc import Iterator

_ANY = "*"


def rows_of_operators() -> Iterator[tuple[str, str, str, tuple[str, ...]]]:
    """Group, kind, way, and what it names: the first kind is meant where none is said."""
    group, kinds = "", [""]
    for line in _TABLE.strip().split("\n"):
        first, *ways = line.split()
        if not line.startswith(" "):
            group, kinds = first, ways
            continue
        start = ways.pop(0) if ways[0].endswith("/") else ""
        targets = () if first == _ANY else tuple(first.split("|"))
        yield from ((group, kind, f"{start}{way}", targets) for kind in kinds for way in ways)


_TABLE = r"""
cert-manager.io Issuer ClusterIssuer
  Secret spec/ acme/externalAccountBinding/keySecretRef vault/caBundleSecretRef vault/clientCertSecretRef
  Secret spec/vault/ clientKeySecretRef auth/tokenSecretRef auth/appRole/secretRef auth/kubernetes/secretRef
  Secret spec/venafi/ tpp/credentialsRef cloud/apiTokenSecretRef
  Secret spec/acme/solvers/dns01/ acmeDNS/accountSecretRef akamai/clientTokenSecretRef
  Secret spec/acme/solvers/dns01/akamai/ clientSecretSecretRef accessTokenSecretRef
  Secret spec/acme/solvers/dns01/ azureDNS/clientSecretSecretRef cloudDNS/serviceAccountSecretRef
  Secret spec/acme/solvers/dns01/cloudflare/ apiTokenSecretRef apiKeySecretRef
  Secret spec/acme/solvers/dns01/ digitalocean/tokenSecretRef rfc2136/tsigSecretSecretRef
  Secret spec/acme/solvers/dns01/route53/ accessKeyIDSecretRef secretAccessKeySecretRef
  IngressClass spec/acme/solvers/http01/ingress/ingressClassName
  Gateway spec/acme/solvers/http01/gatewayHTTPRoute/parentRefs
  ServiceAccount spec/vault/auth/kubernetes/serviceAccountRef
cert-manager.io CertificateRequest
  Issuer|ClusterIssuer spec/issuerRef
trust.cert-manager.io Bundle
  Secret spec/sources/secret
  ConfigMap spec/sources/configMap
external-secrets.io SecretStore ClusterSecretStore
  Secret spec/provider/akeyless/authSecretRef/secretRef/ accessID accessTypeParam
  Secret spec/provider/aws/auth/secretRef/ accessKeyIDSecretRef secretAccessKeySecretRef
  Secret spec/provider/azurekv/authSecretRef/ clientId clientSecret
  Secret spec/provider/bitwardensecretsmanager/auth/secretRef/credentials
  Secret spec/provider/ doppler/auth/secretRef/dopplerToken gcpsm/auth/secretRef/secretAccessKeySecretRef
  Secret spec/provider/ gitlab/auth/SecretRef/accessToken infisical/auth/universalAuthCredentials/clientId
  Secret spec/provider/ infisical/auth/universalAuthCredentials/clientSecret kubernetes/auth/cert/clientCert
  Secret spec/provider/kubernetes/auth/ cert/clientKey token/bearerToken
  Secret spec/provider/onepassword/auth/secretRef/connectTokenSecretRef
  Secret spec/provider/ onepasswordSDK/auth/serviceAccountSecretRef vault/auth/tokenSecretRef
  Secret spec/provider/vault/auth/ appRole/secretRef kubernetes/secretRef ldap/secretRef jwt/secretRef
  Secret spec/provider/webhook/secrets/secretRef
  ServiceAccount spec/provider/ aws/auth/jwt/serviceAccountRef azurekv/serviceAccountRef
  ServiceAccount spec/provider/ gcpsm/auth/workloadIdentity/serviceAccountRef kubernetes/auth/serviceAccount
  ServiceAccount spec/provider/vault/auth/kubernetes/serviceAccountRef
external-secrets.io ExternalSecret
  Secret spec/target/template/templateFrom/secret
  ConfigMap spec/target/template/templateFrom/configMap
  * spec/ data/sourceRef/generatorRef dataFrom/sourceRef/generatorRef
external-secrets.io PushSecret
  Secret spec/selector/secret
postgresql.cnpg.io Cluster
  Secret spec/ superuserSecret bootstrap/initdb/secret bootstrap/recovery/secret certificates/serverCASecret
  Secret spec/certificates/ serverTLSSecret clientCASecret replicationTLSSecret
  Secret spec/ managed/roles/passwordSecret backup/barmanObjectStore/s3Credentials/accessKeyId
  Secret spec/backup/barmanObjectStore/s3Credentials/ secretAccessKey region sessionToken
  Secret spec/ backup/barmanObjectStore/endpointCA externalClusters/password externalClusters/sslKey
  Secret spec/externalClusters/ sslCert sslRootCert barmanObjectStore/s3Credentials/accessKeyId
  Secret spec/externalClusters/barmanObjectStore/s3Credentials/ secretAccessKey region sessionToken
  Secret spec/ bootstrap/initdb/postInitApplicationSQLRefs/secretRefs monitoring/customQueriesSecret
  Secret spec/imagePullSecrets
  ConfigMap spec/monitoring/customQueriesConfigMap
  ConfigMap spec/bootstrap/initdb/postInitApplicationSQLRefs/configMapRefs
  StorageClass spec/ storage/storageClass walStorage/storageClass tablespaces/storage/storageClass
  ImageCatalog|ClusterImageCatalog spec/imageCatalogRef
  ObjectStore spec/plugins/parameters/barmanObjectName
postgresql.cnpg.io Backup ScheduledBackup Pooler Database Publication Subscription
  Cluster spec/cluster
barmancloud.cnpg.io ObjectStore
  Secret spec/configuration/s3Credentials/ accessKeyId secretAccessKey region sessionToken
k8s.mariadb.com Database Grant Backup Restore
  MariaDB spec/mariaDbRef
k8s.mariadb.com User
  MariaDB spec/mariaDbRef
  Secret spec/passwordSecretKeyRef
k8s.mariadb.com MariaDB
  Secret spec/ passwordSecretKeyRef rootPasswordSecretKeyRef
dragonflydb.io Dragonfly
  Secret spec/authentication/passwordFromSecret
kafka.strimzi.io KafkaTopic KafkaNodePool KafkaRebalance
  Kafka metadata/labels/strimzi.io\/cluster
kafka.strimzi.io KafkaUser
  Kafka metadata/labels/strimzi.io\/cluster
  Secret spec/authentication/password/valueFrom/secretKeyRef
kafka.strimzi.io KafkaConnector
  KafkaConnect metadata/labels/strimzi.io\/cluster
kafka.strimzi.io Kafka
  Secret spec/kafka/listeners/configuration/brokerCertChainAndKey/secretName
  Secret spec/kafka/listeners/authentication/ tlsTrustedCertificates/secretName clientSecret/secretName
  ConfigMap spec/kafka/metricsConfig/valueFrom/configMapKeyRef
kafka.strimzi.io KafkaConnect
  Secret spec/ tls/trustedCertificates/secretName authentication/passwordSecret/secretName
  Secret spec/authentication/certificateAndKey/secretName
  ConfigMap spec/metricsConfig/valueFrom/configMapKeyRef
kafka.strimzi.io KafkaBridge
  Secret spec/ tls/trustedCertificates/secretName authentication/passwordSecret/secretName
  Secret spec/authentication/certificateAndKey/secretName
traefik.io IngressRoute
  Service|TraefikService spec/routes/services
  Middleware spec/routes/middlewares
  Secret spec/tls/secretName
  TLSOption spec/tls/options
  TLSStore spec/tls/store
traefik.io IngressRouteTCP
  Service spec/routes/services
  MiddlewareTCP spec/routes/middlewares
  Secret spec/tls/secretName
  TLSOption spec/tls/options
traefik.io IngressRouteUDP
  Service spec/routes/services
traefik.io Middleware
  Middleware spec/chain/middlewares
  Service|TraefikService spec/errors/service
  Secret spec/ basicAuth/secret digestAuth/secret forwardAuth/tls/caSecret forwardAuth/tls/certSecret
traefik.io TraefikService
  Service|TraefikService spec/ weighted/services mirroring mirroring/mirrors
traefik.io TLSOption
  Secret spec/clientAuth/secretNames
traefik.io TLSStore
  Secret spec/ defaultCertificate/secretName certificates/secretName
traefik.io ServersTransport
  Secret spec/ rootCAsSecrets certificatesSecrets
traefik.containo.us IngressRoute
  Service|TraefikService spec/routes/services
  Middleware spec/routes/middlewares
  Secret spec/tls/secretName
  TLSOption spec/tls/options
  TLSStore spec/tls/store
traefik.containo.us IngressRouteTCP
  Service spec/routes/services
  MiddlewareTCP spec/routes/middlewares
  Secret spec/tls/secretName
  TLSOption spec/tls/options
traefik.containo.us IngressRouteUDP
  Service spec/routes/services
traefik.containo.us Middleware
  Middleware spec/chain/middlewares
  Service|TraefikService spec/errors/service
  Secret spec/ basicAuth/secret digestAuth/secret forwardAuth/tls/caSecret forwardAuth/tls/certSecret
traefik.containo.us TraefikService
  Service|TraefikService spec/ weighted/services mirroring mirroring/mirrors
traefik.containo.us TLSOption
  Secret spec/clientAuth/secretNames
traefik.containo.us TLSStore
  Secret spec/ defaultCertificate/secretName certificates/secretName
traefik.containo.us ServersTransport
  Secret spec/ rootCAsSecrets certificatesSecrets
cilium.io CiliumBGPClusterConfig
  CiliumBGPPeerConfig spec/bgpInstances/peers/peerConfigRef
cilium.io CiliumBGPPeerConfig
  Secret spec/authSecretRef
cilium.io CiliumEnvoyConfig CiliumClusterwideEnvoyConfig
  Service spec/ services backendServices
cilium.io CiliumLocalRedirectPolicy
  Service spec/redirectFrontend/serviceMatcher/serviceName
metallb.io L2Advertisement
  IPAddressPool spec/ipAddressPools
metallb.io BGPAdvertisement
  IPAddressPool spec/ipAddressPools
  BGPPeer spec/peers
metallb.io BGPPeer
  BFDProfile spec/bfdProfile
  Secret spec/passwordSecret
projectcontour.io HTTPProxy
  Service spec/ routes/services tcpproxy/services
  HTTPProxy spec/includes
  Secret spec/virtualhost/tls/secretName
configuration.konghq.com KongConsumer
  Secret credentials
configuration.konghq.com KongPlugin
  Secret configFrom/secretKeyRef
k8s.nginx.org VirtualServer
  Service spec/upstreams/service
  Secret spec/tls/secret
gateway.envoyproxy.io BackendTrafficPolicy EnvoyExtensionPolicy EnvoyPatchPolicy
  * spec/ targetRef targetRefs
gateway.envoyproxy.io ClientTrafficPolicy
  * spec/ targetRef targetRefs
  Secret|ConfigMap spec/tls/clientValidation/caCertificateRefs
gateway.envoyproxy.io SecurityPolicy
  * spec/ targetRef targetRefs
  Secret spec/ basicAuth/users oidc/clientSecret apiKeyAuth/credentialRefs
  Service spec/extAuth/ http/backendRefs grpc/backendRefs
gateway.envoyproxy.io EnvoyProxy
  Secret spec/backendTLS/clientCertificateRef
  Service spec/telemetry/accessLog/settings/sinks/openTelemetry/backendRefs
  Service spec/telemetry/ metrics/sinks/openTelemetry/backendRefs tracing/provider/backendRefs
networking.gke.io GCPBackendPolicy GCPGatewayPolicy HealthCheckPolicy
  * spec/targetRef
kuadrant.io AuthPolicy RateLimitPolicy DNSPolicy
  * spec/targetRef
kuadrant.io TLSPolicy
  * spec/targetRef
  Issuer|ClusterIssuer spec/issuerRef
kyverno.io PolicyException
  ClusterPolicy spec/exceptions/policyName
snapshot.storage.k8s.io VolumeSnapshot
  VolumeSnapshotClass spec/volumeSnapshotClassName
  PersistentVolumeClaim spec/source/persistentVolumeClaimName
snapshot.storage.k8s.io VolumeSnapshotClass
  CSIDriver driver
  Secret parameters/csi.storage.k8s.io\/snapshotter-secret-name
  Secret parameters/csi.storage.k8s.io\/snapshotter-list-secret-name
groupsnapshot.storage.k8s.io VolumeGroupSnapshotClass
  CSIDriver driver
  Secret parameters/csi.storage.k8s.io\/group-snapshotter-secret-name
  Secret parameters/csi.storage.k8s.io\/group-snapshotter-list-secret-name
groupsnapshot.storage.k8s.io VolumeGroupSnapshot
  VolumeGroupSnapshotClass spec/volumeGroupSnapshotClassName
volsync.backube ReplicationSource
  Secret spec/ restic/repository rclone/rcloneConfig rsyncTLS/keySecret
  StorageClass spec/restic/ storageClassName cacheStorageClassName
  StorageClass spec/rclone/ storageClassName cacheStorageClassName
  StorageClass spec/rsyncTLS/ storageClassName cacheStorageClassName
  VolumeSnapshotClass spec/ restic/volumeSnapshotClassName rclone/volumeSnapshotClassName
  VolumeSnapshotClass spec/rsyncTLS/volumeSnapshotClassName
  ServiceAccount spec/ restic/moverServiceAccount rclone/moverServiceAccount rsyncTLS/moverServiceAccount
  ServiceAccount spec/syncthing/moverServiceAccount
  PersistentVolumeClaim spec/sourcePVC
volsync.backube ReplicationDestination
  Secret spec/ restic/repository rclone/rcloneConfig rsyncTLS/keySecret
  StorageClass spec/restic/ storageClassName cacheStorageClassName
  StorageClass spec/rclone/ storageClassName cacheStorageClassName
  StorageClass spec/rsyncTLS/ storageClassName cacheStorageClassName
  VolumeSnapshotClass spec/ restic/volumeSnapshotClassName rclone/volumeSnapshotClassName
  VolumeSnapshotClass spec/rsyncTLS/volumeSnapshotClassName
  ServiceAccount spec/ restic/moverServiceAccount rclone/moverServiceAccount rsyncTLS/moverServiceAccount
  ServiceAccount spec/syncthing/moverServiceAccount
  PersistentVolumeClaim spec/ restic/destinationPVC rclone/destinationPVC rsyncTLS/destinationPVC
velero.io BackupStorageLocation VolumeSnapshotLocation
  Secret spec/credential
velero.io Backup
  BackupStorageLocation spec/storageLocation
  VolumeSnapshotLocation spec/volumeSnapshotLocations
velero.io Schedule
  BackupStorageLocation spec/template/storageLocation
  VolumeSnapshotLocation spec/template/volumeSnapshotLocations
tekton.dev Pipeline
  Task|ClusterTask spec/ tasks/taskRef finally/taskRef
tekton.dev PipelineRun
  Pipeline spec/pipelineRef
  Secret spec/workspaces/secret/secretName
  ConfigMap spec/workspaces/configMap
  PersistentVolumeClaim spec/workspaces/persistentVolumeClaim/claimName
  ServiceAccount spec/ serviceAccountName taskRunTemplate/serviceAccountName
tekton.dev TaskRun
  Task|ClusterTask spec/taskRef
  Secret spec/workspaces/secret/secretName
  ConfigMap spec/workspaces/configMap
  PersistentVolumeClaim spec/workspaces/persistentVolumeClaim/claimName
  ServiceAccount spec/ serviceAccountName taskRunTemplate/serviceAccountName
triggers.tekton.dev EventListener
  ServiceAccount spec/serviceAccountName
  Trigger spec/triggers/triggerRef
  TriggerBinding|ClusterTriggerBinding spec/triggers/bindings/ref
  TriggerTemplate spec/triggers/template/ref
pkg.crossplane.io Provider Function
  Secret spec/packagePullSecrets
  DeploymentRuntimeConfig spec/runtimeConfigRef
pkg.crossplane.io Configuration
  Secret spec/packagePullSecrets
apiextensions.crossplane.io Composition
  Function spec/pipeline/functionRef
eventing.knative.dev Trigger
  Broker spec/broker
  * spec/ subscriber/ref delivery/deadLetterSink/ref
messaging.knative.dev Subscription
  * spec/ channel subscriber/ref reply/ref
sources.knative.dev PingSource ApiServerSource KafkaSource
  * spec/sink/ref
argoproj.io Sensor
  EventSource spec/dependencies/eventSourceName
monitoring.coreos.com AlertmanagerConfig
  Secret spec/receivers/pagerdutyConfigs/ routingKey serviceKey
  Secret spec/receivers/ slackConfigs/apiURL webhookConfigs/urlSecret opsgenieConfigs/apiKey
  Secret spec/receivers/ emailConfigs/authPassword telegramConfigs/botToken discordConfigs/apiURL
  Secret spec/receivers/pushoverConfigs/ userKey token
  Secret spec/receivers/ victoropsConfigs/apiKey wechatConfigs/apiSecret msteamsConfigs/webhookUrl
  Secret spec/receivers/webhookConfigs/httpConfig/basicAuth/ username password
  Secret spec/receivers/webhookConfigs/httpConfig/ authorization/credentials bearerTokenSecret
  Secret spec/receivers/webhookConfigs/httpConfig/tlsConfig/ ca/secret cert/secret keySecret
  Secret spec/receivers/webhookConfigs/httpConfig/oauth2/clientSecret
  Secret spec/receivers/pagerdutyConfigs/httpConfig/basicAuth/ username password
  Secret spec/receivers/pagerdutyConfigs/httpConfig/ authorization/credentials bearerTokenSecret
  Secret spec/receivers/pagerdutyConfigs/httpConfig/tlsConfig/ ca/secret cert/secret keySecret
  Secret spec/receivers/pagerdutyConfigs/httpConfig/oauth2/clientSecret
  Secret spec/receivers/slackConfigs/httpConfig/basicAuth/ username password
  Secret spec/receivers/slackConfigs/httpConfig/ authorization/credentials bearerTokenSecret
  Secret spec/receivers/slackConfigs/httpConfig/tlsConfig/ ca/secret cert/secret keySecret
  Secret spec/receivers/slackConfigs/httpConfig/oauth2/clientSecret
  Secret spec/receivers/opsgenieConfigs/httpConfig/basicAuth/ username password
  Secret spec/receivers/opsgenieConfigs/httpConfig/ authorization/credentials bearerTokenSecret
  Secret spec/receivers/opsgenieConfigs/httpConfig/tlsConfig/ ca/secret cert/secret keySecret
  Secret spec/receivers/opsgenieConfigs/httpConfig/oauth2/clientSecret
monitoring.coreos.com Alertmanager
  AlertmanagerConfig spec/alertmanagerConfiguration
  Secret spec/ configSecret secrets
  ConfigMap spec/configMaps
monitoring.coreos.com ThanosRuler
  Secret spec/ objectStorageConfig queryConfig alertmanagersConfig
operator.victoriametrics.com VMServiceScrape
  Secret spec/endpoints/basicAuth/ username password
  Secret spec/endpoints/ authorization/credentials bearerTokenSecret tlsConfig/ca/secret
  Secret spec/endpoints/tlsConfig/ cert/secret keySecret
  Secret spec/endpoints/oauth2/clientSecret
operator.victoriametrics.com VMPodScrape
  Secret spec/podMetricsEndpoints/basicAuth/ username password
  Secret spec/podMetricsEndpoints/ authorization/credentials bearerTokenSecret tlsConfig/ca/secret
  Secret spec/podMetricsEndpoints/tlsConfig/ cert/secret keySecret
  Secret spec/podMetricsEndpoints/oauth2/clientSecret
operator.victoriametrics.com VMUser
  * spec/targetRefs/crd
  Secret spec/passwordRef
grafana.integreatly.org Grafana
  Secret spec/external/ apiKey adminUser adminPassword
grafana.integreatly.org GrafanaDashboard
  Secret spec/ envFrom/secretKeyRef envs/valueFrom/secretKeyRef
  ConfigMap spec/ envFrom/configMapKeyRef envs/valueFrom/configMapKeyRef
  GrafanaFolder spec/folderRef
grafana.integreatly.org GrafanaAlertRuleGroup
  GrafanaFolder spec/folderRef
grafana.integreatly.org GrafanaFolder
  GrafanaFolder spec/parentFolderRef
grafana.integreatly.org GrafanaContactPoint
  Secret spec/valuesFrom/valueFrom/secretKeyRef
notification.toolkit.fluxcd.io Alert
  * spec/eventSources
notification.toolkit.fluxcd.io Receiver
  * spec/resources
notification.toolkit.fluxcd.io Provider
  Secret spec/ certSecretRef proxySecretRef
source.toolkit.fluxcd.io GitRepository
  Secret spec/ proxySecretRef verify/secretRef
source.toolkit.fluxcd.io OCIRepository
  Secret spec/ proxySecretRef certSecretRef verify/secretRef
source.toolkit.fluxcd.io Bucket
  Secret spec/ proxySecretRef certSecretRef
source.toolkit.fluxcd.io HelmRepository
  Secret spec/certSecretRef
image.toolkit.fluxcd.io ImageRepository
  Secret spec/certSecretRef
policy.linkerd.io AuthorizationPolicy
  * spec/ targetRef requiredAuthenticationRefs
policy.linkerd.io HTTPRoute GRPCRoute
  * spec/parentRefs
policy.linkerd.io ServerAuthorization
  Server spec/server
policy.linkerd.io MeshTLSAuthentication
  * spec/identityRefs
fluxcd.controlplane.io FluxInstance
  Secret spec/sync/pullSecret
fluxcd.controlplane.io ResourceSet
  ResourceSetInputProvider spec/inputsFrom
fluxcd.controlplane.io ResourceSetInputProvider
  Secret spec/ secretRef certSecretRef
"""
