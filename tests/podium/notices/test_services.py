"""Telling people: once, by their choices, and not those who may not be written to."""

import pytest

from podium.notices import services
from podium.notices.models import Announcement, Kind, Notice
from tests.factories import make_user
from tests.podium.accounts.people import make_confirmed

pytestmark = pytest.mark.django_db

WORDS = {
    "number": 3,
    "competition": "Penguins & <b>co</b>",
    "message": "It took too long.",
    "charged": True,
}


def tell(*users, subject="submission:1", **more):
    services.notify(
        users=users,
        kind=Kind.SUBMISSION_FAILED,
        subject=subject,
        context=WORDS | more,
        url="/submissions/1/",
    )


class TestNotify:
    def test_writes_one_for_each_user(self):
        mira, joao = make_confirmed(), make_confirmed()

        tell(mira, joao)

        told = Notice.objects.get(user=mira)
        assert told.title == "Submission 3 in “Penguins & <b>co</b>” failed"
        assert told.text == "It took too long. It counts towards your quota."
        assert Notice.objects.filter(user=joao).count() == 1

    def test_tells_nobody_twice(self):
        user = make_confirmed()

        tell(user)
        tell(user)
        tell(user, subject="submission:2")

        assert Notice.objects.filter(user=user).count() == 2

    @pytest.mark.parametrize(
        ("on_site", "by_mail", "expected"),
        [
            (True, True, [(True, "waiting")]),
            (True, False, [(True, "none")]),
            (False, True, [(False, "waiting")]),
            (False, False, []),
        ],
        ids=["both", "site", "mail", "neither"],
    )
    def test_follows_choices(self, on_site, by_mail, expected):
        user = make_confirmed()
        services.choose(
            user=user,
            kind=Kind.SUBMISSION_FAILED,
            on_site=on_site,
            by_mail=by_mail,
        )

        tell(user)

        assert list(Notice.objects.values_list("on_site", "mail")) == expected

    def test_a_choice_of_one_kind_is_of_that_kind_alone(self):
        user = make_confirmed()
        services.choose(user=user, kind=Kind.SUBMISSION_SCORED, on_site=False)

        tell(user)

        assert Notice.objects.get().on_site

    def test_mails_to_no_address_that_is_not_confirmed(self):
        tell(make_user())

        assert Notice.objects.get().mail == "none"

    def test_leaves_inactive_users_in_peace(self):
        tell(make_confirmed(is_active=False))

        assert not Notice.objects.exists()

    def test_asks_as_often_for_many_as_for_few(self, django_assert_num_queries):
        users = [make_confirmed() for _ in range(20)]

        with django_assert_num_queries(5):  # two of them the transaction's
            tell(*users)

        assert Notice.objects.count() == 20


class TestAnnounce:
    def announce(self, *users):
        return services.announce(
            users=users,
            kind=Kind.COMPETITION_CLOSED,
            subject="competition:1:x",
            context={"competition": "Penguins", "has_private": True},
            url="/competitions/penguins/leaderboard/",
        )

    def test_tells_an_event_once(self):
        mira, late = make_confirmed(), make_confirmed()

        assert self.announce(mira)
        assert not self.announce(mira, late)

        assert list(Notice.objects.values_list("user", flat=True)) == [mira.pk]
        assert Announcement.objects.count() == 1

    def test_takes_the_announcement_back_where_telling_fails(self):
        def users():
            yield make_user()
            raise RuntimeError

        with pytest.raises(RuntimeError):
            services.announce(
                users=users(),
                kind=Kind.COMPETITION_CLOSED,
                subject="s",
                context={},
                url="/",
            )

        assert not Announcement.objects.exists()


class TestWatch:
    def test_is_asked_for_and_taken_back(self):
        user = make_user()

        for wanted in (True, True):
            services.watch(user=user, subject="competition:1", wanted=wanted)
        assert services.is_watching(user, "competition:1")
        services.watch(user=user, subject="competition:1", wanted=False)

        assert not services.is_watching(user, "competition:1")
