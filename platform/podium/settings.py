"""Every setting of an installation; each PODIUM_ variable is read here, once."""

import secrets
import tempfile
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from podium.common import bucket_urls
from podium.common.logs import logging_configuration

ROOT = Path(__file__).resolve().parents[2]
env = environ.Env()


def _path(name: str, default: Path) -> Path:
    """A path from the environment; a relative one is relative to the repository."""
    return (ROOT / env.str(name, str(default))).resolve()


def _kept_secret(name: str) -> str:
    """A random word made once and kept, readable by its owner alone."""
    path = HOME / name
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(50))
    return path.read_text().strip()


def _make_home() -> None:
    """The folders below which everything is written."""
    try:
        for folder in (HOME, HOME / "uploads", HOME / "scratch", SOCKETS):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(
            f"PODIUM_HOME is {HOME}, which cannot be written ({error.strerror}): name "
            "a folder that belongs to you."
        ) from None


def _socket_folder() -> Path:
    """A folder whose sockets have a path that the kernel takes (107 bytes)."""
    if len(str(HOME)) < 80:
        return HOME / "run"
    name = "podium-" + sha256(str(HOME).encode()).hexdigest()[:12]
    return Path(tempfile.gettempdir()) / name


PRODUCTION = env.bool("PODIUM_PRODUCTION", False)
HOME = _path("PODIUM_HOME", ROOT / "var")
INSTANCE = sha256(str(HOME).encode()).hexdigest()[:8]
SOCKETS = _socket_folder()

_make_home()

HOST = env.str("PODIUM_HOST", "127.0.0.1")
PORT = env.int("PODIUM_PORT", 8000)
URL = env.str("PODIUM_URL", f"http://localhost:{PORT}").rstrip("/")

if PRODUCTION and not env.str("PODIUM_SECRET_KEY", ""):
    raise ImproperlyConfigured(
        "PODIUM_SECRET_KEY is missing: production needs a secret of its own, "
        "at least 50 random characters."
    )
SECRET_KEY = env.str("PODIUM_SECRET_KEY", "") or _kept_secret("secret-key")
DEBUG = False

_site = urlsplit(URL)
ALLOWED_HOSTS = [_site.hostname]
CSRF_TRUSTED_ORIGINS = [f"{_site.scheme}://{_site.netloc}"]
if not PRODUCTION:
    ALLOWED_HOSTS += ["localhost", "127.0.0.1"]
    CSRF_TRUSTED_ORIGINS += [f"http://localhost:{PORT}", f"http://127.0.0.1:{PORT}"]

INSTALLED_APPS = [
    "podium.apps.PodiumConfig",  # first: it installs the broker
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.sitemaps",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "django_htmx",
    "csp",
    "knox",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "podium.common",
    "podium.accounts",
    "podium.notices",
    "podium.datasets",
    "competitions",
    "podium.credentials",
    "podium.portfolio",
    "podium.site",
    "podium.site.reports",
]

MIDDLEWARE = [
    "podium.common.middleware.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "podium.site.middleware.VisitorGZipMiddleware",
    "podium.site.middleware.PageCacheMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "podium.common.middleware.BodyLimitMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "podium.accounts.middleware.TimeZoneMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "podium.site.middleware.LostFormMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "podium.urls"
WSGI_APPLICATION = "podium.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "podium.common.context.site",
                "podium.notices.context.bell",
            ],
            "builtins": ["podium.common.templatetags.podium"],
        },
    }
]

# Where things are kept

_sqlite = {
    "ENGINE": "django.db.backends.sqlite3",
    "NAME": HOME / "podium.sqlite3",
    "OPTIONS": {
        # Writers that read first fail under load in Django's default mode.
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    },
}
DATABASE_URL = env.str("PODIUM_DATABASE_URL", "")
DATABASES = {"default": _sqlite}
if DATABASE_URL.startswith("sqlite:"):
    _sqlite["NAME"] = env.db_url_config(DATABASE_URL)["NAME"]
elif DATABASE_URL:
    DATABASES["default"] = env.db_url_config(DATABASE_URL) | {
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {"pool": {"min_size": 1, "max_size": 16, "timeout": 20}},
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

EMBEDDED_BROKER = not env.str("PODIUM_BROKER_URL", "")
BROKER_SOCKET = SOCKETS / "valkey.sock"
BROKER_URL = env.str("PODIUM_BROKER_URL", "") or f"unix://{BROKER_SOCKET}"
# Two installations that share a broker need different prefixes.
QUEUE_PREFIX = env.str("PODIUM_QUEUE_PREFIX", "podium-")

# Rate limits are shared by all web processes and must outlive the broker.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "podium_cache",
        # Beyond this entries are thrown out, and with them somebody's limit.
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}


def _storage(name: str, default: Path) -> dict:
    """A folder, or a bucket of an S3-compatible store; its keys stand in AWS_…"""
    url = env.str(name, str(default))
    if url.startswith("s3://"):
        try:
            options = bucket_urls.options_of(url)
        except ValueError as error:
            raise ImproperlyConfigured(f"{name} {error}.") from error
        return {"BACKEND": "podium.common.buckets.BucketStorage", "OPTIONS": options}
    if "://" in url:
        raise ImproperlyConfigured(
            f"{name} is {url.split('://')[0]}://…: it must be a folder or "
            "s3://BUCKET?endpoint=…&region=…."
        )
    backend = "podium.common.storages.FolderStorage"
    return {"BACKEND": backend, "OPTIONS": {"location": ROOT / url}}


STORAGES = {
    "private": _storage("PODIUM_STORAGE_URL", HOME / "private"),
    "public": _storage("PODIUM_PUBLIC_STORAGE_URL", HOME / "public"),
    "default": _storage("PODIUM_STORAGE_URL", HOME / "private"),
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
FILE_UPLOAD_TEMP_DIR = HOME / "uploads"
LOCAL_COPIES = HOME / "copies"  # of files that lie in a bucket
LOCAL_COPIES_BYTES = 20 * 10**9
SCRATCH = HOME / "scratch"  # where runs unpack; emptied after each
# An upload goes to disk from its first byte, so that it can be moved, not copied.
FILE_UPLOAD_HANDLERS = ["podium.common.uploads.HashedUploadHandler"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000

# The private keys that credentials are signed with; files of the owner alone
CREDENTIAL_KEYS = _path("PODIUM_CREDENTIAL_KEYS", HOME / "credential-keys")

# Who may come in

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
REQUIRE_EMAIL = env.bool("PODIUM_REQUIRE_EMAIL", PRODUCTION)
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory" if REQUIRE_EMAIL else "optional"
ACCOUNT_ADAPTER = "podium.accounts.adapters.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "podium.accounts.allauth_forms.SignInForm",
    "signup": "podium.accounts.allauth_forms.SignUpForm",
    "reauthenticate": "podium.accounts.allauth_forms.ProveForm",
    "add_email": "podium.accounts.allauth_forms.NewAddressForm",
}
ACCOUNT_USERNAME_VALIDATORS = "podium.accounts.names.username_validators"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
ACCOUNT_CHANGE_EMAIL = True  # one address; a new one counts once it is confirmed
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True  # the old address is told what changed
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ALLAUTH_TRUSTED_PROXY_COUNT = 1 if PRODUCTION else 0

# A second factor, and keys instead of a password
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_FORMS = {"add_webauthn": "podium.accounts.allauth_forms.AddKeyForm"}
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Podium"
MFA_TOTP_TOLERANCE = 1  # clocks that are up to half a minute off
# Browsers offer keys on localhost without HTTPS as well.
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = _site.scheme == "http"

# Signing in by way of others, where the operator has registered Podium with them
SOCIALACCOUNT_PROVIDERS = {}
_SIGN_IN_ADDRESSES = {
    "github": "https://github.com",
    "google": "https://accounts.google.com",
}
for _name in _SIGN_IN_ADDRESSES:
    _id = env.str(f"PODIUM_{_name.upper()}_ID", "")
    _secret = env.str(f"PODIUM_{_name.upper()}_SECRET", "")
    if bool(_id) != bool(_secret):
        raise ImproperlyConfigured(
            f"PODIUM_{_name.upper()}_ID and PODIUM_{_name.upper()}_SECRET belong "
            "together: set both or neither."
        )
    if _id:
        INSTALLED_APPS.append(f"allauth.socialaccount.providers.{_name}")
        SOCIALACCOUNT_PROVIDERS[_name] = {
            "APPS": [{"client_id": _id, "secret": _secret, "key": ""}]
        }
if "github" in SOCIALACCOUNT_PROVIDERS:
    SOCIALACCOUNT_PROVIDERS["github"]["SCOPE"] = ["user:email"]
if "google" in SOCIALACCOUNT_PROVIDERS:
    SOCIALACCOUNT_PROVIDERS["google"]["SCOPE"] = ["profile", "email"]
    SOCIALACCOUNT_PROVIDERS["google"]["OAUTH_PKCE_ENABLED"] = True
HOSTING = env.str("PODIUM_HOSTING", "open")

EMAIL_URL = env.str("PODIUM_EMAIL_URL", "consolemail://")
vars().update(env.email_url_config(EMAIL_URL))
DEFAULT_FROM_EMAIL = env.str("PODIUM_EMAIL_FROM", f"podium@{_site.hostname}")

SESSION_COOKIE_NAME = f"podium_{INSTANCE}_session"
CSRF_COOKIE_NAME = f"podium_{INSTANCE}_csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_SSL_REDIRECT = False  # the proxy in front redirects; health checks are plain
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PRODUCTION else None
SECURE_HSTS_SECONDS = 31_536_000 if PRODUCTION else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = PRODUCTION
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        # Browsers hold the redirect after a form to this as well.
        "form-action": [
            SELF,
            *(_SIGN_IN_ADDRESSES[name] for name in SOCIALACCOUNT_PROVIDERS),
        ],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}

# REST

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "podium.accounts.authentication.BearerToken",
        "podium.accounts.authentication.PageSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "podium.common.paging.CursorPages",
    "PAGE_SIZE": 50,
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "podium.common.problems.problem_details",
    "DEFAULT_THROTTLE_RATES": {
        "tokens": "20/min",  # of one account
        "token_addresses": "120/min",
        "uploads": "300/min",  # of one user; the quota is what limits submissions
    },
    # In production a proxy stands in front; elsewhere its header is anybody's word.
    "NUM_PROXIES": 1 if PRODUCTION else 0,
    "DATETIME_FORMAT": "%Y-%m-%dT%H:%M:%SZ",
}
REST_KNOX = {
    "AUTH_HEADER_PREFIX": "Bearer",
    "TOKEN_TTL": None,
    "TOKEN_MODEL": "accounts.ApiToken",
}
KNOX_TOKEN_MODEL = "accounts.ApiToken"
# Its migrations would make a table of tokens beside ours, which nothing uses.
MIGRATION_MODULES = {"knox": None}
SPECTACULAR_SETTINGS = {
    "TITLE": "Podium",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": r"/api/v1",
    "ENUM_NAME_OVERRIDES": {
        "Practitioner": "podium.accounts.models.User.Practitioner",
        "CompetitionStatus": "competitions.models.Competition.Status",
        "SubmissionStatus": "competitions.models.Submission.Status",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "podium.common.schema.tell_problems",
    ],
}

# Scoring

# Outputs of runs that no longer count; 0: all are kept. See competitions.retention
KEEP_OUTPUTS_DAYS = env.int("PODIUM_KEEP_OUTPUTS_DAYS", 0)
WORKERS = env.int("PODIUM_WORKERS", 0)  # 0: one for each core
DEVICES = env.str("PODIUM_DEVICES", "auto")
SANDBOX = env.str("PODIUM_SANDBOX", "strict")
if SANDBOX not in {"strict", "unsafe"}:
    raise ImproperlyConfigured(
        f"PODIUM_SANDBOX is {SANDBOX!r}: it must be strict or unsafe."
    )
DEMO = env.bool("PODIUM_DEMO", True) and not PRODUCTION

LANGUAGE_CODE = "en"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False
SILENCED_SYSTEM_CHECKS: list[str] = []
LOGGING = logging_configuration()
