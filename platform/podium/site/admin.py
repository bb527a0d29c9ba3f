"""The standing pages in Django's admin, where operators edit them."""

from django.contrib import admin

from podium.site.models import StandingPage
from podium.site.standing import shipped_text


@admin.register(StandingPage)
class StandingPageAdmin(admin.ModelAdmin):
    """A page that is deleted here shows the text that is shipped again."""

    list_display = ("key", "changed_at", "changed_by")
    list_select_related = ("changed_by",)
    readonly_fields = ("changed_at",)

    def get_changeform_initial_data(self, request):
        """A new row begins with the text that is shipped."""
        key = request.GET.get("key", "")
        known = key in StandingPage.Key.values
        return {"key": key, "text": shipped_text(key)} if known else {}

    def save_model(self, request, obj, form, change):
        obj.changed_by = request.user
        super().save_model(request, obj, form, change)
