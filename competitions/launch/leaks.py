"""Ways to the labels that are no learning: copies, ids, order, a telling column."""

from __future__ import annotations

import numpy as np
from sklearn.neighbors import NearestNeighbors
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from competitions.launch.findings import NOTE, OK, WARN, Finding, percent
from competitions.launch.rows import MISSING, Rows, hashes

MANY = 0.02  # of the test rows, copied
MANY_NEAR = 0.01  # of them, nearly copied
FEWEST = 3  # rows; less is chance
EXPECTED = 0.01  # copies of a row that chance would make, below which one surprises
UNSEEN = 0.005  # times that a cell would occur which no other row has
CLOSE = 0.05  # of the usual distance to the next row
TELLS = 0.4  # of the error that an id takes away; in small sets chance takes some
GIVES = 0.95  # of the error that a single column takes away
GIVES_VALUE = 0.98  # of the variance, where the label is a number
SHOWN = 5
NEIGHBOURS = 2_000  # rows whose distances are reckoned


def duplicates(rows: Rows) -> Finding:
    """Test rows whose inputs stand in the training data as well.

    Coarse columns make equal rows by themselves, so a copy counts where chance, by the
    frequency of each of its cells, would make fewer than EXPECTED.
    """
    title = "Test rows that are in the training data"
    here, there = hashes(rows.train), hashes(rows.test)
    known = {digest: row for row, digest in reversed(list(enumerate(here.tolist())))}
    pairs = [(row, known[d]) for row, d in enumerate(there.tolist()) if d in known]
    rare = _unlikely(rows, [row for row, _ in pairs])
    telling = [pair for pair, is_rare in zip(pairs, rare, strict=True) if is_rare]
    share = len(telling) / len(there)
    shown = [
        [_name(rows.test_ids, row), _name(rows.train_ids, twin)]
        for row, twin in (telling or pairs)[:SHOWN]
    ]
    head = ["test row", "training row"]
    if share > MANY and len(telling) >= FEWEST:
        text = (
            f"{len(telling)} test rows ({percent(share)}) have the very inputs of a "
            "training row, more often than chance would have it. Their labels can be "
            "looked up. Take these rows from one side."
        )
        return Finding("duplicates", WARN, title, text, head, shown)
    if pairs:
        text = (
            f"{len(pairs)} of {len(there)} test rows have the inputs of a training "
            "row. That is what columns with few values, or chance, explain."
        )
        return Finding("duplicates", NOTE, title, text, head, shown)
    return Finding("duplicates", OK, title, "No test row is in the training data.")


def _unlikely(rows: Rows, at: list[int]) -> np.ndarray:
    """Whether chance would make fewer than EXPECTED copies of each test row."""
    logs = np.zeros(len(at))
    count = len(rows.y_train)
    for part in rows.contract.inputs:
        train, test = rows.train[part.name], rows.test[part.name]
        flat, cells = train.reshape(len(train), -1), test.reshape(len(test), -1)[at]
        if flat.shape[1] > 200:  # an array this wide never repeats by chance
            return np.ones(len(at), dtype=bool)
        for place in range(flat.shape[1]):
            values, times = np.unique(_text(flat[:, place]), return_counts=True)
            shares = (np.maximum(times - 1, UNSEEN) / count).tolist()  # but for itself
            frequency = dict(zip(values.tolist(), shares, strict=True))
            least = UNSEEN / count
            logs += [
                np.log(frequency.get(cell, least)) for cell in _text(cells[:, place])
            ]
    return np.log(count) + logs < np.log(EXPECTED)


def _text(values: np.ndarray) -> np.ndarray:
    return values.astype(str)


def near_duplicates(rows: Rows) -> Finding:
    """Test rows much closer to a training row than training rows are to each other."""
    title = "Test rows that are nearly in the training data"
    train, test = rows.matrices()
    scaled_train, scaled_test = _scaled(rows, train, test)
    scaled_test = scaled_test[:NEIGHBOURS]
    seen = NearestNeighbors(n_neighbors=2, algorithm="brute").fit(scaled_train)
    among = seen.kneighbors(scaled_train[:NEIGHBOURS])[0][:, 1]
    across, twins = seen.kneighbors(scaled_test, n_neighbors=1)
    across, twins = across[:, 0], twins[:, 0]
    usual = np.median(among[among > 0]) if (among > 0).any() else 0.0
    floor = 1e-9 * max(1.0, usual)
    near = (across < CLOSE * usual) & (across > floor)
    also = ((among < CLOSE * usual) & (among > floor)).mean()
    shown = [
        [
            _name(rows.test_ids, rows.test_at[row]),
            _name(rows.train_ids, rows.train_at[twins[row]]),
            f"{across[row] / usual:.3f}",
        ]
        for row in np.flatnonzero(near)[:SHOWN]
    ]
    head = ["test row", "training row", "distance, of the usual one"]
    share = near.mean()
    if share > MANY_NEAR + 2 * also and near.sum() >= FEWEST:
        text = (
            f"{percent(share)} of the sampled test rows lie within "
            f"{percent(CLOSE)} of the usual distance of a training row; training rows "
            f"among themselves do so in {percent(also)} of cases. They may be copies "
            "with small changes."
        )
        return Finding("near_duplicates", WARN, title, text, head, shown)
    level = NOTE if near.any() else OK
    text = (
        f"{int(near.sum())} of {len(near)} sampled test rows come this close, about as "
        "training rows do among themselves."
        if near.any()
        else "None of the sampled test rows comes close to a copy."
    )
    return Finding("near_duplicates", level, title, text, head if shown else [], shown)


def _scaled(rows: Rows, train, test):
    """Numbers by their spread; other categories are far away."""
    spread = np.where(train == MISSING, np.nan, train)
    width = np.nan_to_num(np.nanstd(spread, axis=0), nan=1.0)
    width = np.where(width > 0, width, 1.0)
    used = [each for each in rows.features if not each.is_summed]
    for place, feature in enumerate(used):
        if feature.is_category:
            width[place] = 0.1
    return train / width, test / width


def ids_and_order(rows: Rows) -> Finding:
    """Does the id, or the place of a row, say something of its label?"""
    title = "Ids or order that predict the label"
    found = []
    for name, train, test in _orders(rows):
        skills = []
        if train is not None and rows.has_train:
            skills.append(
                _skill(train[:, None], rows.y_train, test[:, None], rows.y_test, rows)
            )
        skills.append(_skill_within(test[:, None], rows.y_test, rows))
        found.append([name, max(skills)])
    worst = max(found, key=lambda pair: pair[1], default=["", 0.0])
    shown = [[name, percent(max(0.0, skill))] for name, skill in found]
    head = ["what is known", "error it takes away"]
    if worst[1] > TELLS:
        text = (
            f"{worst[0].capitalize()} alone takes away {percent(worst[1])} of the "
            "error of a constant answer: whoever sees it need not look at the inputs. "
            "Shuffle the rows and give them new ids."
        )
        return Finding("ids", WARN, title, text, head, shown)
    text = "Neither ids nor the order of rows say anything useful of the labels."
    return Finding("ids", OK, title, text, head, shown)


def _orders(rows: Rows):
    """Numbers that a row has without its inputs: (name, of train, of test)."""
    yield (
        "the order of the test rows",
        None,
        np.arange(len(rows.y_test), dtype=np.float64),
    )
    if not rows.contract.uses_tables:
        return
    test = _as_numbers(rows.test_ids)
    train = _as_numbers(rows.train_ids) if rows.train_ids else None
    if test is not None:
        yield "the id", train, test


def _as_numbers(ids) -> np.ndarray | None:
    """Ids as numbers: their digits, or their place among the sorted texts."""
    digits = ["".join(c for c in each if c.isdigit()) for each in ids]
    if all(digits) and max(map(len, digits)) < 16:
        return np.array([float(each) for each in digits])
    order = np.argsort(np.argsort(np.array(ids, dtype=str)))
    return order.astype(np.float64)


def telling_column(rows: Rows) -> Finding:
    """Is there one column that nearly gives the answer?"""
    title = "A single column that nearly gives the answer"
    found = []
    y_train, y_test = rows.y_train[rows.train_at], rows.y_test[rows.test_at]
    columns = [each for each in rows.features if each.is_column][:300]
    for feature in columns:
        skill = _skill(
            feature.train[:, None], y_train, feature.test[:, None], y_test, rows
        )
        found.append((skill, feature.name))
    found.sort(reverse=True)
    limit = GIVES_VALUE if _is_number(rows) else GIVES
    shown = [[name, percent(max(0.0, skill))] for skill, name in found[:SHOWN]]
    head = ["column", "error it takes away"]
    telling = [name for skill, name in found if skill > limit]
    if telling:
        text = (
            f"{', '.join(telling[:SHOWN])} alone takes away "
            f"{percent(found[0][0])} of the error of a constant answer. If it is known "
            "only once the label is, leave it out of the inputs and of the files."
        )
        return Finding("telling", WARN, title, text, head, shown)
    if not found:
        text = "The inputs are texts or pictures, so there is no single column."
        return Finding("telling", OK, title, text)
    text = f"None does; the best of {len(found)} is shown."
    return Finding("telling", OK, title, text, head, shown)


def _is_number(rows: Rows) -> bool:
    return rows.contract.output.family == "values"


def _targets(y: np.ndarray) -> list[np.ndarray]:
    flat = y.reshape(len(y), -1)
    return [flat[:, place] for place in range(min(flat.shape[1], 10))]


def _skill(train, y_train, test, y_test, rows: Rows) -> float:
    """The most of any target's error that a small tree takes away on the test side."""
    return max(
        _of_target(train, a, test, b, rows)
        for a, b in zip(_targets(y_train), _targets(y_test), strict=True)
    )


def _skill_within(test, y_test, rows: Rows) -> float:
    """The same where only test rows are known: fitted on one half, asked on the other.

    The halves are drawn at random and the tree is small: it sees that rows are sorted,
    not that neighbours are alike.
    """
    half = np.random.default_rng(1).permutation(len(y_test))
    first, second = half[: len(half) // 2], half[len(half) // 2 :]
    if not len(first):
        return 0.0
    return _skill(test[first], y_test[first], test[second], y_test[second], rows)


def _of_target(train, y_train, test, y_test, rows: Rows) -> float:
    if _is_number(rows):
        spread = ((y_test - y_train.mean()) ** 2).sum()
        if not spread > 0:
            return 0.0
        tree = DecisionTreeRegressor(max_leaf_nodes=32, min_samples_leaf=5)
        wrong = ((y_test - tree.fit(train, y_train).predict(test)) ** 2).sum()
        return float(1 - wrong / spread)
    kinds, times = np.unique(y_train, return_counts=True)
    if len(kinds) < 2 or np.unique(y_test, return_counts=True)[1].min() < 1:
        return 0.0
    base = y_test != kinds[times.argmax()]
    if base.sum() < 10:  # so few that chance may guess them all
        return 0.0
    leaves = max(16, 3 * len(kinds))
    tree = DecisionTreeClassifier(max_leaf_nodes=leaves, min_samples_leaf=2)
    wrong = y_test != tree.fit(train, y_train).predict(test)
    return float(1 - wrong.sum() / base.sum())


def _name(ids, row) -> str:
    """A row by its id, or by its number from 1."""
    return str(ids[row])[:60] if ids is not None else f"row {int(row) + 1}"
