"""python manage.py doctor"""

import json
import sys
import textwrap
from dataclasses import asdict

from django.core.management.base import BaseCommand

from podium.site import doctor

WIDTH = 88
INDENT = "         "


class Command(BaseCommand):
    help = "Say what this installation has and lacks, a sentence each."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="for programs")
        parser.add_argument(
            "--quick", action="store_true", help="without the test run of a model"
        )

    def handle(self, *, json, quick, **options):
        findings = doctor.examine(with_trial=not quick)
        lacking = self._as_json(findings) if json else self._as_text(findings)
        if lacking:
            sys.exit(1)

    def _as_json(self, findings) -> int:
        found = list(findings)
        lacking = sum(each.state == doctor.LACKS for each in found)
        told = {"ok": not lacking, "findings": [asdict(each) for each in found]}
        self.stdout.write(json.dumps(told, indent=2, ensure_ascii=False))
        return lacking

    def _as_text(self, findings) -> int:
        """Each as soon as it is known; some take seconds."""
        about, lacking = "", 0
        for each in findings:
            if each.about != about:
                about = each.about
                self.stdout.write(about)
            lacking += each.state == doctor.LACKS
            line = f"  {each.state:<6} {each.sentence}"
            wrapped = textwrap.wrap(
                line,
                WIDTH,
                subsequent_indent=INDENT,
                break_long_words=False,
                break_on_hyphens=False,
            )
            self.stdout.write("\n".join(wrapped))
            self.stdout.flush()
        self.stdout.write(_summary(lacking))
        return lacking


def _summary(lacking: int) -> str:
    if not lacking:
        return "\nNothing that is needed is missing."
    if lacking == 1:
        return "\nOne thing that is needed is missing."
    return f"\n{lacking} things that are needed are missing."
