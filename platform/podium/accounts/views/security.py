"""Settings: how one signs in, and where one is signed in."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from podium.common.answers import see_other


@login_required
@require_safe
def account(request):
    """The address, the password, and accounts elsewhere that open this one."""
    addresses = list(EmailAddress.objects.filter(user=request.user))
    current = next((one for one in addresses if one.primary), None)
    context = {
        "address": current,
        "pending": next(
            (one for one in addresses if not one.verified and one != current), None
        ),
        "connections": [
            connection.get_provider_account()
            for connection in SocialAccount.objects.filter(user=request.user)
        ]
        if settings.SOCIALACCOUNT_PROVIDERS
        else [],
        "has_providers": bool(settings.SOCIALACCOUNT_PROVIDERS),
    }
    return render(request, "settings/account.html", context)


@login_required
@require_safe
def security(request):
    """The second factor, passkeys and sessions."""
    factors = list(Authenticator.objects.filter(user=request.user).order_by("pk"))
    kinds = Authenticator.Type
    codes = next((f for f in factors if f.type == kinds.RECOVERY_CODES), None)
    confirmed = EmailAddress.objects.filter(user=request.user, verified=True)
    context = {
        "app": next((f for f in factors if f.type == kinds.TOTP), None),
        "keys": [f for f in factors if f.type == kinds.WEBAUTHN],
        "has_codes": codes is not None,
        "codes_left": len(codes.wrap().get_unused_codes()) if codes else 0,
        "session_count": UserSession.objects.filter(user=request.user).count(),
        "is_confirmed": confirmed.exists(),
    }
    return render(request, "settings/security.html", context)


@login_required
@require_POST
def end_session(request, pk):
    """Sign one other browser out."""
    session = UserSession.objects.filter(user=request.user, pk=pk).first()
    if session is None:
        raise Http404("No session of yours has this number.")
    if session.is_current():
        messages.error(request, "This is where you are: sign out instead.")
    else:
        session.end()
        messages.success(request, "Ended: that browser is signed out.")
    return see_other("usersessions_list")
