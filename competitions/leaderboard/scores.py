"""Scores as they are named, compared and shown."""

from competitions.models import Competition


def metric_name(spec: dict) -> str:
    """A metric and its parameters as text: `rmse`, `f_beta(beta=2)`."""
    parameters = ", ".join(f"{k}={v}" for k, v in sorted(spec.items()) if k != "key")
    return f"{spec['key']}({parameters})" if parameters else spec["key"]


def sort_key(score: float, direction: str) -> float:
    """A score as it is compared: to 12 significant digits, smaller is better."""
    rounded = float(f"{score:.11e}")
    return -rounded if direction == Competition.Direction.MAXIMIZE else rounded


def shown_score(competition: Competition, score: float | None) -> float | None:
    """A public score as participants read it: rounded where the host asks for it."""
    if score is None or competition.feedback_digits is None:
        return score
    return float(f"{score:.{competition.feedback_digits - 1}e}")
