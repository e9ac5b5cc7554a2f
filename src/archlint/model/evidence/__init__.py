"""Evidence of how a service is used: recorded traffic, collections of requests, consumers' contracts.

A kind of evidence is a module here that reads it: each gives ``Exchange``s, whatever its files look like.
"""
