"""Django's admin of kept files."""

from django.contrib import admin

from podium.common.models import StoredFile


@admin.register(StoredFile)
class StoredFileAdmin(admin.ModelAdmin):
    """Which bytes are kept; what points at them says whose they are."""

    list_display = ("sha256", "store", "size", "stored_at")
    list_filter = ("store",)
    search_fields = ("sha256",)
    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
