"""Django's admin of competitions, for staff: to look, to find, and rarely to change."""

from django.contrib import admin

from competitions.models import (
    Admission,
    AllowedAddress,
    AuditEntry,
    Check,
    Competition,
    HiddenTestSet,
    LeaderboardEntry,
    Membership,
    MergeProposal,
    Predictions,
    QuotaEntry,
    RulesVersion,
    Score,
    SourceFile,
    Submission,
    Team,
    TeamInvitation,
)


class ReadOnly(admin.ModelAdmin):
    """Rows that are facts: written by services, never by hand."""

    list_per_page = 50
    show_full_result_count = False  # a count of everything, on every page
    tells_what_is_hidden = False  # reading it here is written down

    def changelist_view(self, request, extra_context=None):
        self._note_reading(request, "list")
        return super().changelist_view(request, extra_context)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        self._note_reading(request, object_id)
        return super().change_view(request, object_id, form_url, extra_context)

    def _note_reading(self, request, target):
        if self.tells_what_is_hidden and self.has_view_permission(request):
            AuditEntry.objects.create(
                actor=request.user,
                action=f"read_{self.opts.model_name}_in_admin",
                target=target,
            )

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Competition)
class CompetitionAdmin(admin.ModelAdmin):
    """Dates, texts, quotas and limits; what decides scores stays as it was imported."""

    list_display = (
        *("slug", "title", "host", "status", "visibility", "opens_at", "closes_at"),
        *("team_count", "submission_count"),
    )
    list_filter = ("visibility", "direction", "device", "opens_at")
    list_select_related = ("host",)
    search_fields = ("slug", "title", "host__username")
    raw_id_fields = ("host", "cover", "dataset_version", "hidden_test_set")
    readonly_fields = (
        *("slug", "contract", "metrics", "direction", "split", "sample"),
        *("train_path", "test_path", "dataset_version", "hidden_test_set"),
        *("team_count", "submission_count", "created_at"),
    )
    date_hierarchy = "opens_at"
    list_per_page = 50

    def has_add_permission(self, request):
        return False  # a competition comes in through its folder

    def has_delete_permission(self, request, obj=None):
        return False  # its submissions and its ledger point at it


@admin.register(RulesVersion)
class RulesVersionAdmin(ReadOnly):
    list_display = ("competition", "number", "created_at")
    list_select_related = ("competition",)
    search_fields = ("competition__slug", "text")


@admin.register(HiddenTestSet)
class HiddenTestSetAdmin(ReadOnly):
    list_display = (
        *("competition", "number", "rows", "public_rows", "private_rows", "digest"),
        "created_at",
    )
    list_select_related = ("competition",)
    search_fields = ("competition__slug", "digest")


@admin.register(SourceFile)
class SourceFileAdmin(ReadOnly):
    list_display = ("competition", "path", "stored")
    list_select_related = ("competition", "stored")
    search_fields = ("competition__slug", "path", "stored__sha256")


@admin.register(Team)
class TeamAdmin(admin.ModelAdmin):
    list_display = (
        *("name", "competition", "is_baseline", "submission_count", "served_at"),
        "created_at",
    )
    list_filter = ("is_baseline",)
    list_select_related = ("competition",)
    search_fields = ("name", "competition__slug", "members__username")
    readonly_fields = (
        *("competition", "is_baseline", "served_at", "submission_count"),
        *("merged_into", "created_at"),
    )
    list_per_page = 50

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Membership)
class MembershipAdmin(ReadOnly):
    list_display = ("user", "team", "competition", "rules_number", "joined_at")
    list_select_related = ("user", "team", "competition", "rules_version")
    search_fields = ("user__username", "team__name", "competition__slug")

    @admin.display(description="rules accepted")
    def rules_number(self, membership):
        return membership.rules_version.number


@admin.register(TeamInvitation)
class TeamInvitationAdmin(ReadOnly):
    list_display = ("team", "user", "invited_by", "state", "created_at", "answered_at")
    list_filter = ("state",)
    list_select_related = ("team", "user", "invited_by")
    search_fields = ("team__name", "user__username", "team__competition__slug")


@admin.register(MergeProposal)
class MergeProposalAdmin(ReadOnly):
    list_display = ("from_team", "to_team", "proposed_by", "state", "created_at")
    list_filter = ("state",)
    list_select_related = ("from_team", "to_team", "proposed_by")
    search_fields = ("from_team__name", "to_team__name")


@admin.register(Admission)
class AdmissionAdmin(ReadOnly):
    list_display = ("competition", "user", "state", "created_at", "decided_at")
    list_filter = ("state",)
    list_select_related = ("competition", "user")
    search_fields = ("competition__slug", "user__username")


@admin.register(AllowedAddress)
class AllowedAddressAdmin(ReadOnly):
    list_display = ("competition", "pattern")
    list_select_related = ("competition",)
    search_fields = ("competition__slug", "pattern")


@admin.register(Submission)
class SubmissionAdmin(ReadOnly):
    tells_what_is_hidden = True
    list_display = (
        *("id", "competition", "team", "number", "status", "stage", "reason"),
        *("public_score", "attempt", "faults", "charged", "created_at"),
    )
    list_filter = ("status", "reason", "format", "device", "is_late", "charged")
    list_select_related = ("competition", "team")
    search_fields = (
        *("=id", "team__name", "competition__slug", "submitted_by__username"),
        *("file_name", "artifact__sha256"),
    )
    date_hierarchy = "created_at"


@admin.register(Check)
class CheckAdmin(ReadOnly):
    list_display = (
        *("id", "competition", "team", "file_name", "status", "attempt", "faults"),
        "created_at",
    )
    list_filter = ("status", "format")
    list_select_related = ("competition", "team")
    search_fields = ("=id", "team__name", "competition__slug", "artifact__sha256")
    date_hierarchy = "created_at"


@admin.register(Predictions)
class PredictionsAdmin(ReadOnly):
    tells_what_is_hidden = True
    list_display = ("submission", "hidden_test_set", "sha256", "created_at")
    list_select_related = ("submission", "hidden_test_set")
    search_fields = ("=submission__id", "sha256")


@admin.register(Score)
class ScoreAdmin(ReadOnly):
    tells_what_is_hidden = True
    list_display = ("submission", "metric", "split", "value", "hidden_test_set")
    list_filter = ("split", "metric")
    list_select_related = ("submission", "hidden_test_set")
    search_fields = ("=submission__id", "submission__team__name")


@admin.register(LeaderboardEntry)
class LeaderboardEntryAdmin(ReadOnly):
    tells_what_is_hidden = True
    list_display = (
        *("competition", "split", "team", "score", "submission_count"),
        *("last_at", "is_baseline"),
    )
    list_filter = ("split", "is_baseline")
    list_select_related = ("competition", "team")
    search_fields = ("competition__slug", "team__name")


@admin.register(QuotaEntry)
class QuotaEntryAdmin(ReadOnly):
    list_display = ("team", "submission", "kind", "day", "cause", "created_at")
    list_filter = ("kind", "cause")
    list_select_related = ("team", "submission")
    search_fields = ("team__name", "=submission__id")
    date_hierarchy = "day"


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly):
    list_display = ("created_at", "actor", "action", "target", "competition")
    list_filter = ("action",)
    list_select_related = ("actor", "competition")
    search_fields = ("actor__username", "target", "competition__slug")
    date_hierarchy = "created_at"
