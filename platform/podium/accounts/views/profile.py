"""Settings: what others read about a user, and their picture."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from podium.accounts import pictures
from podium.accounts.forms import PictureForm, ProfileForm
from podium.accounts.models import User
from podium.common.answers import see_other
from podium.common.errors import Refused
from podium.common.models import StoredFile

# A row of kept bytes never changes, so neither does what its address answers.
FOR_EVER = "public, max-age=31536000, immutable"


@login_required
def profile(request):
    """The profile as its user writes it."""
    form = ProfileForm(
        request.POST or None, instance=User.objects.get(pk=request.user.pk)
    )
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved. Others read it on your page.")
        return see_other("settings")
    return _page(request, form, PictureForm(), 400 if form.errors else 200)


@login_required
@require_POST
def change_picture(request):
    """Take a new picture."""
    form = PictureForm(request.POST, request.FILES)
    status = 400
    if form.is_valid():
        try:
            pictures.set_picture(user=request.user, file=form.cleaned_data["picture"])
        except Refused as refused:
            form.add_error("picture", refused.message)
            status = refused.status
        else:
            messages.success(request, "This is your picture now.")
            return see_other("settings")
    return _page(request, ProfileForm(instance=request.user), form, status)


@login_required
@require_POST
def remove_picture(request):
    """Go back to the initials."""
    pictures.remove_picture(user=request.user)
    messages.success(request, "Removed: your initials stand in its place.")
    return see_other("settings")


@require_safe
def picture(request, pk):
    """A user's picture, for everybody; nothing else of the public store."""
    owners = User.objects.filter(
        Q(picture=pk) | Q(picture_small=pk), hidden_at=None, deleted_at=None
    )
    stored = StoredFile.objects.filter(pk=pk, store="public").first()
    if stored is None or not owners.exists():
        raise Http404("Nobody has this picture.")
    response = FileResponse(stored.open(), content_type="image/webp")
    response.headers["Content-Length"] = stored.size
    response.headers["Cache-Control"] = FOR_EVER
    return response


def _page(request, form, picture_form, status):
    context = {"form": form, "picture_form": picture_form}
    return render(request, "settings/profile.html", context, status=status)
