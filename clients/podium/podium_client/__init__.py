"""Checks credentials that a Podium installation signed, without a network."""

from podium_client.verifying import CODES, Outcome, verify

__all__ = ["CODES", "Outcome", "verify"]
__version__ = "0.1.0"
