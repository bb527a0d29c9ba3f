"""Numbers, sizes and times as people read them."""

from datetime import UTC, datetime, timedelta

import pytest

from podium.common import words


@pytest.mark.parametrize(
    ("value", "digits", "text"),
    [
        (None, None, "–"),
        (0.98766666, None, "0.98767"),
        (1.0, None, "1.00000"),
        (0.0, None, "0.00000"),
        (52.80333, None, "52.8033"),
        (12345.678, None, "12 345.7"),
        (-0.5, None, "−0.50000"),
        (0.988, 3, "0.988"),
        (1.0, 3, "1.00"),
        (0.00123, 3, "0.00123"),
        (12300.0, 3, "12 300"),
    ],
)
def test_score_text(value, digits, text):
    assert words.score_text(value, digits).replace(words.THIN, " ") == text


@pytest.mark.parametrize(
    ("size", "text"),
    [
        (0, "0 bytes"),
        (999, "999 bytes"),
        (1000, "1 kB"),
        (2048, "2.0 kB"),
        (812_345, "812 kB"),
        (1_500_000, "1.5 MB"),
        (256_000_000, "256 MB"),
        (2_000_000_000, "2 GB"),
    ],
)
def test_size_text(size, text):
    assert words.size_text(size).replace(words.GAP, " ") == text


@pytest.mark.parametrize(
    ("span", "left", "days"),
    [
        (timedelta(days=22, hours=12), "22 d 12 h", "22 days"),
        (timedelta(hours=31, minutes=5), "31 h 5 min", "31 hours"),
        (timedelta(hours=1), "1 h 0 min", "1 hour"),
        (timedelta(minutes=5), "0 h 5 min", "5 minutes"),
        (timedelta(seconds=-5), "0 h 0 min", "0 minutes"),
    ],
)
def test_left_text_and_days_text(span, left, days):
    assert words.left_text(span).replace(words.GAP, " ") == left
    assert words.days_text(span).replace(words.GAP, " ") == days


def test_moments_are_told_in_utc():
    moment = datetime(2026, 11, 22, 14, 2, 9, tzinfo=UTC)

    assert words.moment_text(moment).replace(words.GAP, " ") == "22 Nov 2026, 14:02 UTC"
    assert words.clock_text(moment) == "14:02:09"


def test_counts_have_their_word():
    assert words.plural(1, "team") == f"1{words.GAP}team"
    assert words.plural(3906, "team") == f"3{words.THIN}906{words.GAP}teams"
