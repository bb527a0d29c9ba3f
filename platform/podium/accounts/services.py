"""Accounts made by somebody other than their user."""

from allauth.account.models import EmailAddress
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from podium.accounts.models import User


@transaction.atomic
def create_user(
    *,
    username: str,
    email: str,
    password: str,
    is_staff: bool = False,
    may_host: bool = False,
) -> User:
    """Make an account whose address counts as confirmed; ValidationError says all."""
    user = User(
        username=username,
        email=User.objects.normalize_email(email),
        is_staff=is_staff,
        is_superuser=is_staff,
        may_host=may_host,
    )
    problems = _problems(user, password)
    if problems:
        raise ValidationError(problems)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(
        user=user, email=user.email, verified=True, primary=True
    )
    return user


def _problems(user: User, password: str) -> list[str]:
    """What stands against this account, a sentence each."""
    problems = []
    try:
        user.clean_fields(exclude=["password", "email"])
    except ValidationError as error:
        problems += error.messages
    if User.objects.filter(username__iexact=user.username).exists():
        problems.append(f"There is a user {user.username!r} already.")
    try:
        validate_email(user.email)
    except ValidationError:
        problems.append(f"{user.email!r} is no e-mail address.")
    if _is_taken(user.email):
        problems.append(f"There is an account with the address {user.email} already.")
    try:
        validate_password(password, user)
    except ValidationError as error:
        problems += error.messages
    return problems


def _is_taken(email: str) -> bool:
    in_use = EmailAddress.objects.filter(email__iexact=email).exists()
    return in_use or User.objects.filter(email__iexact=email).exists()
