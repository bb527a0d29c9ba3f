"""What credentials say, in words."""

import pytest

from podium.credentials.wording import ordinal, score_text


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "first"), (10, "tenth"), (11, "11th"), (21, "21st"), (112, "112th")],
)
def test_ordinals_are_english(number, text):
    assert ordinal(number) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.75, "0.75"), (0.92815, "0.92815"), (3.0, "3"), (100.0, "100")],
)
def test_scores_have_no_digits_to_spare(value, text):
    assert score_text(value) == text
