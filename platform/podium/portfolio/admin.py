"""Projects in Django's admin: to find, and to see what hangs on them."""

from django.contrib import admin

from podium.portfolio.models import Project, ProjectDraft, ProjectPicture, ProjectVote


class ReadOnly(admin.ModelAdmin):
    """What its owner writes; staff hide a project at /reports/, with a reason."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Project)
class ProjectAdmin(ReadOnly):
    list_display = (
        *("slug", "title", "owner", "visibility", "published_at", "vote_count"),
        *("pinned", "hidden_at", "updated_at"),
    )
    list_filter = ("visibility", "hidden_at")
    list_select_related = ("owner",)
    search_fields = ("slug", "title", "owner__username")


@admin.register(ProjectDraft)
class ProjectDraftAdmin(ReadOnly):
    list_display = ("project", "saved_at")
    list_select_related = ("project__owner",)
    search_fields = ("project__slug", "project__owner__username")
    fields = readonly_fields = ("project", "saved_at")  # the text is nobody's else


@admin.register(ProjectPicture)
class ProjectPictureAdmin(ReadOnly):
    list_display = ("name", "project", "width", "height", "created_at")
    list_select_related = ("project__owner",)
    search_fields = ("name", "project__slug")


@admin.register(ProjectVote)
class ProjectVoteAdmin(ReadOnly):
    list_display = ("project", "user", "created_at")
    list_select_related = ("project__owner", "user")
    search_fields = ("project__slug", "user__username")
