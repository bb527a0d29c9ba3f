"""Are train and test of one kind, and does each split hold every label?"""

from __future__ import annotations

import numpy as np
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import StratifiedKFold

from competitions.launch.findings import NOTE, OK, WARN, Finding
from competitions.launch.rows import Rows
from scoring.split import PRIVATE, PUBLIC

DRIFT = 0.57  # of an AUC's lower end
SHOWN = 5
FOLDS = 3


def drift(rows: Rows) -> Finding:
    """Adversarial validation: can a model tell test rows from training rows?

    Rows in order of time drift by themselves. So the last training rows are held
    against the earlier ones too: where these differ as much, the drift is the data's.
    """
    title = "Training rows against test rows"
    train, test = rows.matrices()
    auc, low = _tell_apart(train, test)
    shown = _columns(rows) if low > DRIFT else []
    head = ["column", "AUC alone"] if shown else []
    said = f"A model tells them apart with an AUC of {auc:.3f}; 0.5 is a coin."
    if low <= DRIFT:
        return Finding("drift", OK, title, f"They are of one kind. {said}", head, shown)
    last = max(2, min(len(test), len(train) // 3))
    own, _ = _tell_apart(train[:-last], train[-last:])
    if own > auc - 0.1:
        text = (
            f"{said} The last training rows differ as much from the earlier ones "
            f"(AUC {own:.3f}), so this is how the data goes on, as it does in time. "
            "Say in the data page that test rows are later ones."
        )
        return Finding("drift", NOTE, title, text, head, shown)
    text = (
        f"{said} Test rows were drawn, measured or prepared in another way than "
        "training rows. If that is not what this competition is about, mend the "
        "columns below or draw both sides anew."
    )
    return Finding("drift", WARN, title, text, head, shown)


def _tell_apart(first: np.ndarray, second: np.ndarray) -> tuple[float, float]:
    """The AUC of a model that tells two sets of rows apart, and its lower end."""
    X = np.concatenate([first, second])
    y = np.repeat([0, 1], [len(first), len(second)])
    if min(len(first), len(second)) < 2 * FOLDS:
        return 0.5, 0.0
    chances = np.zeros(len(y))
    for fit, ask in StratifiedKFold(FOLDS, shuffle=True, random_state=0).split(X, y):
        model = ExtraTreesClassifier(
            100, min_samples_leaf=5, class_weight="balanced", random_state=0
        )
        chances[ask] = model.fit(X[fit], y[fit]).predict_proba(X[ask])[:, 1]
    auc = float(roc_auc_score(y, chances))
    return auc, auc - 2 * _error(auc, len(first), len(second))


def _error(auc: float, first: int, second: int) -> float:
    """The standard error of an AUC.

    Source: Hanley and McNeil, "The meaning and use of the area under a ROC curve",
    Radiology 143 (1982).
    """
    q1, q2 = auc / (2 - auc), 2 * auc**2 / (1 + auc)
    spread = (
        auc * (1 - auc) + (second - 1) * (q1 - auc**2) + (first - 1) * (q2 - auc**2)
    )
    return float(np.sqrt(max(0.0, spread) / (first * second)))


def _columns(rows: Rows) -> list[list[str]]:
    """The columns that differ most, each by its own AUC."""
    found = []
    for feature in rows.features[:300]:
        values = np.concatenate([feature.train, feature.test])
        y = np.repeat([0, 1], [len(feature.train), len(feature.test)])
        auc = roc_auc_score(y, values)
        if feature.is_category:
            auc = _by_category(feature, y, values)
        found.append((max(auc, 1 - auc), feature.name))
    found.sort(reverse=True)
    return [[name, f"{auc:.3f}"] for auc, name in found[:SHOWN]]


def _by_category(feature, y, values) -> float:
    share = {code: y[values == code].mean() for code in np.unique(values)}
    return float(roc_auc_score(y, [share[code] for code in values]))


def labels_in_splits(rows: Rows) -> Finding:
    """Does every label occur in the training, the public and the private rows?"""
    title = "Labels in each split"
    output = rows.contract.output
    sides = {"public": rows.y_test[rows.marks == PUBLIC]}
    if (rows.marks == PRIVATE).any():
        sides["private"] = rows.y_test[rows.marks == PRIVATE]
    if rows.has_train:
        sides = {"training": rows.y_train, **sides}
    if output.family == "values":
        return _values(title, sides)
    counts = {side: _counts(y, output) for side, y in sides.items()}
    names = output.classes or rows.contract.target
    lacking = [
        [str(name), *(str(counts[side][place]) for side in sides)]
        for place, name in enumerate(names)
        if any(counts[side][place] == 0 for side in sides)
    ]
    head = ["label", *(f"{side} rows" for side in sides)]
    if lacking:
        gone = [side for side in sides if 0 in counts[side]]
        text = (
            f"{len(lacking)} label(s) do not occur among the {' or '.join(gone)} rows: "
            "a score there says nothing about them. Draw the split anew, or leave "
            "these labels out."
        )
        return Finding("labels", WARN, title, text, head, lacking[:12])
    fewest = min((min(counts[side]), side) for side in sides)
    text = (
        f"All {len(names)} occur in each; the rarest {fewest[0]} times ({fewest[1]})."
    )
    few = sorted(range(len(names)), key=lambda p: min(counts[s][p] for s in sides))
    shown = [
        [str(names[place]), *(str(counts[side][place]) for side in sides)]
        for place in few[:SHOWN]
    ]
    return Finding("labels", OK, title, text, head, shown)


def _counts(y: np.ndarray, output) -> list[int]:
    """How often each class occurs, or each multilabel column is 1."""
    if output.multilabel:
        return y.reshape(len(y), -1).sum(axis=0).astype(int).tolist()
    return np.bincount(y.astype(int), minlength=len(output.classes)).tolist()


def _values(title: str, sides: dict[str, np.ndarray]) -> Finding:
    shown = [
        [side, str(len(y)), f"{y.mean():.4g}", f"{y.min():.4g}", f"{y.max():.4g}"]
        for side, y in sides.items()
    ]
    head = ["rows", "number", "mean", "lowest", "highest"]
    text = "The label is a number; this is how it is spread in each part."
    return Finding("labels", OK, title, text, head, shown)
