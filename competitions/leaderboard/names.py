"""What teams are called on a board: their name, or none where the host hides names."""

import base64
import hmac
from hashlib import sha256

from django.conf import settings

from competitions.models import Competition, Team


def name_of(competition: Competition, team: Team, *, may_know: bool) -> str:
    """A team's name, or what stands for it and tells nothing of it."""
    if not competition.anonymous or may_know or team.is_baseline:
        return team.name
    key = f"podium team names {settings.SECRET_KEY}".encode()
    digest = hmac.new(key, f"{competition.pk}:{team.pk}".encode(), sha256).digest()
    return f"Team {base64.b32encode(digest)[:6].decode()}"
