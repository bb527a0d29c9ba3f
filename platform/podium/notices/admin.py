"""Django's admin of notices: what was told to whom, and whether mail left."""

from django.contrib import admin

from podium.notices.models import Announcement, Notice, NoticeChoice, Watch


class ReadOnly(admin.ModelAdmin):
    """Rows that only services write."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Notice)
class NoticeAdmin(ReadOnly):
    list_display = ("user", "kind", "title", "created_at", "read_at", "mail")
    list_filter = ("kind", "mail")
    list_select_related = ("user",)
    search_fields = ("user__username", "title")


@admin.register(NoticeChoice)
class NoticeChoiceAdmin(ReadOnly):
    list_display = ("user", "kind", "on_site", "by_mail")
    list_select_related = ("user",)
    search_fields = ("user__username",)


@admin.register(Watch)
class WatchAdmin(ReadOnly):
    list_display = ("user", "subject", "created_at")
    list_select_related = ("user",)


@admin.register(Announcement)
class AnnouncementAdmin(ReadOnly):
    list_display = ("kind", "subject", "created_at")
