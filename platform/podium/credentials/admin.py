"""Credentials in Django's admin: to find, never to change; a page revokes them."""

from django.contrib import admin

from podium.credentials.models import Credential, SigningKey


class ReadOnly(admin.ModelAdmin):
    """What was signed stays as it is."""

    list_per_page = 50
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Credential)
class CredentialAdmin(ReadOnly):
    list_display = ("code", "holder", "kind", "issued_at", "expires_at", "revoked_at")
    list_filter = ("kind",)
    list_select_related = ("holder",)
    search_fields = ("code", "holder__username")


@admin.register(SigningKey)
class SigningKeyAdmin(ReadOnly):
    list_display = ("kid", "is_current", "created_at", "retired_at")
    search_fields = ("kid",)
