"""Submissions: made, listed, watched, cancelled, chosen."""

from datetime import timedelta

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import (
    OpenApiResponse,
    PolymorphicProxySerializer,
    extend_schema,
)
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.response import Response

from competitions import audit, checks, services
from competitions.api.base import CompetitionView
from competitions.api.facts import HostFacts, SubmissionFacts
from competitions.errors import NotAllowed, TooLarge
from competitions.models import Submission
from competitions.serializers import (
    CheckSerializer,
    CheckUploadSerializer,
    HostSubmissionSerializer,
    SelectSerializer,
    SubmissionSerializer,
    UploadSerializer,
)
from podium.common.throttles import UploadThrottle

FORM_BYTES = 100_000  # what a form has beside its file, at most

EITHER = PolymorphicProxySerializer(
    component_name="AnySubmission",
    serializers=[SubmissionSerializer, HostSubmissionSerializer],
    resource_type_field_name=None,
)


def as_shown(submissions: list[Submission], *, to_host: bool) -> list[dict]:
    """Submissions of one competition as a participant, or as its host, reads them."""
    if to_host:
        context = {"facts": HostFacts(submissions)}
        return HostSubmissionSerializer(submissions, many=True, context=context).data
    context = {"facts": SubmissionFacts(submissions)}
    return SubmissionSerializer(submissions, many=True, context=context).data


class UploadView(CompetitionView):
    """A view that takes a file, and refuses in this order: 401 404 403 409 413 400."""

    parser_classes = [MultiPartParser]

    def get_throttles(self):
        is_upload = self.request is not None and self.request.method == "POST"
        return [UploadThrottle()] if is_upload else []

    def assert_body_fits(self):
        """Left to `assert_upload_fits`: the limit is the competition's."""

    def assert_upload_fits(self):
        """Refuse what says that it is too large, before a byte of it is read."""
        limit = self.competition.limit_file_mb
        if self.body_size > limit * 1_000_000 + FORM_BYTES:
            raise TooLarge(
                f"The request has {self.body_size / 1e6:.1f} MB; this competition "
                f"takes files of up to {limit} MB."
            )


class SubmissionList(UploadView, ListAPIView):
    """The submissions of one's team; all of them for the host."""

    serializer_class = SubmissionSerializer
    ordering = ("-created_at", "-pk")

    def get_queryset(self):
        found = (
            Submission.objects.visible_to(self.request.user)
            .filter(competition=self.competition)
            .select_related("competition")
        )
        if self.is_run_by_caller():
            found = found.defer("check_report")
            return found.select_related("team", "submitted_by")
        return found.defer("detail", "printed", "check_report")

    @extend_schema(responses=EITHER)
    def get(self, request, slug):
        """List submissions, the newest first."""
        to_host = self.is_run_by_caller()
        page = self.paginate_queryset(self.get_queryset())
        if to_host:
            self.note_reading("read_submissions")
        return self.get_paginated_response(as_shown(page, to_host=to_host))

    @extend_schema(
        request={"multipart/form-data": UploadSerializer},
        responses={201: SubmissionSerializer},
    )
    def post(self, request, slug):
        """Submit a model, or a file of predictions; it is scored in its turn."""
        services.assert_may_submit(self.competition, request.user)
        self.assert_upload_fits()
        form = UploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        submission = services.submit(
            competition=self.competition, user=request.user, **form.validated_data
        )
        body = as_shown([submission], to_host=False)[0]
        return Response(
            body,
            status=status.HTTP_201_CREATED,
            headers={"Location": f"/api/v1/submissions/{submission.pk}/"},
        )


class Check(UploadView):
    """Trying a file on the public sample: free, and for one's own team alone."""

    @extend_schema(
        request={"multipart/form-data": CheckUploadSerializer},
        responses={
            200: CheckSerializer,
            409: OpenApiResponse(description="There is no public sample."),
            503: OpenApiResponse(description="Not done in time: see Retry-After."),
        },
    )
    def post(self, request, slug):
        """Check a file without submitting it: all problems at once."""
        services.assert_may_submit(self.competition, request.user)
        checks.assert_possible(self.competition)
        self.assert_upload_fits()
        form = CheckUploadSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        with checks.a_place_to_wait():
            check = checks.ask(
                competition=self.competition,
                user=request.user,
                wanted_for=timedelta(seconds=checks.WAIT_S),
                **form.validated_data,
            )
            done = checks.wait_for(check)
        return Response(CheckSerializer(done.report).data)


class SubmissionView(CompetitionView):
    """A view of one submission, for its team, its host, and staff."""

    def submission(self) -> Submission:
        found = Submission.objects.visible_to(self.request.user).select_related(
            "competition", "team", "submitted_by"
        )
        return get_object_or_404(found, pk=self.kwargs["pk"])

    def own_submission(self) -> Submission:
        """The submission, for a deed that is its team's; baselines are the host's."""
        submission, user = self.submission(), self.request.user
        is_hosts = submission.team.is_baseline and (
            submission.competition.host_id == user.pk
        )
        if not (is_hosts or submission.team.members.filter(pk=user.pk).exists()):
            raise NotAllowed("Only the team that made a submission can do this.")
        return submission

    def shown(self, submission: Submission) -> Response:
        user = self.request.user
        to_host = submission.competition.is_run_by(user)
        if to_host:
            audit.reading(
                user, submission.competition, "read_submission", submission.pk
            )
        return Response(as_shown([submission], to_host=to_host)[0])


class SubmissionDetail(SubmissionView):
    """One submission."""

    @extend_schema(responses=EITHER)
    def get(self, request, pk):
        """Read how a submission fares."""
        return self.shown(self.submission())


class Cancel(SubmissionView):
    """Taking a submission back."""

    @extend_schema(request=None, responses=EITHER)
    def post(self, request, pk):
        """Take a waiting submission out of the line; its quota is given back."""
        submission = self.own_submission()
        services.cancel(submission=submission)
        return self.shown(self.submission())


class Select(SubmissionView):
    """Choosing what counts in the end."""

    @extend_schema(request=SelectSerializer, responses=EITHER)
    def post(self, request, pk):
        """Choose a submission for the private leaderboard, or take the choice back."""
        submission = self.own_submission()
        form = SelectSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        services.select(submission=submission, **form.validated_data)
        return self.shown(self.submission())
