"""Django's admin of datasets; versions and their files never change."""

from django.contrib import admin

from podium.datasets.models import Dataset, DatasetFile, DatasetVersion, FilePreview


class Immutable(admin.ModelAdmin):
    """Rows that are what they were when they were made."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Dataset)
class DatasetAdmin(admin.ModelAdmin):
    list_display = ("slug", "title", "owner", "visibility", "licence", "updated_at")
    list_filter = ("visibility", ("hidden_at", admin.EmptyFieldListFilter))
    list_select_related = ("owner",)
    search_fields = ("slug", "title", "owner__username")
    raw_id_fields = ("owner",)
    readonly_fields = (
        *("slug", "latest", "search_text", "title_key", "form_key"),
        *("download_count", "use_count", "created_at", "updated_at"),
    )
    list_per_page = 50

    def has_add_permission(self, request):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(DatasetVersion)
class DatasetVersionAdmin(Immutable):
    list_display = (
        *("dataset", "number", "file_count", "size", "digest", "created_by"),
        "created_at",
    )
    list_select_related = ("dataset__owner", "created_by")
    search_fields = ("dataset__slug", "digest")


@admin.register(DatasetFile)
class DatasetFileAdmin(Immutable):
    list_display = ("version", "path", "stored")
    list_select_related = ("version__dataset__owner", "stored")
    search_fields = ("path", "stored__sha256", "version__dataset__slug")


@admin.register(FilePreview)
class FilePreviewAdmin(Immutable):
    list_display = ("stored", "format", "status", "attempts", "problem", "created_at")
    list_filter = ("status", "format")
    list_select_related = ("stored",)
    search_fields = ("stored__sha256",)
