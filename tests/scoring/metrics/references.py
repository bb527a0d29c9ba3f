"""Every metric as scikit-learn or SciPy computes it, and data to compare on."""

import warnings

import numpy as np
from scipy import stats
from sklearn import metrics as sk

CLASSES = 4
KINDS = range(CLASSES)


def drawn(shape, rows, seed):
    """Labels and predictions of a kind, with ties, absent classes and far-off rows."""
    random = np.random.default_rng(seed)
    if shape == "classes":
        y = random.integers(0, CLASSES, rows)
        return y, np.where(random.random(rows) < 0.6, y, random.integers(0, 3, rows))
    if shape == "two":
        return random.integers(0, 2, (2, rows))
    if shape == "probabilities":
        prob = random.dirichlet(np.ones(CLASSES), rows)
        prob[: rows // 10] = np.eye(CLASSES)[random.integers(0, CLASSES, rows // 10)]
        y = np.concatenate([KINDS, random.integers(0, CLASSES, rows - CLASSES)])
        return y, prob
    if shape == "order":
        y = np.concatenate([[0, 1], random.integers(0, 2, rows - 2)])
        return y, np.round(random.random(rows) + 0.2 * y, 1 + seed % 3)
    if shape == "pair":
        y, share = drawn("order", rows, seed)
        share = np.clip(share / 1.5, 0, 1)
        return y, np.stack([1 - share, share], axis=1)
    if shape == "columns":
        y = random.integers(0, 2, (rows, 3))
        y[0], y[1] = 0, 1
        return y, np.clip(np.round(random.random((rows, 3)), 2), 0, 1)
    if shape == "decisions":
        return random.integers(0, 2, (2, rows, 3))
    if shape == "positive":
        return random.gamma(2, 50, (2, rows, 1 + seed % 3))
    if shape == "masks":
        y = random.random((rows, 5, 4)) < 0.3
        y[0] = False
        return y.astype(float), random.random((rows, 5, 4)) * (y.sum((1, 2)) > 0)[
            :, None, None
        ]
    if shape == "lists":
        return random.integers(0, 4, (rows, 6)).astype(float), np.round(
            random.random((rows, 6)), 1
        )
    y = np.round(random.normal(size=(rows, 1 + seed % 3)), 1)
    return y, np.round(y + random.normal(size=y.shape), 1)


def single(shape):
    """The same data in one column."""

    def make(rows, seed):
        y, p = drawn(shape, rows, seed)
        return y[:, :1], p[:, :1]

    make.__name__ = f"single {shape}"
    return make


def _f(function, **known):
    def reference(y, p, w=None):
        extra = {} if y.ndim == 2 else {"labels": known.pop("labels", KINDS)}
        if known.get("average") == "binary":
            extra = {}
        return function(y, p, sample_weight=w, zero_division=0, **extra, **known)

    return reference


def _plain(function, **known):
    return lambda y, p, w=None: function(y, p, sample_weight=w, **known)


def _brier(y, p, w=None):
    return sk.brier_score_loss(y, p, sample_weight=w, labels=range(p.shape[1]))


def _brier_of_two(y, p, w=None):
    return sk.brier_score_loss(y, p[:, 1], sample_weight=w)


def _by_column(function):
    def reference(y, p, w=None):
        pairs = zip(y.T, p.T, strict=True)
        return np.mean([function(*pair, sample_weight=w) for pair in pairs])

    return reference


def _column_log_loss(y, p, w=None):
    return np.mean(
        [
            sk.log_loss(y[:, k], p[:, k], labels=[0, 1], sample_weight=w)
            for k in range(y.shape[1])
        ]
    )


def _correlation(function):
    return lambda y, p: np.mean(
        [function(*pair).statistic for pair in zip(y.T, p.T, strict=True)]
    )


def _concordance(y, p):
    return (stats.somersd(y[:, 0], p[:, 0]).statistic + 1) / 2


def _mase(y, p, w=None):
    naive = np.abs(np.diff(y, axis=0)).mean(axis=0)
    errors = sk.mean_absolute_error(y, p, multioutput="raw_values", sample_weight=w)
    return (errors / naive).mean()


def _smape(y, p, w=None):
    below = np.abs(y) + np.abs(p)
    shares = 2 * np.abs(y - p) / np.where(below > 0, below, 1)
    return np.average(shares.mean(axis=1), weights=w)


def _on_masks(function):
    def reference(y, p, w=None):
        truth, guess = (each.reshape(len(y), -1) > 0.5 for each in (y, p))
        return function(
            truth, guess, average="samples", zero_division=0, sample_weight=w
        )

    return reference


def _ndcg(y, p, w=None):
    return sk.ndcg_score(y, p, k=3, sample_weight=w)


def _map(y, p, w=None):
    values = []
    for relevance, score in zip(y > 0, p, strict=True):
        ordered = relevance[np.argsort(-score, kind="stable")]
        hits = [ordered[: i + 1].mean() for i in range(3) if ordered[i]]
        values.append(sum(hits) / max(min(relevance.sum(), 3), 1))
    return np.average(values, weights=w)


def _mrr(y, p, w=None):
    values = []
    for relevance, score in zip(y > 0, p, strict=True):
        places = np.flatnonzero(relevance[np.argsort(-score, kind="stable")])
        values.append(1 / (places[0] + 1) if len(places) else 0)
    return np.average(values, weights=w)


def _top_k(y, p, w=None):
    return sk.top_k_accuracy_score(y, p, k=2, labels=KINDS, sample_weight=w)


def _balanced(y, p, w=None):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return sk.balanced_accuracy_score(y, p, sample_weight=w)


def _averages(key, function, **known):
    """The metric on two classes, on four and on columns, by each average."""
    yield key, {**known}, "two", _f(function, average="binary", **known)
    for average in ("macro", "micro", "weighted"):
        for shape in ("classes", "decisions"):
            settings = {"average": average, **known}
            yield key, settings, shape, _f(function, **settings)


def _fixed(key, average):
    for shape in ("classes", "decisions"):
        yield key, {}, shape, _f(sk.f1_score, average=average)


CASES = [  # key, parameters, kind of data, reference
    ("accuracy", {}, "classes", _plain(sk.accuracy_score)),
    ("balanced_accuracy", {}, "classes", _balanced),
    ("top_k", {"k": 2}, "probabilities", _top_k),
    *_averages("precision", sk.precision_score),
    *_averages("recall", sk.recall_score),
    *_averages("f1", sk.f1_score),
    *_averages("f_beta", sk.fbeta_score, beta=0.5),
    *_averages("jaccard", sk.jaccard_score),
    *_fixed("macro_f1", "macro"),
    *_fixed("micro_f1", "micro"),
    *_fixed("weighted_f1", "weighted"),
    ("mcc", {}, "classes", _plain(sk.matthews_corrcoef)),
    ("cohen_kappa", {}, "classes", _plain(sk.cohen_kappa_score, labels=KINDS)),
    (
        *("quadratic_kappa", {}, "classes"),
        _plain(sk.cohen_kappa_score, labels=KINDS, weights="quadratic"),
    ),
    ("hamming", {}, "classes", _plain(sk.hamming_loss)),
    ("hamming", {}, "decisions", _plain(sk.hamming_loss)),
    ("log_loss", {}, "probabilities", _plain(sk.log_loss, labels=KINDS)),
    ("brier", {}, "probabilities", _brier),
    ("brier", {}, "pair", _brier_of_two),
    ("mean_column_log_loss", {}, "columns", _column_log_loss),
    ("mean_column_auc", {}, "columns", _by_column(sk.roc_auc_score)),
    ("roc_auc", {}, "order", _plain(sk.roc_auc_score)),
    ("average_precision", {}, "order", _plain(sk.average_precision_score)),
    *(
        (
            *("roc_auc_ovr", {"average": average}, "probabilities"),
            _plain(sk.roc_auc_score, multi_class="ovr", labels=KINDS, average=average),
        )
        for average in ("macro", "weighted")
    ),
    ("mae", {}, "values", _plain(sk.mean_absolute_error)),
    ("mse", {}, "values", _plain(sk.mean_squared_error)),
    ("rmse", {}, "values", _plain(sk.root_mean_squared_error)),
    ("rmsle", {}, "positive", _plain(sk.root_mean_squared_log_error)),
    ("mape", {}, "positive", _plain(sk.mean_absolute_percentage_error)),
    ("smape", {}, "values", _smape),
    ("mase", {}, "values", _mase),
    ("median_ae", {}, "values", _plain(sk.median_absolute_error)),
    ("r2", {}, "values", _plain(sk.r2_score)),
    ("explained_variance", {}, "values", _plain(sk.explained_variance_score)),
    ("pinball", {"alpha": 0.3}, "values", _plain(sk.mean_pinball_loss, alpha=0.3)),
    ("spearman", {}, "values", _correlation(stats.spearmanr)),
    ("pearson", {}, "values", _correlation(stats.pearsonr)),
    ("concordance", {}, single("values"), _concordance),
    ("map_at_k", {"k": 3}, "lists", _map),
    ("ndcg_at_k", {"k": 3}, "lists", _ndcg),
    ("mrr", {}, "lists", _mrr),
    ("dice", {}, "masks", _on_masks(sk.f1_score)),
    ("iou", {}, "masks", _on_masks(sk.jaccard_score)),
]
UNWEIGHTED = ("spearman", "pearson", "concordance")  # by SciPy


def data(shape, rows, seed):
    return shape(rows, seed) if callable(shape) else drawn(shape, rows, seed)


def classes_of(shape):
    return {"two": 2, "order": 2, "pair": 2, "columns": 3, "decisions": 3}.get(
        shape, CLASSES
    )
