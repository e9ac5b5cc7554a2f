"""Gateways, routes and policies of the Gateway API, as a controller reads them and tells in their status."""
