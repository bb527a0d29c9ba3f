"""The rows around which everything turns; docs/data-model.md tells them as a whole."""

from competitions.models.audit import AuditEntry
from competitions.models.check import Check, PublicSample
from competitions.models.competition import (
    Competition,
    HiddenTestSet,
    RulesVersion,
    SourceFile,
)
from competitions.models.entry import Admission, AllowedAddress
from competitions.models.hosting import Draft, DraftFile, HostNews, HostReport
from competitions.models.leaderboard import (
    Board,
    BoardBlock,
    LeaderboardEntry,
    RankMark,
)
from competitions.models.quota import QuotaEntry
from competitions.models.scores import Predictions, Replicates, Score, Split
from competitions.models.submission import Submission
from competitions.models.team import Membership, Team
from competitions.models.teaming import Asked, MergeProposal, TeamInvitation
from competitions.models.worker import Worker

__all__ = [
    "Admission",
    "AllowedAddress",
    "Asked",
    "AuditEntry",
    "Board",
    "BoardBlock",
    "Check",
    "Competition",
    "Draft",
    "DraftFile",
    "HiddenTestSet",
    "HostNews",
    "HostReport",
    "LeaderboardEntry",
    "Membership",
    "MergeProposal",
    "Predictions",
    "PublicSample",
    "QuotaEntry",
    "RankMark",
    "Replicates",
    "RulesVersion",
    "Score",
    "SourceFile",
    "Split",
    "Submission",
    "Team",
    "TeamInvitation",
    "Worker",
]
