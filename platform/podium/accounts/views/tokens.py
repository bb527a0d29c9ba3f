"""API tokens: how programs sign in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from podium.accounts.forms import TokenForm
from podium.accounts.models import ApiToken
from podium.common.answers import see_other
from podium.common.lists import page_of

ORDER = ("-created", "-id")
PAGE = 50
MOST = 100  # tokens of one user


@login_required
@never_cache
def tokens(request):
    """One's tokens. A new one is in this answer and nowhere else.

    This is why there is no redirect after making it: whatever carried it there would
    have to keep it.
    """
    form, made = TokenForm(request.POST or None), None
    if request.method == "POST" and form.is_valid():
        if _live_tokens(request.user).count() >= MOST:
            form.add_error(None, f"You have {MOST} tokens: revoke one first.")
        else:
            name = form.cleaned_data["name"]
            row, made = ApiToken.objects.create(user=request.user, name=name)
            form = TokenForm()
    context = {
        "form": form,
        "made": made,
        "page": page_of(request, _live_tokens(request.user), ORDER, PAGE),
    }
    status = 400 if form.errors else 200
    return render(request, "settings/tokens.html", context, status=status)


@login_required
@require_POST
def revoke_token(request, id):
    """Delete a token: it opens nothing any more."""
    deleted, _ = ApiToken.objects.filter(user=request.user, id=id).delete()
    if not deleted:
        raise Http404("No token of yours has this id.")
    messages.success(request, "Revoked: the token opens nothing any more.")
    return see_other("tokens")


def _live_tokens(user):
    return ApiToken.objects.filter(
        Q(expiry=None) | Q(expiry__gt=timezone.now()), user=user
    )
