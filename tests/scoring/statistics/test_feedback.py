import numpy as np
import pytest

from scoring import metrics
from scoring.statistics.feedback import ladder, rounded

ACCURACY, RMSE = metrics.get("accuracy"), metrics.get("rmse")


class TestRounded:
    @pytest.mark.parametrize(
        ("score", "digits", "told"),
        [
            (0.123456, 3, 0.123),
            (0.00098765, 2, 0.00099),
            (1234.5, 2, 1200.0),
            (-0.5555, 2, -0.56),
            (9.99, 1, 10.0),
            (0.0, 3, 0.0),
            (0.123456, None, 0.123456),
        ],
    )
    def test_keeps_significant_digits(self, score, digits, told):
        assert rounded(score, digits) == told


class TestLadder:
    def test_tells_the_first_score_in_steps_of_one_row(self):
        assert ladder(None, 0.81234, 0.0, 100, ACCURACY) == pytest.approx(0.81)

    def test_moves_only_beyond_one_standard_error(self):
        assert ladder(0.80, 0.81, 0.02, 100, ACCURACY) == 0.80
        assert ladder(0.80, 0.70, 0.02, 100, ACCURACY) == 0.80
        assert ladder(0.80, 0.834, 0.02, 100, ACCURACY) == pytest.approx(0.83)

    def test_follows_the_direction_of_the_metric(self):
        assert ladder(53.0, 52.0, 2.0, 100, RMSE) == 53.0
        assert ladder(53.0, 47.46, 2.0, 100, RMSE) == 47.0
        assert ladder(53.0, 47.46, 0.02, 100, RMSE) == pytest.approx(47.46)

    def test_takes_no_step_from_where_logarithms_clip(self):
        log_loss = metrics.get("log_loss")

        assert ladder(0.5, 0.4123, 0.02, 100, log_loss) == pytest.approx(0.41)

    def test_gives_noise_less_than_the_public_board_does(self):
        """An attack that keeps whichever random answers scored well (the paper's)."""
        random = np.random.default_rng(1)
        rows, tries = 1000, 400
        truth = random.integers(0, 2, rows)
        guesses = random.integers(0, 2, (tries, rows))

        def boosted(kept):
            return (kept.sum(axis=0) * 2 > len(kept)).astype(int)

        open_scores = (guesses == truth).mean(axis=1)
        open_board = (boosted(guesses[open_scores > 0.5]) == truth).mean()
        shown, rows_shown, kept = None, None, []
        for guess in guesses:
            right = (guess == truth).astype(float)
            error = 0.0 if rows_shown is None else np.std(right - rows_shown, ddof=1)
            told = ladder(shown, right.mean(), error / np.sqrt(rows), rows, ACCURACY)
            if told != shown:
                kept.append(guess)
                shown, rows_shown = told, right

        assert open_board > 0.63
        assert (boosted(np.array(kept)) == truth).mean() < 0.57
