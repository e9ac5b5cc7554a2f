"""The types of the elements of contracts as Redocly calls them, and where each type stands below another.

A line is a type with its members that have types themselves, in the order in which Redocly goes through them;
``*`` stands for all other members, ``/`` for those that begin so, ``200`` for status codes, ``[]`` for the
elements of a list and ``x-`` for extensions.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from archlint.finding.records import dataclass
from archlint.finding.regex import regex

EXTENSION = "SpecExtension"
ANY = "any"
_STATUS = regex(r"[0-9][0-9Xx]{2}\Z")

_COMMON = """
Tag externalDocs:ExternalDocs x-
TagList []:Tag
TagGroups []:TagGroup
TagGroup
ExternalDocs x-
SecurityRequirement
SecurityRequirementList []:SecurityRequirement
Contact x-
License x-
Logo
Paths /:PathItem x-
ParameterList []:Parameter
Responses default:Response 200:Response x-
XCodeSample
XCodeSampleList []:XCodeSample
Xml x-
SchemaList []:Schema
NamedSchemas *:Schema
NamedResponses *:Response
NamedParameters *:Parameter
NamedSecuritySchemes *:SecurityScheme
ExamplesMap *:Example
Example x-
EnumDescriptions
SchemaProperties *:Schema
SpecExtension
"""
_OPERATIONS = "get put post delete options head patch"
_OAS2 = (
    _COMMON
    + f"""
Root info:Info paths:Paths definitions:NamedSchemas parameters:NamedParameters responses:NamedResponses \
securityDefinitions:NamedSecuritySchemes security:SecurityRequirementList tags:TagList \
externalDocs:ExternalDocs x-servers:XServerList x-tagGroups:TagGroups x-
Info contact:Contact license:License x-logo:Logo x-
PathItem parameters:ParameterList {" ".join(f"{name}:Operation" for name in _OPERATIONS.split())} x-
Operation externalDocs:ExternalDocs parameters:ParameterList responses:Responses \
security:SecurityRequirementList x-codeSamples:XCodeSampleList x-code-samples:XCodeSampleList x-
Parameter schema:Schema items:ParameterItems x-examples:ExamplesMap x-
ParameterItems items:ParameterItems x-
Response schema:Schema headers:HeaderMap examples:Examples x-
HeaderMap *:Header
Examples
Header items:ParameterItems x-
Schema items:Schema allOf:SchemaList properties:SchemaProperties additionalProperties:Schema xml:Xml \
externalDocs:ExternalDocs x-enumDescriptions:EnumDescriptions x-
SecurityScheme scopes:Scopes x-
Scopes x-
XServerList []:XServer
XServer
"""
)
_OAS3 = (
    _COMMON
    + f"""
Root info:Info servers:ServerList security:SecurityRequirementList tags:TagList externalDocs:ExternalDocs \
paths:Paths components:Components x-webhooks:WebhooksMap x-tagGroups:TagGroups x-
Server variables:ServerVariablesMap x-
ServerList []:Server
ServerVariable x-
ServerVariablesMap *:ServerVariable
Info contact:Contact license:License x-logo:Logo x-
WebhooksMap *:PathItem
PathItem servers:ServerList parameters:ParameterList \
{" ".join(f"{name}:Operation" for name in _OPERATIONS.split())} trace:Operation x-query:Operation x-
Parameter schema:Schema examples:ExamplesMap content:MediaTypesMap x-
Operation externalDocs:ExternalDocs parameters:ParameterList security:SecurityRequirementList \
servers:ServerList requestBody:RequestBody responses:Responses callbacks:CallbacksMap \
x-codeSamples:XCodeSampleList x-code-samples:XCodeSampleList x-
Callback *:PathItem x-
CallbacksMap *:Callback
RequestBody content:MediaTypesMap x-
MediaTypesMap *:MediaType
MediaType schema:Schema examples:ExamplesMap encoding:EncodingMap x-
Encoding headers:HeadersMap x-
EncodingMap *:Encoding
Header schema:Schema examples:ExamplesMap content:MediaTypesMap x-
HeadersMap *:Header
Response headers:HeadersMap content:MediaTypesMap links:LinksMap x-
Link server:Server x-
LinksMap *:Link
Schema externalDocs:ExternalDocs discriminator:Discriminator allOf:AllOf anyOf:AnyOf oneOf:OneOf not:Schema \
properties:SchemaProperties items:Schema additionalProperties:Schema xml:Xml x-
AllOf []:Schema
AnyOf []:Schema
OneOf []:Schema
DiscriminatorMapping
Discriminator mapping:DiscriminatorMapping x-
Components parameters:NamedParameters schemas:NamedSchemas responses:NamedResponses examples:NamedExamples \
requestBodies:NamedRequestBodies headers:NamedHeaders securitySchemes:NamedSecuritySchemes links:NamedLinks \
callbacks:NamedCallbacks x-
NamedExamples *:Example
NamedRequestBodies *:RequestBody
NamedHeaders *:Header
NamedLinks *:Link
NamedCallbacks *:Callback
ImplicitFlow x-
PasswordFlow x-
ClientCredentials x-
AuthorizationCode x-usePkce:XUsePkce x-
XUsePkce
OAuth2Flows implicit:ImplicitFlow password:PasswordFlow clientCredentials:ClientCredentials \
authorizationCode:AuthorizationCode x-
SecurityScheme flows:OAuth2Flows x-
"""
)
_OAS3_1 = (
    _OAS3
    + """
Root info:Info servers:ServerList security:SecurityRequirementList tags:TagList externalDocs:ExternalDocs \
paths:Paths webhooks:WebhooksMap components:Components x-
Components parameters:NamedParameters schemas:NamedSchemas responses:NamedResponses examples:NamedExamples \
requestBodies:NamedRequestBodies headers:NamedHeaders securitySchemes:NamedSecuritySchemes links:NamedLinks \
callbacks:NamedCallbacks pathItems:NamedPathItems x-
NamedPathItems *:PathItem
Schema definitions:NamedSchemas $defs:NamedSchemas externalDocs:ExternalDocs discriminator:Discriminator \
allOf:AllOf anyOf:AnyOf oneOf:OneOf not:Schema if:Schema then:Schema else:Schema \
dependentSchemas:SchemaMap dependentRequired:DependentRequired prefixItems:SchemaList contains:Schema \
patternProperties:PatternProperties propertyNames:Schema unevaluatedItems:Schema \
unevaluatedProperties:Schema properties:SchemaProperties items:Schema additionalProperties:Schema \
contentSchema:Schema xml:Xml x-
SchemaMap *:Schema
PatternProperties *:Schema
DependentRequired
"""
)
_OAS3_2 = (
    _OAS3_1
    + f"""
PathItem servers:ServerList parameters:ParameterList \
{" ".join(f"{name}:Operation" for name in _OPERATIONS.split())} trace:Operation x-query:Operation \
query:Operation additionalOperations:OperationMap x-
OperationMap *:Operation
MediaType schema:Schema examples:ExamplesMap encoding:EncodingMap itemSchema:Schema \
prefixEncoding:EncodingList itemEncoding:Encoding x-
Encoding headers:HeadersMap encoding:EncodingMap prefixEncoding:EncodingList itemEncoding:Encoding x-
EncodingList []:Encoding
OAuth2Flows implicit:ImplicitFlow password:PasswordFlow clientCredentials:ClientCredentials \
authorizationCode:AuthorizationCode deviceAuthorization:DeviceAuthorization x-
DeviceAuthorization x-
Components parameters:NamedParameters schemas:NamedSchemas responses:NamedResponses examples:NamedExamples \
requestBodies:NamedRequestBodies headers:NamedHeaders securitySchemes:NamedSecuritySchemes links:NamedLinks \
callbacks:NamedCallbacks pathItems:NamedPathItems mediaTypes:MediaTypesMap x-
"""
)
_SPECS = {"oas2": _OAS2, "oas3_0": _OAS3, "oas3_1": _OAS3_1, "oas3_2": _OAS3_2}
SPECS = tuple(_SPECS)
"""The formats of contracts, as keys of Redocly's configuration begin."""


@dataclass(frozen=True, slots=True)
class ElementType:
    """What stands below elements of a type."""

    name: str
    members: Mapping[str, str]
    others: str | None = None
    paths: str | None = None
    statuses: str | None = None
    items: str | None = None
    has_extensions: bool = False

    def below(self, key: str) -> str | None:
        """The type of a member."""
        known = self.members.get(key) or self.others
        if known is None and self.paths is not None and key.startswith("/"):
            known = self.paths
        if known is None and self.statuses is not None and _STATUS.match(key):
            known = self.statuses
        return known or (EXTENSION if self.has_extensions and key.startswith("x-") else None)


@cache
def types_of(spec: str) -> Mapping[str, ElementType]:
    """The types of a format, by name."""
    found: dict[str, ElementType] = {}
    for line in filter(None, _SPECS[spec].splitlines()):
        name, *words = line.split()
        below = dict(word.rsplit(":", 1) for word in words if word != "x-")
        found[name] = ElementType(
            name,
            {key: of for key, of in below.items() if key not in ("*", "/", "200", "[]")},
            below.get("*"),
            below.get("/"),
            below.get("200"),
            below.get("[]"),
            "x-" in words,
        )
    return found


def spec_of(data: object) -> str | None:
    """The format of a contract; ``None`` for what is none that has types here."""
    if not isinstance(data, dict):
        return None
    if str(data.get("swagger")) == "2.0":
        return "oas2"
    major, _, rest = str(data.get("openapi", "")).partition(".")
    spec = f"oas{major}_{rest.partition('.')[0]}"
    return spec if spec in _SPECS else None
