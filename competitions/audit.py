"""Writing down what staff read that only hosts may see."""

from competitions.models import AuditEntry, Competition


def reading(
    user, competition: Competition, action: str, target: object = "", **detail
) -> None:
    """Note that somebody read as a host does; hosts themselves are not noted."""
    if user.is_staff and competition.host_id != user.pk:
        AuditEntry.objects.create(
            actor=user,
            competition=competition,
            action=action,
            target=str(target or competition.slug),
            detail=detail,
        )
