"""The outbox: each mail leaves at most once, and a failure breaks nothing."""

from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core import mail as django_mail
from django.core.mail.backends import locmem
from django.utils import timezone

from podium.notices import mail, services
from podium.notices.models import Kind, Notice
from tests.podium.accounts.people import make_confirmed

pytestmark = pytest.mark.django_db


def make_notice(user=None, **values):
    values = {
        "user": user or make_confirmed(display_name="Mira"),
        "kind": Kind.SUBMISSION_SCORED,
        "subject": "submission:7",
        "title": "Submission 7 in “A & <i>B</i>” scored 0.91",
        "text": "That is the best of mira-k so far.",
        "url": "/submissions/7/",
        "mail": "waiting",
        **values,
    }
    return Notice.objects.create(**values)


class Broken(locmem.EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError("no server")


@pytest.fixture
def no_server(settings):
    settings.EMAIL_BACKEND = f"{__name__}.Broken"


class TestDeliver:
    def test_sends_text_and_html(self):
        make_notice()

        assert mail.deliver() == 1

        (sent,) = django_mail.outbox
        assert sent.subject == "Submission 7 in “A & <i>B</i>” scored 0.91"
        assert sent.body.startswith("Hello Mira,\n")
        assert f"{settings.URL}/submissions/7/" in sent.body
        ((html, kind),) = sent.alternatives
        assert kind == "text/html"
        assert "A &amp; &lt;i&gt;B&lt;/i&gt;" in html
        assert "<i>B</i>" not in html

    def test_says_how_to_stop_it(self):
        make_notice()

        mail.deliver()

        (sent,) = django_mail.outbox
        stop = sent.extra_headers["List-Unsubscribe"].strip("<>")
        assert stop.startswith(f"{settings.URL}/notices/stop/")
        assert sent.extra_headers["List-Unsubscribe-Post"] == (
            "List-Unsubscribe=One-Click"
        )
        assert stop in sent.body

    def test_sends_none_twice(self):
        make_notice()

        mail.deliver()
        mail.deliver()

        assert len(django_mail.outbox) == 1
        assert Notice.objects.get().mail == "sent"

    def test_leaves_to_another_what_that_one_has_begun(self):
        notice = make_notice()
        Notice.objects.update(
            mail="sending", mail_not_before=timezone.now() + timedelta(minutes=5)
        )

        mail.deliver()

        assert django_mail.outbox == []
        notice.refresh_from_db()
        assert notice.mail == "sending"

    def test_gives_up_what_a_process_that_died_had_begun(self):
        make_notice()
        Notice.objects.update(
            mail="sending", mail_not_before=timezone.now() - timedelta(minutes=1)
        )

        mail.deliver()

        assert Notice.objects.get().mail == "failed"
        assert django_mail.outbox == []

    def test_waits_longer_after_each_failure_and_then_gives_up(self, no_server):
        make_notice()
        now = timezone.now()
        waits = []
        for _ in range(mail.TRIES):
            with time_machine.travel(now, tick=False):
                mail.deliver()
            row = Notice.objects.get()
            waits.append(row.mail_not_before - now)
            now = row.mail_not_before + timedelta(seconds=1)

        assert waits[:3] == [timedelta(minutes=n) for n in (2, 4, 8)]
        assert Notice.objects.get().mail == "failed"

    def test_does_not_try_before_its_time(self, no_server):
        make_notice()

        mail.deliver()
        mail.deliver()

        assert Notice.objects.get().mail_tries == 1

    def test_sends_the_others_where_one_cannot_be_sent(self):
        good, bad = make_notice(), make_notice()
        Notice.objects.filter(pk=bad.pk).update(title="a\nheader: injected")

        mail.deliver()

        assert [sent.subject for sent in django_mail.outbox] == [good.title]
        bad.refresh_from_db()
        assert bad.mail == "waiting"

    def test_asks_again_whether_it_is_wanted(self):
        notice = make_notice()
        services.choose(user=notice.user, kind=notice.kind, by_mail=False)

        mail.deliver()

        assert django_mail.outbox == []
        assert Notice.objects.get().mail == "none"

    def test_does_not_send_what_is_no_news_any_more(self):
        make_notice()
        Notice.objects.update(created_at=timezone.now() - timedelta(days=3))

        mail.deliver()

        assert django_mail.outbox == []
        assert Notice.objects.get().mail == "failed"

    def test_has_words_for_every_kind(self):
        for kind in Kind:
            make_notice(kind=kind)

        mail.deliver()

        assert len(django_mail.outbox) == len(Kind)
