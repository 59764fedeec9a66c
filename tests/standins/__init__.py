"""Servers that behave like a vendor's API, with state, limits, and faults on demand.

A stand-in is built from what the vendor documents and what others measured, never from our own client: it must be able
to prove us wrong. Each module here has `api(**wishes)`, which returns an empty, strict instance with the vendor's real
limits; `python -m tests.standins NAME --port N` starts it by hand on 127.0.0.1.
"""

from tests.standins.server import Api, Asked, Fault, Said, Standin, serving

__all__ = ["Api", "Asked", "Fault", "Said", "Standin", "serving"]
