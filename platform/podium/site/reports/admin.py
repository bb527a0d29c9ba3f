"""Reports in Django's admin, to find; they are answered at /reports/."""

from django.contrib import admin

from podium.site.reports.models import Report


@admin.register(Report)
class ReportAdmin(admin.ModelAdmin):
    list_display = (
        *("created_at", "kind", "target_name", "state", "reporter", "handled_by"),
        "reason",
    )
    list_filter = ("state", "kind")
    list_select_related = ("reporter", "handled_by")
    search_fields = ("target_name", "text", "reporter__username")
    date_hierarchy = "created_at"
    list_per_page = 50

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
