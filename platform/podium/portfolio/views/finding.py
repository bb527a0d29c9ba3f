"""Finding a person or a project by its address; 404 for what one may not see."""

from django.core.exceptions import PermissionDenied
from django.http import Http404

from podium.accounts.models import User
from podium.portfolio.models import Project, ShareLink

KEYS = "shared_projects"  # in the session: keys of links that were opened


def find_person(request, username: str) -> User:
    """Somebody with an account, whose profile this visitor may see."""
    person = User.objects.filter(username__iexact=username, is_active=True).first()
    if person is None or not may_see(request.user, person):
        raise Http404("Nobody of this name.")
    return person


def may_see(visitor, person: User) -> bool:
    """Whether a profile is shown to a visitor: hidden ones to their user and staff."""
    return person.hidden_at is None or visitor == person or visitor.is_staff


def find_project(request, username: str, slug: str) -> Project:
    """A project that this visitor may open, by themselves or by a link they hold."""
    open_to_them = Project.objects.visible_to(request.user)
    if keys := request.session.get(KEYS):
        links = ShareLink.objects.live().filter(key__in=keys)
        open_to_them |= Project.objects.filter(pk__in=links.values("project"))
    project = (
        open_to_them.select_related("owner", "cover")
        .filter(owner__username__iexact=username, slug=slug)
        .first()
    )
    if project is None:
        raise Http404("No project of this name.")
    return project


def find_own(request, username: str, slug: str) -> Project:
    """One's own project; 403 for others who see it, as there is nothing to hide."""
    project = find_project(request, username, slug)
    if project.owner_id != request.user.pk:
        raise PermissionDenied("The project is somebody else's.")
    return project
