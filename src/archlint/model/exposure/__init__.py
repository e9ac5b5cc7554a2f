"""What gateways make public: which paths their routes send to which service, and the contract of that."""

from archlint.model.exposure.providers import Provider, providers
from archlint.model.exposure.reach import outside_routes, servers_of
from archlint.model.exposure.routes import PathRoute, routes_of

__all__ = ["PathRoute", "Provider", "outside_routes", "providers", "routes_of", "servers_of"]
