"""The list behind the bell, and what one wants to be told."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from podium.accounts.models import User
from podium.common.answers import see_other
from podium.common.lists import page_of
from podium.notices import services, unsubscribe
from podium.notices.models import Kind, Notice

ORDER = ("-created_at", "-pk")
PAGE = 25


@login_required
@require_safe
def notices(request):
    """One's notices, newest first."""
    mine = Notice.objects.visible_to(request.user)
    page = page_of(request, mine, ORDER, PAGE)
    return render(request, "notices/list.html", {"page": page})


@login_required
@require_safe
def follow(request, pk):
    """Lead to what a notice is about, and take it as read."""
    notice = get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    services.mark_read(user=request.user, pk=notice.pk)
    return redirect(notice.url)


@login_required
@require_POST
def mark_read(request, pk):
    """Take one notice as read."""
    get_object_or_404(Notice.objects.visible_to(request.user), pk=pk)
    services.mark_read(user=request.user, pk=pk)
    return see_other("notices")


@login_required
@require_POST
def mark_all_read(request):
    """Take all notices as read."""
    services.mark_read(user=request.user)
    messages.success(request, "All notices are marked as read.")
    return see_other("notices")


@login_required
def choices(request):
    """What one wants to be told, on the site and by mail."""
    if request.method == "POST":
        for kind in Kind.values:
            services.choose(
                user=request.user,
                kind=kind,
                on_site=f"{kind}-on_site" in request.POST,
                by_mail=f"{kind}-by_mail" in request.POST,
            )
        messages.success(request, "Saved.")
        return see_other("notice-choices")
    confirmed = request.user.emailaddress_set.filter(primary=True, verified=True)
    context = {
        "choices": services.choices_of(request.user),
        "address": confirmed.first(),
    }
    return render(request, "settings/notices.html", context)


@csrf_exempt  # mail programs post here by themselves, as RFC 8058 has it
@never_cache
def stop_mail(request, token):
    """Switch one kind of mail off; the signed address stands for signing in.

    Opening it does nothing yet: programs that look into mails open every link.
    """
    found = unsubscribe.read(token)
    user = User.objects.filter(pk=found[0], is_active=True).first() if found else None
    if user is None:
        raise Http404("No such address was ever sent.")
    kind = found[1]
    if request.method == "POST":
        services.choose(user=user, kind=kind, by_mail=False)
    context = {"kind": kind, "is_done": request.method == "POST"}
    return render(request, "notices/stop.html", context)
