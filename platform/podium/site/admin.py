"""What operators find in Django's admin: the standing pages, and the workers."""

from django.contrib import admin
from django.utils import timezone

from competitions import workers
from competitions.models import Worker
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


@admin.register(Worker)
class WorkerAdmin(admin.ModelAdmin):
    """Workers as they told of themselves: to look at, for they write it themselves."""

    list_display = (
        "name",
        "device_told",
        "sandbox",
        "stands",
        "is_alive",
        "seen_at",
    )
    list_filter = ("sandbox", "device")
    ordering = ("-seen_at",)

    @admin.display(description="device")
    def device_told(self, worker):
        return worker.device_name or worker.device

    @admin.display(description="layers that stand")
    def stands(self, worker):
        active = sum(layer["active"] for layer in worker.layers)
        return f"{active} of {len(worker.layers)}"

    @admin.display(description="alive", boolean=True)
    def is_alive(self, worker):
        is_there = timezone.now() - worker.seen_at < workers.GONE
        return is_there and worker.sandbox != workers.STOPPED

    def changelist_view(self, request, extra_context=None):
        told = {**(extra_context or {}), "isolation": workers.sandbox_status()}
        return super().changelist_view(request, told)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
