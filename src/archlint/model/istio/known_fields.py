"""The fields of Istio's objects below ``spec``, and the words that some of them take.

Source: Istio's reference of its configuration and the definitions of its kinds, as of November 2026. What is
written by other programs in any form (filters of Envoy, settings of plugins) is left out.
"""

from __future__ import annotations

from functools import cache

_ROWS = """\
DestinationRule . exportTo host subsets trafficPolicy workloadSelector
DestinationRule subsets/* labels name trafficPolicy
DestinationRule trafficPolicy connectionPool loadBalancer outlierDetection portLevelSettings
  proxyProtocol retryBudget tls tunnel
DestinationRule trafficPolicy/connectionPool http tcp
DestinationRule trafficPolicy/connectionPool/http h2UpgradePolicy http1MaxPendingRequests
  http2KeepAlive http2MaxRequests idleTimeout maxConcurrentStreams maxRequestsPerConnection maxRetries
  useClientProtocol
DestinationRule trafficPolicy/connectionPool/http/http2KeepAlive interval timeout
DestinationRule trafficPolicy/connectionPool/tcp connectTimeout idleTimeout maxConnectionDuration
  maxConnections tcpKeepalive
DestinationRule trafficPolicy/connectionPool/tcp/tcpKeepalive interval probes time
DestinationRule trafficPolicy/loadBalancer backendUtilization consistentHash localityLbSetting
  simple warmup warmupDurationSecs zoneAwareLbSetting
DestinationRule trafficPolicy/loadBalancer/backendUtilization errorUtilizationPenaltyPercent
  metricNamesForComputingUtilization weightExpirationPeriod weightStabilizationPeriod
  weightUpdatePeriod
DestinationRule trafficPolicy/loadBalancer/consistentHash httpCookie httpHeaderName
  httpQueryParameterName maglev minimumRingSize ringHash useSourceIp
DestinationRule trafficPolicy/loadBalancer/consistentHash/httpCookie attributes name path ttl
DestinationRule trafficPolicy/loadBalancer/consistentHash/maglev tableSize
DestinationRule trafficPolicy/loadBalancer/consistentHash/ringHash minimumRingSize
DestinationRule trafficPolicy/loadBalancer/localityLbSetting distribute enabled failover
  failoverPriority
DestinationRule trafficPolicy/loadBalancer/warmup aggression duration minimumPercent
DestinationRule trafficPolicy/loadBalancer/zoneAwareLbSetting enabled failover failoverPriority
  minClusterSize
DestinationRule trafficPolicy/outlierDetection baseEjectionTime consecutive5xxErrors
  consecutiveErrors consecutiveGatewayErrors consecutiveLocalOriginFailures interval
  maxEjectionPercent minHealthPercent outlierDetectionHttpErrorCodes splitExternalLocalOriginErrors
DestinationRule trafficPolicy/proxyProtocol version
DestinationRule trafficPolicy/retryBudget budgetInterval minRetryConcurrency percent
DestinationRule trafficPolicy/tls caCertificates caCrl clientCertificate credentialName
  insecureSkipVerify mode privateKey sni subjectAltNames
DestinationRule trafficPolicy/tunnel protocol targetHost targetPort
DestinationRule workloadSelector matchLabels
Gateway . selector servers
Gateway servers/* bind defaultEndpoint hosts name port tls
Gateway servers/*/port name number protocol targetPort
Gateway servers/*/tls caCertCredentialName caCertificates caCrl cipherSuites credentialName
  credentialNames ecdhCurves httpsRedirect insecureSkipVerify maxProtocolVersion minProtocolVersion
  mode privateKey serverCertificate subjectAltNames tlsCertificates verifyCertificateHash
  verifyCertificateSpki
ServiceEntry . addresses endpoints exportTo hosts location ports resolution subjectAltNames
  workloadSelector
ServiceEntry endpoints/* address labels locality network ports serviceAccount weight
ServiceEntry ports/* name number protocol targetPort
ServiceEntry workloadSelector labels
Sidecar . egress inboundConnectionPool ingress outboundTrafficPolicy workloadSelector
Sidecar egress/* bind captureMode hosts port
Sidecar egress/*/port name number protocol targetPort
Sidecar ingress/* bind captureMode connectionPool defaultEndpoint port tls
Sidecar ingress/*/port name number protocol targetPort
Sidecar ingress/*/tls caCertCredentialName caCertificates caCrl cipherSuites credentialName
  credentialNames ecdhCurves httpsRedirect insecureSkipVerify maxProtocolVersion minProtocolVersion
  mode privateKey serverCertificate subjectAltNames tlsCertificates verifyCertificateHash
  verifyCertificateSpki
Sidecar outboundTrafficPolicy egressProxy mode
Sidecar outboundTrafficPolicy/egressProxy host port subset
Sidecar outboundTrafficPolicy/egressProxy/port number
Sidecar workloadSelector labels
VirtualService . exportTo gateways hosts http tcp tls
VirtualService http/* corsPolicy delegate directResponse fault headers match mirror mirrorPercent
  mirrorPercentage mirror_percent mirrors name redirect retries rewrite route timeout
VirtualService http/*/corsPolicy allowCredentials allowHeaders allowMethods allowOrigin allowOrigins
  exposeHeaders maxAge unmatchedPreflights
VirtualService http/*/corsPolicy/allowOrigins/* exact prefix regex
VirtualService http/*/delegate name namespace
VirtualService http/*/directResponse body status
VirtualService http/*/directResponse/body bytes string
VirtualService http/*/fault abort delay
VirtualService http/*/fault/abort grpcStatus http2Error httpStatus percentage
VirtualService http/*/fault/abort/percentage value
VirtualService http/*/fault/delay exponentialDelay fixedDelay percent percentage
VirtualService http/*/fault/delay/percentage value
VirtualService http/*/headers request response
VirtualService http/*/headers/request add remove set
VirtualService http/*/headers/response add remove set
VirtualService http/*/match/* authority gateways headers ignoreUriCase method name port queryParams
  scheme sourceLabels sourceNamespace statPrefix uri withoutHeaders
VirtualService http/*/match/*/authority exact prefix regex
VirtualService http/*/match/*/method exact prefix regex
VirtualService http/*/match/*/scheme exact prefix regex
VirtualService http/*/match/*/uri exact prefix regex
VirtualService http/*/mirror host port subset
VirtualService http/*/mirror/port number
VirtualService http/*/mirrorPercentage value
VirtualService http/*/mirrors/* destination percentage
VirtualService http/*/mirrors/*/destination host port subset
VirtualService http/*/mirrors/*/percentage value
VirtualService http/*/redirect authority derivePort port prefixRewrite redirectCode scheme uri
VirtualService http/*/retries attempts backoff perTryTimeout retryIgnorePreviousHosts retryOn
  retryRemoteLocalities
VirtualService http/*/rewrite authority uri uriRegexRewrite
VirtualService http/*/rewrite/uriRegexRewrite match rewrite
VirtualService http/*/route/* destination headers weight
VirtualService http/*/route/*/destination host port subset
VirtualService http/*/route/*/headers request response
VirtualService tcp/* match route
VirtualService tcp/*/match/* destinationSubnets gateways port sourceLabels sourceNamespace
  sourceSubnet
VirtualService tcp/*/route/* destination weight
VirtualService tcp/*/route/*/destination host port subset
VirtualService tls/* match route
VirtualService tls/*/match/* destinationSubnets gateways port sniHosts sourceLabels sourceNamespace
VirtualService tls/*/route/* destination weight
VirtualService tls/*/route/*/destination host port subset
WorkloadEntry . address labels locality network ports serviceAccount weight
WorkloadGroup . metadata probe template
WorkloadGroup metadata annotations labels
WorkloadGroup probe exec failureThreshold grpc httpGet initialDelaySeconds periodSeconds
  successThreshold tcpSocket timeoutSeconds
WorkloadGroup probe/exec command
WorkloadGroup probe/grpc port service
WorkloadGroup probe/httpGet host httpHeaders path port scheme
WorkloadGroup probe/tcpSocket host port
WorkloadGroup template address labels locality network ports serviceAccount weight
AuthorizationPolicy . action provider rules selector targetRef targetRefs
AuthorizationPolicy provider name
AuthorizationPolicy rules/* from to when
AuthorizationPolicy rules/*/from/* source
AuthorizationPolicy rules/*/from/*/source ipBlocks namespaces notIpBlocks notNamespaces
  notPrincipals notRemoteIpBlocks notRequestPrincipals notServiceAccounts notTrustDomains principals
  remoteIpBlocks requestPrincipals serviceAccounts trustDomains
AuthorizationPolicy rules/*/to/* operation
AuthorizationPolicy rules/*/to/*/operation hosts methods notHosts notMethods notPaths notPorts paths
  ports
AuthorizationPolicy rules/*/when/* key notValues values
AuthorizationPolicy selector matchLabels
AuthorizationPolicy targetRef group kind name namespace
AuthorizationPolicy targetRefs/* group kind name namespace
PeerAuthentication . mtls portLevelMtls selector
PeerAuthentication mtls mode
PeerAuthentication selector matchLabels
RequestAuthentication . jwtRules selector targetRef targetRefs
RequestAuthentication jwtRules/* audiences forwardOriginalToken fromCookies fromHeaders fromParams
  issuer jwks jwksUri jwks_uri outputClaimToHeaders outputPayloadToHeader presence
  spaceDelimitedClaims timeout
RequestAuthentication jwtRules/*/fromHeaders/* name prefix
RequestAuthentication jwtRules/*/outputClaimToHeaders/* claim header
RequestAuthentication selector matchLabels
RequestAuthentication targetRef group kind name namespace
RequestAuthentication targetRefs/* group kind name namespace
Telemetry . accessLogging metrics selector targetRef targetRefs tracing
Telemetry accessLogging/* disabled filter match providers
Telemetry accessLogging/*/filter expression
Telemetry accessLogging/*/match mode
Telemetry metrics/* overrides providers reportingInterval
Telemetry selector matchLabels
Telemetry targetRef group kind name namespace
Telemetry targetRefs/* group kind name namespace
Telemetry tracing/* customTags disableContextPropagation disableSpanReporting enableIstioTags match
  providers randomSamplingPercentage useRequestIdForTraceSampling
Telemetry tracing/*/match mode"""
"""Kind, way (``.`` for the spec itself, ``*`` for each item of a list) and fields; a line that begins with
blanks goes on with the one before."""
_WORDS = """\
DestinationRule trafficPolicy/connectionPool/http/h2UpgradePolicy DEFAULT DO_NOT_UPGRADE UPGRADE
DestinationRule trafficPolicy/loadBalancer/simple UNSPECIFIED LEAST_CONN RANDOM PASSTHROUGH ROUND_ROBIN
  LEAST_REQUEST
DestinationRule trafficPolicy/proxyProtocol/version V1 V2
DestinationRule trafficPolicy/tls/mode DISABLE SIMPLE MUTUAL ISTIO_MUTUAL
EnvoyFilter configPatches/*/applyTo LISTENER FILTER_CHAIN NETWORK_FILTER HTTP_FILTER ROUTE_CONFIGURATION
  VIRTUAL_HOST HTTP_ROUTE CLUSTER EXTENSION_CONFIG BOOTSTRAP LISTENER_FILTER
EnvoyFilter configPatches/*/match/context ANY SIDECAR_INBOUND SIDECAR_OUTBOUND GATEWAY WAYPOINT
EnvoyFilter configPatches/*/patch/filterClass UNSPECIFIED AUTHN AUTHZ STATS
EnvoyFilter configPatches/*/patch/operation MERGE ADD REMOVE INSERT_BEFORE INSERT_AFTER INSERT_FIRST REPLACE
  MERGE_AND_REPLACE_LIST
Gateway servers/*/tls/maxProtocolVersion TLS_AUTO TLSV1_0 TLSV1_1 TLSV1_2 TLSV1_3
Gateway servers/*/tls/minProtocolVersion TLS_AUTO TLSV1_0 TLSV1_1 TLSV1_2 TLSV1_3
Gateway servers/*/tls/mode PASSTHROUGH SIMPLE MUTUAL AUTO_PASSTHROUGH ISTIO_MUTUAL OPTIONAL_MUTUAL
ServiceEntry location MESH_EXTERNAL MESH_INTERNAL
ServiceEntry resolution NONE STATIC DNS DNS_ROUND_ROBIN DYNAMIC_DNS
Sidecar egress/*/captureMode DEFAULT IPTABLES NONE
Sidecar ingress/*/captureMode DEFAULT IPTABLES NONE
Sidecar outboundTrafficPolicy/mode REGISTRY_ONLY ALLOW_ANY
VirtualService http/*/corsPolicy/unmatchedPreflights UNSPECIFIED FORWARD IGNORE
VirtualService http/*/redirect/derivePort FROM_PROTOCOL_DEFAULT FROM_REQUEST_PORT
AuthorizationPolicy action ALLOW DENY AUDIT CUSTOM
PeerAuthentication mtls/mode UNSET DISABLE PERMISSIVE STRICT
Telemetry accessLogging/*/match/mode CLIENT_AND_SERVER CLIENT SERVER
Telemetry tracing/*/match/mode CLIENT_AND_SERVER CLIENT SERVER
WasmPlugin failStrategy FAIL_CLOSE FAIL_OPEN FAIL_RELOAD
WasmPlugin imagePullPolicy UNSPECIFIED_POLICY IfNotPresent Always
WasmPlugin phase UNSPECIFIED_PHASE AUTHN AUTHZ STATS
WasmPlugin type UNSPECIFIED_PLUGIN_TYPE HTTP NETWORK"""
"""Kind, way and words, written as the fields are."""
Table = dict[str, dict[str, tuple[str, ...]]]
"""By kind and way."""


def _read(text: str) -> Table:
    found: Table = {}
    for line in text.replace("\n  ", " ").split("\n"):
        kind, way, *names = line.split()
        found.setdefault(kind, {})["" if way == "." else way] = tuple(names)
    return found


@cache
def known_fields() -> Table:
    """The fields of maps."""
    return _with_policies(_read(_ROWS))


@cache
def known_words() -> Table:
    """The words that fields take."""
    return _with_policies(_read(_WORDS))


def _with_policies(table: Table) -> Table:
    """The same for the policies of subsets, and of ports, as for those of the whole."""
    rules = table["DestinationRule"]
    policies = {way: names for way, names in rules.items() if way.startswith("trafficPolicy")}
    for way, names in policies.items():
        rules[f"subsets/*/{way}"] = names
        inner = way.partition("/")[2]
        if inner:
            rules[f"trafficPolicy/portLevelSettings/*/{inner}"] = names
            rules[f"subsets/*/trafficPolicy/portLevelSettings/*/{inner}"] = names
    return table
