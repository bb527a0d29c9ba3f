"""People and their projects by REST; the services are those of the pages."""

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.permissions import AllowAny, IsAuthenticatedOrReadOnly
from rest_framework.response import Response

from podium.common.api import ApiView
from podium.common.errors import NotAllowed
from podium.datasets.models import Dataset
from podium.portfolio import gallery, results, resume, services
from podium.portfolio.models import Project
from podium.portfolio.serializers import (
    NewProjectSerializer,
    PersonSerializer,
    ProjectChangeSerializer,
    ProjectSerializer,
    ResultSerializer,
    WholeProjectSerializer,
)
from podium.portfolio.views.finding import find_person, find_project


def _text(name: str, about: str) -> OpenApiParameter:
    return OpenApiParameter(name, OpenApiTypes.STR, description=about)


class Person(ApiView, RetrieveAPIView):
    """Somebody's profile."""

    permission_classes = [AllowAny]
    serializer_class = PersonSerializer

    def get_object(self):
        return find_person(self.request, self.kwargs["username"])


class PersonResults(ApiView, ListAPIView):
    """Somebody's lines on public boards, the newest first."""

    permission_classes = [AllowAny]
    serializer_class = ResultSerializer
    ordering = results.ORDER

    def get_queryset(self):
        person = find_person(self.request, self.kwargs["username"])
        return results.with_names(results.entries_of(person, self.request.user))


class PersonProjects(ApiView, ListAPIView):
    """Somebody's public projects, and to themselves all of them, the newest first."""

    permission_classes = [AllowAny]
    serializer_class = ProjectSerializer
    ordering = ("-created_at", "-pk")

    def get_queryset(self):
        person = find_person(self.request, self.kwargs["username"])
        projects = Project.objects.filter(owner=person)
        if person != self.request.user:
            projects = projects.listed()
        return gallery.for_cards(projects)


class PersonResume(ApiView):
    """Somebody's portfolio in a format of others."""

    permission_classes = [AllowAny]

    @extend_schema(responses={200: OpenApiTypes.OBJECT})
    def get(self, request, username):
        """Read a portfolio as JSON Resume 1.0.0: who, what was verified, projects."""
        person = find_person(request, username)
        return Response(resume.resume_of(person, request.user))


class ProjectList(ApiView, ListAPIView):
    """All public projects."""

    permission_classes = [IsAuthenticatedOrReadOnly]
    serializer_class = ProjectSerializer

    @property
    def ordering(self):
        return gallery.ORDERS[gallery.sort_of(self.request.query_params.get("sort"))]

    def get_queryset(self):
        asked = self.request.query_params
        found = gallery.found(
            Project.objects.listed(),
            words=asked.get("q", "").strip()[:200],
            tag=asked.get("tag", "").strip()[:100],
        )
        return gallery.for_cards(found)

    @extend_schema(
        parameters=[
            _text("q", "Words of the title, the summary, a tag or the owner's name."),
            _text("tag", "A tag."),
            _text("sort", "`newest` or `votes`."),
        ]
    )
    def get(self, request):
        """List public projects, the newest or the best voted first."""
        return self.list(request)

    @extend_schema(
        request=NewProjectSerializer, responses={201: WholeProjectSerializer}
    )
    def post(self, request):
        """Make a project; it is private unless `visibility` says otherwise."""
        form = NewProjectSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        project = services.create_project(owner=request.user, **form.validated_data)
        return Response(
            whole(project, request.user),
            status=status.HTTP_201_CREATED,
            headers={"Location": f"/api/v1/projects/{project}/"},
        )


class ProjectDetail(ApiView):
    """One project."""

    permission_classes = [IsAuthenticatedOrReadOnly]

    @extend_schema(responses=WholeProjectSerializer)
    def get(self, request, username, project):
        """Read a project: its text, its verified results, its datasets."""
        found = find_project(request, username, project)
        return Response(whole(found, request.user))

    @extend_schema(request=ProjectChangeSerializer, responses=WholeProjectSerializer)
    def patch(self, request, username, project):
        """Change what is named; the rest stays."""
        found = self._own(request, username, project)
        form = ProjectChangeSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        changed = services.update_project(project=found, **form.validated_data)
        return Response(whole(changed, request.user))

    @extend_schema(responses={204: None})
    def delete(self, request, username, project):
        """Delete a project."""
        services.delete_project(project=self._own(request, username, project))
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _own(self, request, username, slug) -> Project:
        found = find_project(request, username, slug)
        if found.owner_id != request.user.pk:
            raise NotAllowed("Only its owner changes a project.")
        return found


def whole(project: Project, reader) -> dict:
    """A project as this reader may see it."""
    datasets = Dataset.objects.visible_to(reader).filter(projects=project)
    context = {
        "proofs": results.proofs_of(project, reader),
        "dataset_names": [
            str(dataset) for dataset in datasets.select_related("owner").order_by("pk")
        ],
    }
    return WholeProjectSerializer(project, context=context).data
