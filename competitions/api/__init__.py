"""Competitions below /api/v1/: the same services as the pages, in JSON."""
