"""The demo's users, and what they tell of themselves."""

import secrets
import string
from dataclasses import dataclass

from django.db import transaction

from podium.accounts.forms import ProfileForm
from podium.accounts.models import User
from podium.accounts.services import create_user

LETTERS = string.ascii_letters + string.digits
HOST, MIRA, JOAO = "demo-host", "demo-mira", "demo-joao"


@dataclass(frozen=True)
class Person:
    """What a profile says."""

    display_name: str
    practitioner: str
    bio: str
    practitioner_also: tuple[str, ...] = ()


PEOPLE = {
    HOST: Person(
        display_name="Demo host",
        practitioner="project_manager",
        bio="I set up the four competitions and the datasets that a new Podium shows. "
        "Copy one of them and make it your own: the guide says how a competition "
        "looks as a folder.\n\nThis is an account of the demo.",
    ),
    MIRA: Person(
        display_name="Mira",
        practitioner="data_scientist",
        practitioner_also=("programmer",),
        bio="I like to find out *where* a model goes wrong before I make it bigger. "
        "At the moment: handwriting, and what a model does with what it was never "
        "shown.\n\nThis is an account of the demo. The project and the submission are "
        "real: the numbers were measured, and the model is scored like any other.",
    ),
    JOAO: Person(
        display_name="João",
        practitioner="programmer",
        practitioner_also=("data_scientist",),
        bio="Forecasts, mostly for things on wheels. I have learnt to distrust every "
        "validation score that I did not cut by time.\n\nThis is an account of the "
        "demo. The project and the submission are real: the numbers were measured, "
        "and the model is scored like any other.",
    ),
}


def load_people() -> None:
    """Make the users who are not there, telling their passwords."""
    for name, person in PEOPLE.items():
        if not User.objects.filter(username=name).exists():
            _make(name, person)


@transaction.atomic
def _make(name: str, person: Person) -> None:
    password = "".join(secrets.choice(LETTERS) for _ in range(16))
    user = create_user(
        username=name,
        email=f"{name}@demo.invalid",
        password=password,
        may_host=name == HOST,
    )
    profile = ProfileForm(vars(person), instance=user)
    if not profile.is_valid():
        raise ValueError(f"The demo's profile of {name} is wrong: {profile.errors}")
    profile.save()
    # Before the commit: a user whose password nobody has read could not sign in.
    print(f"user {name} password {password}", flush=True)
