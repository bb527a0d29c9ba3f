"""Entry point of the web server.

WSGI, not ASGI: nothing here waits for events, and under ASGI Django reads a file that
it streams into memory first.
"""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [p for p in (str(ROOT), str(ROOT / "platform")) if p not in sys.path]
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podium.settings")

from django.core.wsgi import get_wsgi_application  # noqa: E402

application = get_wsgi_application()
