"""The team's page: what each reads on it, what its buttons do, what it refuses."""

import pytest

from competitions import services
from competitions.models import Competition, MergeProposal, TeamInvitation
from competitions.teams import joining, members, merging
from tests.factories import make_competition, make_submission, make_team, make_user
from tests.pages import browser_of, html_of, queries_of, words_of

pytestmark = pytest.mark.django_db


def make_scene(**values):
    """A competition for teams of three, a participant, and their team."""
    values.setdefault("team_max_size", 3)
    competition = make_competition(**values)
    user = make_user("mira")
    return competition, user, make_team(competition, user, name="The Waders")


def page(competition, rest="") -> str:
    return f"/competitions/{competition.slug}/team/{rest}"


def post(competition, user, rest, **fields):
    return browser_of(user).post(page(competition, rest), fields)


def told(client, response) -> str:
    return words_of(client.get(response.url))


class TestPage:
    def test_shows_members_quota_and_what_can_be_done(self):
        competition, user, team = make_scene(quota_per_day=5, quota_total=100)
        make_submission(team)

        words = words_of(browser_of(user).get(page(competition)))

        assert "The Waders" in words
        assert "1 of 3 members" in words
        assert "Today 4 of 5" in words
        assert "In all 99 of 100" in words
        assert "Grow the team" in words
        assert "so its members stay" in words

    def test_lists_charges_and_refunds_with_their_causes(self):
        competition, user, team = make_scene()
        services.cancel(submission=make_submission(team))

        words = words_of(browser_of(user).get(page(competition)))

        assert "No. 1 by mira given back: cancelled before it ran +1" in words
        assert "No. 1 by mira submitted −1" in words

    def test_leads_strangers_to_the_rules_and_hosts_nowhere(self):
        competition, _, _ = make_scene()

        strangers = words_of(browser_of(make_user()).get(page(competition)))
        hosts = words_of(browser_of(competition.host).get(page(competition)))

        assert "Read the rules and join" in strangers
        assert "Hosts take no part" in hosts

    def test_says_so_where_everybody_takes_part_alone(self):
        competition, user, _ = make_scene(team_max_size=1)

        words = words_of(browser_of(user).get(page(competition)))

        assert "everybody takes part alone" in words
        assert "Grow the team" not in words

    def test_has_no_script_in_names_and_pitches(self):
        competition, user, _ = make_scene()
        other = make_user()
        make_team(competition, other, name="<script>alert(1)</script>")
        members.seek(
            competition=competition, user=other, is_seeking=True, pitch="<img src=x>"
        )

        html = html_of(browser_of(user).get(page(competition)))

        assert "<script>alert" not in html
        assert "&lt;img src=x&gt;" in html

    def test_takes_as_many_queries_with_many_rows_as_with_one(self):
        competition, user, team = make_scene(team_max_size=30)

        def add():
            other = make_user()
            make_team(competition, other)
            members.seek(competition=competition, user=other, is_seeking=True)
            merging.propose(competition=competition, user=other, other=team)
            make_submission(team)
            invited = make_user().username
            joining.invite(competition=competition, user=user, username=invited)

        add()
        few = queries_of(browser_of(user), page(competition))
        for _ in range(4):
            add()

        # Each proposal is summed up by two queries of its own, twenty at the most.
        many = queries_of(browser_of(user), page(competition))
        assert many - few <= 2 * 4


class TestInvite:
    def test_asks_by_name_and_takes_it_back(self):
        competition, user, _ = make_scene()
        make_user("joao")
        client = browser_of(user)

        response = client.post(page(competition, "invite/"), {"username": "joao"})

        assert response.status_code == 303
        assert "joao invited" in told(client, response)
        invitation = TeamInvitation.objects.get()
        client.post(
            page(competition, f"invitations/{invitation.pk}/"), {"deed": "withdraw"}
        )
        assert "joao invited" not in words_of(client.get(page(competition)))

    def test_says_at_the_field_what_is_wrong_and_keeps_it(self):
        competition, user, _ = make_scene()

        html = html_of(post(competition, user, "invite/", username="nobdy"), 400)

        assert "Nobody here has the user name “nobdy”" in html
        assert 'value="nobdy"' in html

    def test_shows_the_invited_what_it_is_and_takes_their_answer(self):
        competition, user, team = make_scene()
        other = make_user("joao")
        post(competition, user, "invite/", username="joao")
        client, answer = browser_of(other), TeamInvitation.objects.get().pk

        assert "mira invited you" in words_of(client.get(page(competition)))
        address = page(competition, f"invitations/{answer}/")
        refused = client.post(address, {"deed": "accept"})
        assert "accept them" in told(client, refused)
        taken = client.post(address, {"deed": "accept", "accept_rules": "on"})

        assert "You are in the team The Waders now" in told(client, taken)
        assert other in team.members.all()

    def test_lets_nobody_answer_for_others(self):
        competition, user, _ = make_scene()
        make_user("joao")
        post(competition, user, "invite/", username="joao")
        address = f"invitations/{TeamInvitation.objects.get().pk}/"

        for deed, who in (("accept", user), ("withdraw", make_user())):
            assert post(competition, who, address, deed=deed).status_code == 404


class TestLink:
    def test_leads_to_the_team_and_in(self):
        competition, user, team = make_scene()
        post(competition, user, "link/", wanted="true")
        team.refresh_from_db()
        client = browser_of(make_user("ada"))
        address = page(competition, f"join/{team.link}/")

        assert "Become a member of The Waders" in words_of(client.get(address))
        assert client.post(address).status_code == 403
        assert client.post(address, {"accept_rules": "on"}).status_code == 303

        assert team.members.count() == 2

    def test_that_is_void_answers_404(self):
        competition, user, team = make_scene()
        post(competition, user, "link/", wanted="true")
        team.refresh_from_db()
        post(competition, user, "link/")

        answer = browser_of(make_user()).get(page(competition, f"join/{team.link}/"))

        assert answer.status_code == 404

    def test_of_a_private_competition_lets_no_stranger_see_it(self):
        competition, user, team = make_scene()
        post(competition, user, "link/", wanted="true")
        team.refresh_from_db()
        Competition.objects.update(visibility="private")

        answer = browser_of(make_user()).get(page(competition, f"join/{team.link}/"))

        assert answer.status_code == 404


class TestRename:
    def test_changes_the_name_everywhere(self):
        competition, user, team = make_scene()

        post(competition, user, "rename/", name="  The   Divers ")

        team.refresh_from_db()
        assert team.name == "The Divers"

    @pytest.mark.parametrize(
        ("name", "status", "words"),
        [
            ("", 400, "Type a name"),
            ("\u202e", 400, "Type a name"),
            ("x" * 81, 400, "at most 80 characters"),
            ("OTHERS", 409, "is called Others already"),
        ],
        ids=["empty", "invisible", "long", "taken"],
    )
    def test_says_at_the_field_what_is_wrong(self, name, status, words):
        competition, user, _ = make_scene()
        make_team(competition, name="Others")

        assert words in words_of(post(competition, user, "rename/", name=name), status)


class TestLeave:
    def test_goes_on_alone_from_a_team_that_has_submitted_nothing(self):
        competition, user, team = make_scene()
        mate = make_user("joao")
        invitation = joining.invite(competition=competition, user=user, username="joao")
        joining.accept(invitation=invitation, user=mate, accept_rules=True)

        post(competition, mate, "leave/")

        assert list(team.members.all()) == [user]
        assert mate.teams.get().name == "joao"
        competition.refresh_from_db()
        assert competition.team_count == 2

    def test_ends_taking_part_for_whoever_is_alone(self):
        competition = make_competition(team_max_size=3)
        user = make_user()
        services.join(competition=competition, user=user)

        response = post(competition, user, "leave/")

        assert response.url == f"/competitions/{competition.slug}/"
        assert not user.memberships.exists()
        competition.refresh_from_db()
        assert competition.team_count == 0

    def test_is_refused_once_the_team_has_submitted(self):
        competition, user, team = make_scene()
        make_submission(team)
        client = browser_of(user)

        response = client.post(page(competition, "leave/"))

        assert "from then on its members stay" in told(client, response)
        assert user.memberships.exists()


class TestMerge:
    def test_is_found_proposed_and_accepted(self):
        competition, user, team = make_scene()
        other = make_user("ada")
        theirs = make_team(competition, other, name="The Divers")
        make_submission(theirs)
        post(competition, other, "seek/", is_seeking="on", pitch="We know forests.")
        client = browser_of(user)

        assert "We know forests." in words_of(client.get(page(competition)))
        client.post(page(competition, "merge/"), {"team": theirs.pk})
        asked = words_of(browser_of(other).get(page(competition)))
        assert "Another team asks yours to merge" in asked
        assert "Together you would be 2, with 1 submission" in asked
        proposal = MergeProposal.objects.get()
        post(competition, other, f"mergers/{proposal.pk}/", deed="accept")

        assert team.members.count() == 2
        assert "merged with The Divers" in words_of(client.get(page(competition)))

    def test_of_no_team_answers_404_and_of_one_too_large_says_why(self):
        competition, user, _ = make_scene(team_max_size=2)
        other = make_team(competition, make_user(), make_user())
        client = browser_of(user)

        for team in ("", "x", "9" * 30, 10**9):
            response = client.post(page(competition, "merge/"), {"team": team})
            assert response.status_code == 404
        refused = client.post(page(competition, "merge/"), {"team": other.pk})

        assert "Together you would be 3" in told(client, refused)

    def test_lets_nobody_answer_for_others(self):
        competition, user, _ = make_scene()
        other = make_team(competition)
        post(competition, user, "merge/", team=other.pk)
        address = f"mergers/{MergeProposal.objects.get().pk}/"

        for deed, who in (("accept", user), ("withdraw", other.members.get())):
            assert post(competition, who, address, deed=deed).status_code == 404

    def test_frees_the_name_of_the_part_that_merged(self):
        competition, user, team = make_scene()
        other = make_team(competition, name="The Divers")
        make_submission(other)
        proposal = merging.propose(competition=competition, user=user, other=other)
        merging.accept(proposal=proposal, user=other.members.first())

        post(competition, user, "rename/", name="The Divers")

        team.refresh_from_db()
        assert team.name == "The Divers"
