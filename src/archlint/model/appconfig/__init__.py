"""Configuration files of applications, read for the addresses that they connect to."""
