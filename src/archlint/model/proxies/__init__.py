"""Configuration files of proxies, gateways and collectors: where they send what they are sent."""
