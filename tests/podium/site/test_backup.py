"""An installation as one file, and back again: rows, files and keys are equal."""

import hashlib
import io
import json
import tarfile
from datetime import UTC, datetime

import pytest
from django.core.files.storage import storages

from competitions.models import LeaderboardEntry, Submission
from podium.accounts.models import User
from podium.common.files import store_bytes
from podium.common.models import StoredFile
from podium.site import backup
from podium.site.backup import rows
from tests.factories import make_competition, make_scored, make_team, make_user

# SQLite copies no database in the middle of a transaction.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def home(settings, tmp_path):
    """An installation with a board, and keys of its own."""
    settings.HOME = tmp_path / "home"
    settings.CREDENTIAL_KEYS = settings.HOME / "keys"
    settings.CREDENTIAL_KEYS.mkdir(parents=True)
    (settings.HOME / "secret-key").write_text("secret")
    (settings.CREDENTIAL_KEYS / "a.pem").write_text("private")
    competition = make_competition(slug="digits", title="Ziffern – 数字")
    for number, score in enumerate((0.1 + 0.2, 0.5, 0.5)):
        team = make_team(competition, make_user(f"ada-{number}"))
        made = make_scored(team, public=score)
        at = datetime(2026, 1, 2, 3, 4, 5, 123_456 + number, UTC)
        Submission.objects.filter(pk=made.pk).update(created_at=at)
    store_bytes(b"kept for a reason")
    return settings.HOME


def everything():
    """All rows of all tables, as they are written."""
    return {
        model._meta.label: list(model._base_manager.order_by("pk").values())
        for model in rows.kept_models()
    }


def empty(home):
    """As a new installation is: migrated, and nothing in it."""
    for stored in StoredFile.objects.all():
        storages[stored.store].delete(stored.name)
    rows.replace_rows(iter(()))
    (home / "secret-key").write_text("another")
    (home / "keys" / "a.pem").unlink()


class TestBackup:
    @pytest.mark.services
    def test_is_restored_equal(self, home, tmp_path):
        path = tmp_path / "all.tar"
        before = everything()
        digests = {stored.name: stored.sha256 for stored in StoredFile.objects.all()}

        manifest = backup.make_backup(path)
        empty(home)
        backup.restore_backup(path)

        assert everything() == before
        assert manifest["tables"]["competitions.LeaderboardEntry"]["rows"] > 0
        assert path.stat().st_mode & 0o077 == 0
        assert [found.name for found in tmp_path.glob(".*")] == []
        for stored in StoredFile.objects.all():
            with stored.open() as file:
                assert hashlib.sha256(file.read()).hexdigest() == digests[stored.name]
        assert (home / "secret-key").read_text() == "secret"
        assert (home / "keys" / "a.pem").read_text() == "private"
        assert (home / "keys" / "a.pem").stat().st_mode & 0o077 == 0
        # It goes on counting where it was.
        team = make_team(LeaderboardEntry.objects.first().competition)
        assert make_scored(team, public=0.9).pk

    def test_that_fails_leaves_nothing(self, home, tmp_path):
        stored = StoredFile.objects.first()
        storages[stored.store].delete(stored.name)

        with pytest.raises(OSError, match=stored.sha256):
            backup.make_backup(tmp_path / "all.tar")

        assert sorted(path.name for path in tmp_path.iterdir()) == ["home"]


class TestRestore:
    def test_refuses_what_is_not_whole_or_not_for_it(self, home, tmp_path):
        path = tmp_path / "all.tar"
        manifest = backup.make_backup(path)
        content = path.read_bytes()
        assert content.count(b"kept for a reason") == 1

        assert "has accounts or competitions already" in refused(path)
        empty(home)
        path.write_bytes(content[: len(content) // 2])
        assert "not a whole backup" in refused(path)
        path.write_bytes(content.replace(b"for a reason", b"for a treaso"))
        assert "is damaged" in refused(path)
        rewrite(path, {**manifest, "migrations": ["competitions.9999_later"]})
        assert "newer version (it has competitions.9999_later)" in refused(path)
        rewrite(path, {**manifest, "migrations": []})
        assert "older version (it lacks " in refused(path)

        assert not User.objects.exists() and not StoredFile.objects.exists()


def refused(path) -> str:
    with pytest.raises(backup.BackupFault) as caught:
        backup.restore_backup(path)
    return str(caught.value)


def rewrite(path, manifest):
    content = json.dumps(manifest).encode()
    with tarfile.open(path, "w") as archive:
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
