#!/usr/bin/env python
"""Django's commands, with platform/ on the path."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent


def main() -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "podium.settings")
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.HOME  # noqa: B018  (reads the settings)
    except (ImproperlyConfigured, ValueError) as error:
        sys.exit(f"Podium cannot start: {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    if not (3, 11) <= sys.version_info[:2] <= (3, 13):
        sys.exit("Podium needs Python 3.11, 3.12 or 3.13.")
    main()
