"""The rows around which everything turns; docs/data-model.md tells them as a whole."""

from competitions.models.audit import AuditEntry
from competitions.models.competition import (
    Competition,
    HiddenTestSet,
    RulesVersion,
    SourceFile,
)
from competitions.models.leaderboard import LeaderboardEntry
from competitions.models.quota import QuotaEntry
from competitions.models.scores import Predictions, Score, Split
from competitions.models.submission import Submission
from competitions.models.team import Membership, Team

__all__ = [
    "AuditEntry",
    "Competition",
    "HiddenTestSet",
    "LeaderboardEntry",
    "Membership",
    "Predictions",
    "QuotaEntry",
    "RulesVersion",
    "Score",
    "SourceFile",
    "Split",
    "Submission",
    "Team",
]
