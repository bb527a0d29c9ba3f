"""Django's admin of users and their tokens."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin

from podium.accounts.models import ApiToken, User


@admin.register(User)
class UserAdmin(DjangoUserAdmin):
    list_display = (
        *("username", "email", "display_name", "may_host", "is_staff", "is_active"),
        *("date_joined", "last_login"),
    )
    list_filter = ("is_staff", "is_superuser", "is_active", "may_host")
    search_fields = ("username", "email", "display_name")
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        ("Profile", {"fields": ("display_name", "email", "time_zone")}),
        (
            "What they may do",
            {"fields": ("is_active", "may_host", "is_staff", "is_superuser")},
        ),
        ("Finer rights", {"fields": ("groups", "user_permissions")}),
        ("When", {"fields": ("date_joined", "last_login")}),
    )
    add_fieldsets = (
        (None, {"fields": ("username", "email", "password1", "password2")}),
    )
    readonly_fields = ("date_joined", "last_login")
    list_per_page = 50


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Tokens are their users' own; staff may only take one away."""

    list_display = ("user", "name", "token_key", "created", "expiry")
    list_select_related = ("user",)
    search_fields = ("user__username", "name", "token_key")
    fields = readonly_fields = ("id", "user", "name", "token_key", "created", "expiry")
    list_per_page = 50

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
