"""Django's settings, all derived from the one configuration file (see `config`)."""

import os
import tempfile
from pathlib import Path

from django.utils.csp import CSP

from alongside.ground.gate.limits import LARGEST_FILE
from alongside.site import config, database, languages, logs, rooms
from alongside.site import config as configuration

TESTING = "PYTEST_VERSION" in os.environ
HERE = Path(__file__).resolve().parent.parent

try:
    if TESTING and not {"ALONGSIDE_CONFIG", "ALONGSIDE_DATA"} & os.environ.keys():
        ALONGSIDE = configuration.load(None, data=Path(tempfile.mkdtemp(prefix="alongside-test-")))
    else:
        ALONGSIDE = configuration.from_environment()
    COMPILED: list[Path] = []
    TONGUES: dict[str, languages.Tongue] = {}
    if ALONGSIDE.languages != Path():
        from alongside.site import catalogues  # it takes time that a site without a folder does not need

        COMPILED, TONGUES = catalogues.brought(ALONGSIDE.languages, ALONGSIDE.data)
except config.BadConfigError as error:
    configuration.stop(error)

DATA = ALONGSIDE.data
PRODUCTION = ALONGSIDE.production
SECRET_KEY = ALONGSIDE.secret
DEBUG = ALONGSIDE.debug
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]  # by these names the machine itself asks whether it is well
ALLOWED_HOSTS = [ALONGSIDE.host, *LOOPBACK, *([] if PRODUCTION else ["testserver"])]
CSRF_TRUSTED_ORIGINS = [ALONGSIDE.address] if PRODUCTION else []
READER_ORIGIN = ALONGSIDE.reader_origin  # the one other address whose reader may use the reader's doors
ROOT_URLCONF = "alongside.site.urls"
WSGI_APPLICATION = "alongside.site.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"


INSTALLED_APPS = [
    *rooms.APPS,  # first, so that our templates win over allauth's
    *(
        ["django_linear_migrations"] if rooms.on_disk("django_linear_migrations") else []
    ),  # a tool of development
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "django_tasks_db",
    "alongside.site",  # last, because it unhooks what others hook
]
AUTH_USER_MODEL = "people.Person"

MIDDLEWARE = [
    "alongside.site.reached.ReachedMiddleware",
    "alongside.site.page_cache.PageCacheMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "alongside.site.middleware.PolicyMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "alongside.site.middleware.CachingMiddleware",
    "alongside.site.middleware.PlaceMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "alongside.site.middleware.OriginMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "alongside.site.middleware.ViewerMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "alongside.site.middleware.SigningMiddleware",
    "alongside.site.middleware.RefusalMiddleware",
]

DATABASES = database.databases(ALONGSIDE)
URLIZE_ASSUME_HTTPS = True  # an address without its scheme is linked as https, as Django 2028 will
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}


MAILERS = {"default": config.mailer(ALONGSIDE)}
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ALONGSIDE.mail.sender

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "alongside.ground.ui.context.look",
            ],
        },
    },
]

FORM_RENDERER = "alongside.ground.ui.forms.Renderer"

# Words and time.
USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
languages.teach_django(TONGUES.values())
LANGUAGES = languages.with_brought(TONGUES)
OUR_LANGUAGES = languages.spoken(TONGUES)
#: What no person has read yet waits for one: it is offered to nobody, but in a demonstration.
UNREVIEWED_LANGUAGES = languages.unread(TONGUES)
READY_LANGUAGES = languages.ready(TONGUES)
LOCALE_PATHS = [*COMPILED, HERE / "locale"]
FORMAT_MODULE_PATH = "alongside.site.formats"

# Files. Pages name files by their digest; under pytest nothing is collected, so names stay plain.
STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TESTING
        else "whitenoise.storage.CompressedManifestStaticFilesStorage",
    },
}
WHITENOISE_USE_FINDERS = TESTING
WHITENOISE_AUTOREFRESH = TESTING
FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = LARGEST_FILE + 64 * 1024  # a larger body brings no file at all
DATA_UPLOAD_MAX_MEMORY_SIZE = 512 * 1024

# What a browser may do with our pages.
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "media-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "worker-src": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["page", "worker", "'allow-duplicates'"],
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = (
    "same-origin"  # "no-referrer" makes browsers send "Origin: null", and every form fails
)
CSRF_FAILURE_VIEW = "alongside.site.pages.stale"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_HSTS_SECONDS = 31536000 if PRODUCTION else 0
SECURE_SSL_REDIRECT = PRODUCTION and not ALONGSIDE.serve.behind_proxy
SECURE_REDIRECT_EXEMPT = [r"^(health|live|ready|metrics)$"]  # asked by this machine, without a certificate
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ALONGSIDE.serve.behind_proxy else None

SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # the operator's other subdomains are not ours to bind
    "security.W021",  # nor is the browsers' preload list
    *(["security.W008"] if ALONGSIDE.serve.behind_proxy else []),  # the proxy redirects
]

# Only two cookies exist, and only for people who sign in.
SESSION_ENGINE = "alongside.site.sessions"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PRODUCTION
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

# Signing in: an emailed code or a passkey; no passwords, no strangers.
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
ALLAUTH_TRUSTED_PROXY_COUNT = int(ALONGSIDE.serve.behind_proxy)
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_ADAPTER = "alongside.site.accounts.Adapter"
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60
# Not by the address that is typed, as allauth would: a stranger would keep its owner out (see account_urls.asks_too_often).
ACCOUNT_RATE_LIMITS = {"request_login_code": "20/m/ip"}
ACCOUNT_SESSION_REMEMBER = True
MFA_ADAPTER = "alongside.site.accounts.SpareCodes"
MFA_SUPPORTED_TYPES = ["webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not PRODUCTION
SOCIALACCOUNT_ADAPTER = "alongside.site.provider.Doorkeeper"
SOCIALACCOUNT_LOGIN_ON_GET = False
LOGIN_REDIRECT_URL = "/"

# Logs and error reports hold no personal data.
LOGGING = logs.logging_in(ALONGSIDE.log.form)
DEFAULT_EXCEPTION_REPORTER = "alongside.site.logs.ScrubbedReporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "alongside.site.logs.ScrubbedFilter"
