"""What a step's form works on: a draft, or a competition that is there already."""

from dataclasses import dataclass

from competitions.hosting import changing, drafts, proposals
from competitions.hosting.merging import Merged
from competitions.models import Competition, Draft
from podium.accounts.models import User


@dataclass
class DraftHolder:
    """A draft as forms see it."""

    draft: Draft
    is_draft = True

    @property
    def document(self) -> dict:
        return self.draft.document

    @property
    def revision(self) -> int:
        return self.draft.revision

    def texts(self) -> dict[str, str]:
        return drafts.texts_of(self.draft)

    def tables(self) -> dict[str, proposals.Table]:
        return proposals.tables_of(self.draft)

    def save(self, user: User, revision: int, values: dict, force: bool, step: str):
        """Save a form's values; drafts.Changed where somebody was faster."""
        self.draft, merged = drafts.save(
            draft=self.draft,
            user=user,
            revision=revision,
            values=values,
            step=step,
            force=force,
        )
        return merged


@dataclass
class CompetitionHolder:
    """A competition as the forms of what may still change see it."""

    competition: Competition
    is_draft = False

    def __post_init__(self):
        self.document = changing.document_of(self.competition)

    @property
    def revision(self) -> int:
        return self.competition.revision

    def texts(self) -> dict[str, str]:
        return changing.texts_of(self.competition)

    def save(self, user: User, revision: int, values: dict, force: bool, step: str):
        """Save a form's values; drafts.Changed where somebody was faster."""
        self.competition, merged = changing.save(
            competition=self.competition,
            user=user,
            revision=revision,
            values=values,
            force=force,
        )
        return merged


def taken_words(merged: Merged) -> str:
    """What somebody else changed meanwhile and what therefore stands, in a sentence."""
    if not merged.taken:
        return ""
    names = sorted({name for name, _ in merged.taken.values()})
    places = ", ".join(sorted(merged.taken))
    return f"{' and '.join(names)} changed {places} meanwhile; that stands."
