"""Settings: taking one's data along, and deleting the account."""

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import FileResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from podium.accounts import deletion
from podium.accounts.export import export_of
from podium.accounts.forms import DeleteForm
from podium.common.answers import see_other
from podium.common.errors import Refused


@login_required
@require_safe
def data(request):
    """What one may do with what is kept."""
    return _page(request, DeleteForm(user=request.user))


@login_required
@require_POST
@never_cache
def export(request):
    """Everything that is kept of a user, as a zip."""
    name = f"podium-{request.user.username}.zip"
    return FileResponse(export_of(request.user), as_attachment=True, filename=name)


@login_required
@reauthentication_required(allow_get=True)
def delete(request):
    """Delete the account of whoever has just proved again who they are."""
    if request.method != "POST":
        return redirect("data")
    form = DeleteForm(request.POST, user=request.user)
    status = 400
    if form.is_valid():
        try:
            deletion.delete_account(user=request.user)
        except Refused as refused:
            form.add_error(None, refused.message)
            status = refused.status
        else:
            logout(request)
            messages.success(request, "Your account is deleted. Farewell.")
            return see_other("home")
    return _page(request, form, status)


def _page(request, form, status=200):
    context = {"form": form, "obstacles": deletion.obstacles(request.user)}
    return render(request, "settings/data.html", context, status=status)
