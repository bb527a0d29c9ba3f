"""python manage.py import_competition"""

import pytest
from django.core.management import call_command

from competitions.models import Competition
from tests.competitions import folder_files as given
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def run(capsys):
    """Run the command; returns code, out and err."""

    def run(*arguments):
        code = 0
        try:
            call_command("import_competition", *map(str, arguments))
        except SystemExit as end:
            code = end.code
        told = capsys.readouterr()
        return code, told.out, told.err

    return run


class TestImportCompetition:
    def test_prints_the_address(self, run, tmp_path, settings):
        settings.URL = "https://podium.example"
        given.write_folder(tmp_path, given.FILES)

        done = run(tmp_path, "--host", make_user().username, "--publish")

        line = "Imported as published: https://podium.example/competitions/birds/\n"
        assert done == (0, line, "")
        assert Competition.objects.get().status == "open"

    def test_makes_a_draft_under_another_name(self, run, tmp_path):
        given.write_folder(tmp_path, given.FILES)

        code, out, _ = run(tmp_path, "--host", make_user().username, "--slug", "gulls")

        assert (
            code == 0 and "as a draft" in out and out.endswith("/competitions/gulls/\n")
        )
        assert Competition.objects.get().status == "draft"

    def test_prints_each_fault_on_a_line_and_fails(self, run, tmp_path):
        given.write_folder(tmp_path, given.with_lines("late: yes", "finale: 2"))

        code, out, err = run(tmp_path, "--host", make_user().username)

        assert (code, out) == (1, "")
        assert err.splitlines() == [
            "competition.yaml, late (line 15): must be true or false",
            "competition.yaml, finale (line 16): is no known key: did you mean finals?",
        ]

    def test_wants_a_host_that_exists(self, run, tmp_path):
        assert run(tmp_path, "--host", "nobody") == (
            1,
            "",
            "There is no user 'nobody': create_user makes one.\n",
        )

    def test_wants_a_folder_that_exists(self, run, tmp_path):
        missing = tmp_path / "missing"

        code, _, err = run(missing, "--host", make_user().username)

        assert (code, err) == (1, f"There is no folder or file {missing}.\n")

    def test_refuses_who_may_not_host(self, run, tmp_path, settings):
        settings.HOSTING = "approved"
        given.write_folder(tmp_path, given.FILES)

        code, _, err = run(tmp_path, "--host", make_user("mira").username)

        assert code == 1
        assert err == "mira may not host competitions here: staff must allow it.\n"
