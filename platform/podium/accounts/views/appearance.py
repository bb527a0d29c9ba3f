"""Settings: colours and time zone."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import render

from podium.accounts.forms import AppearanceForm
from podium.accounts.models import User
from podium.accounts.theme import show_theme
from podium.common.answers import see_other


@login_required
def appearance(request):
    """How pages look to this user, here and wherever they sign in next."""
    user = User.objects.get(pk=request.user.pk)
    form = AppearanceForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Saved.")
        return show_theme(see_other("appearance"), user.theme)
    status = 400 if form.errors else 200
    return render(request, "settings/appearance.html", {"form": form}, status=status)
