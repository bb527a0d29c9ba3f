"""The settings of a test run: a home of its own, and a broker in memory."""

import atexit
import os
import shutil
import tempfile

_home = tempfile.mkdtemp(prefix="podium-test-")
atexit.register(shutil.rmtree, _home, ignore_errors=True)
os.environ["PODIUM_HOME"] = _home
os.environ.setdefault("PODIUM_BROKER_URL", "stub://")
os.environ.pop("PODIUM_PRODUCTION", None)

os.environ["PODIUM_QUEUE_PREFIX"] = f"podium-test-{os.getpid()}-"

from podium.settings import *  # noqa: E402, F403

STATIC_ROOT.mkdir()  # noqa: F405
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES["staticfiles"] = {  # noqa: F405
    "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
}
ACCOUNT_RATE_LIMITS = False
# A file, not memory: threads and real workers of a test see the same rows.
DATABASES["default"]["TEST"] = {"NAME": HOME / "test.sqlite3"}  # noqa: F405
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    # No pool: it would hold the test database open when it is to be dropped.
    DATABASES["default"]["OPTIONS"] = {}  # noqa: F405
    DATABASES["default"]["TEST"] = {"NAME": f"test_podium_{os.getpid()}"}  # noqa: F405
