"""Invited by name or link: accepted, declined, refused, and who is told."""

from datetime import timedelta

import pytest
from django.utils import timezone

from competitions.errors import Refused
from competitions.models import Competition, Membership, TeamInvitation
from competitions.teams import joining
from podium.notices.models import Notice
from tests.factories import (
    make_competition,
    make_submission,
    make_team,
    make_user,
)

pytestmark = pytest.mark.django_db


def make_pair(**values):
    """A competition with room for three in a team, a member, and their team."""
    competition = make_competition(team_max_size=3, **values)
    user = make_user()
    return competition, user, make_team(competition, user, name="The Waders")


def invite(competition, user, other):
    return joining.invite(competition=competition, user=user, username=other.username)


def told(user, kind) -> list[str]:
    found = Notice.objects.filter(user=user, kind=kind).order_by("pk")
    return list(found.values_list("title", flat=True))


class TestInvite:
    def test_asks_somebody_once_and_tells_them(self):
        competition, user, team = make_pair()
        other = make_user()

        first = invite(competition, user, other)
        again = invite(competition, user, other)

        assert first == again
        assert told(other, "team_invitation") == [
            f"{user.username} invites you to the team The Waders"
        ]

    @pytest.mark.parametrize(
        ("who", "words"),
        [
            ("nobody", "Nobody here has the user name"),
            ("self", "That is yourself"),
            ("host", "hosts this competition"),
            ("member", "is in this team already"),
            ("inactive", "Nobody here has the user name"),
            ("of_another", "in the team Others: propose to merge"),
        ],
    )
    def test_refuses_whoever_cannot_come(self, who, words):
        competition, user, team = make_pair()
        mate = make_user()
        make_team(competition, make_user("of_another"), make_user(), name="Others")
        Membership.objects.create(
            competition=competition,
            team=team,
            user=mate,
            rules_version=competition.rules_versions.get(),
        )
        make_user("inactive", is_active=False)
        names = {
            "self": user.username,
            "host": competition.host.username,
            "member": mate.username,
        }

        with pytest.raises(Refused, match=words):
            joining.invite(
                competition=competition, user=user, username=names.get(who, who)
            )

    def test_refuses_whoever_may_not_see_the_competition(self):
        competition, user, _ = make_pair(visibility="invited")

        with pytest.raises(Refused, match="its host must let them in"):
            invite(competition, user, make_user())

    @pytest.mark.parametrize(
        ("values", "words"),
        [
            ({"team_max_size": 1}, "everybody takes part alone"),
            ({"archived_at": timezone.now()}, "not open"),
            ({"closes_at": timezone.now() - timedelta(hours=1)}, "not open"),
            ({"team_deadline": timezone.now() - timedelta(hours=1)}, "until"),
        ],
        ids=["alone", "archived", "closed", "deadline"],
    )
    def test_refuses_where_teams_stay_as_they_are(self, values, words):
        competition, user, _ = make_pair()
        Competition.objects.filter(pk=competition.pk).update(**values)

        with pytest.raises(Refused, match=words):
            invite(competition, user, make_user())

    def test_mails_nobody_again_and_again(self):
        competition, user, _ = make_pair()
        other = make_user()
        for _ in range(20):
            joining.withdraw(invitation=invite(competition, user, other))

        with pytest.raises(Refused, match="asked 20 times within a day"):
            invite(competition, user, other)

        assert len(told(other, "team_invitation")) == 20

    def test_refuses_under_old_rules(self):
        competition, user, _ = make_pair()
        competition.rules_versions.create(number=2, text="New.")

        with pytest.raises(Refused) as refused:
            invite(competition, user, make_user())

        assert refused.value.status == 403


class TestAccept:
    def test_makes_a_stranger_a_participant_under_the_rules(self):
        competition, user, team = make_pair()
        other = make_user()
        invitation = invite(competition, user, other)
        with pytest.raises(Refused, match="accept them"):
            joining.accept(invitation=invitation, user=other)

        joining.accept(invitation=invitation, user=other, accept_rules=True)

        assert set(team.members.all()) == {user, other}
        competition.refresh_from_db()
        assert competition.team_count == 1
        assert told(user, "team_changed") == [
            f"{other.username} is in your team The Waders now"
        ]
        assert told(other, "team_changed") == []

    def test_takes_a_team_of_one_along_with_what_it_made(self):
        competition, user, team = make_pair()
        make_submission(team)
        other = make_user()
        alone = make_team(competition, other, name="Alone")
        made = make_submission(alone)
        invitation = invite(competition, user, other)

        joining.accept(invitation=invitation, user=other)

        made.refresh_from_db()
        alone.refresh_from_db()
        competition.refresh_from_db()
        assert (made.team, made.number) == (team, 2)
        assert (alone.merged_into, competition.team_count) == (team, 1)
        assert told(user, "team_changed") == ["The Waders and Alone are one team now"]

    def test_is_refused_in_a_full_team(self):
        competition, user, team = make_pair()
        invitations = [invite(competition, user, make_user()) for _ in range(3)]
        for one in invitations[:2]:
            joining.accept(invitation=one, user=one.user, accept_rules=True)

        with pytest.raises(Refused, match="at most 3.members here; The Waders has 3"):
            joining.accept(
                invitation=invitations[2],
                user=invitations[2].user,
                accept_rules=True,
            )

    def test_is_refused_in_a_team_that_was_disqualified(self):
        competition, user, team = make_pair()
        invitation = invite(competition, user, make_user())
        type(team).objects.update(disqualified_at=timezone.now())

        with pytest.raises(Refused, match="The Waders was disqualified"):
            joining.accept(
                invitation=invitation, user=invitation.user, accept_rules=True
            )

    def test_is_refused_to_strangers_after_the_entry_deadline(self):
        competition, user, _ = make_pair()
        other = make_user()
        invitation = invite(competition, user, other)
        Competition.objects.update(entry_deadline=timezone.now())

        with pytest.raises(Refused, match="Joining ended"):
            joining.accept(invitation=invitation, user=other, accept_rules=True)

    def test_answers_each_invitation_once(self):
        competition, user, _ = make_pair()
        other = make_user()
        invitation = invite(competition, user, other)
        joining.decline(invitation=invitation, user=other)

        with pytest.raises(Refused, match="declined already"):
            joining.accept(invitation=invitation, user=other, accept_rules=True)

        assert told(user, "team_changed") == [
            f"{other.username} does not join your team The Waders"
        ]

    def test_ends_the_other_invitations_of_whoever_comes(self):
        competition, user, _ = make_pair()
        other, rival = make_user(), make_user()
        make_team(competition, rival)
        invitation = invite(competition, user, other)
        invite(competition, rival, other)

        joining.accept(invitation=invitation, user=other, accept_rules=True)

        states = TeamInvitation.objects.order_by("pk").values_list("state", flat=True)
        assert list(states) == ["accepted", "withdrawn"]


class TestLink:
    def test_lets_anybody_come_who_has_it(self):
        competition, user, team = make_pair()
        link = joining.set_link(competition=competition, user=user, wanted=True).link
        other = make_user()

        joining.come_by_link(
            competition=competition, link=link, user=other, accept_rules=True
        )

        assert other in team.members.all()

    def test_is_void_once_a_new_one_is_made_or_none_is_wanted(self):
        competition, user, _ = make_pair()
        old = joining.set_link(competition=competition, user=user, wanted=True).link
        new = joining.set_link(competition=competition, user=user, wanted=True).link
        joining.set_link(competition=competition, user=user, wanted=False)

        for link in (old, new, ""):
            with pytest.raises(Refused, match="not valid any more"):
                joining.come_by_link(
                    competition=competition,
                    link=link,
                    user=make_user(),
                    accept_rules=True,
                )

    def test_lets_no_host_in(self):
        competition, user, _ = make_pair()
        link = joining.set_link(competition=competition, user=user, wanted=True).link

        with pytest.raises(Refused, match="You host this competition"):
            joining.come_by_link(
                competition=competition,
                link=link,
                user=competition.host,
                accept_rules=True,
            )
