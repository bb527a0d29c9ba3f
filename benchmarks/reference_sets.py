"""The seven data sets whose `scores.json` scikit-learn computed, and what they hold."""

MEASURES = ["carat", "depth_percent", "table_percent"]
SIZES = ["length_mm", "width_mm", "height_mm"]
CLOCK = ["season", "holiday", "weekday", "workingday", "hour"]
WEATHER = ["temp", "temp_felt", "humidity", "windspeed"]
FREQUENCIES = ["free", "business", "you", "credit", "your", "money", "hp", "george"]
WORDS = [f"word_freq_{word}" for word in FREQUENCIES]

# Three that small models are trained on, beside the digits: columns, target, and the
# classes there are, or the most that a number is thought to be.
TABLES = {
    "spambase": (WORDS, "spam", 2),
    "diamonds": ([*MEASURES, *SIZES], "price", 20_000),
    "bike_hours": ([*CLOCK, *WEATHER], "rentals", 1_000),
}

OF_CLASSES = {
    "accuracy": "accuracy",
    "balanced_accuracy": "balanced_accuracy",
    "cohen_kappa": "cohen_kappa",
    "macro_f1": "f1_macro",
}
OF_PROBABILITIES = {
    **OF_CLASSES,
    "weighted_f1": "f1_weighted",
    "mcc": "matthews_corrcoef",
    "log_loss": "log_loss",
}
OF_VALUES = {
    **{key: key for key in ("mae", "mape", "r2", "rmse", "rmsle")},
    "median_ae": "median_absolute_error",
}
OF_TWO = {
    **{key: key for key in ("average_precision", "brier", "log_loss", "roc_auc")},
    **{key: f"{key}_at_0.5" for key in ("accuracy", "f1", "precision", "recall")},
    "mcc": "matthews_corrcoef_at_0.5",
}
OF_COLUMNS = {
    "macro_f1": "f1_macro_at_0.5",
    "micro_f1": "f1_micro_at_0.5",
    "hamming": "hamming_loss_at_0.5",
    "mean_column_log_loss": "mean_column_log_loss",
    "mean_column_auc": "mean_column_roc_auc",
}
PARAMETERS = {"top_k": {"k": 3}}

FLARES = ["c_flares", "m_flares", "x_flares"]
PENGUINS = ["Adelie", "Chinstrap", "Gentoo"]
CLASSES = "probabilities"

# Each: output, target, our metrics and their names in scores.json.
SETS = {
    "mnist": (
        {"kind": CLASSES, "classes": list(range(10))},
        "labels",
        {**OF_PROBABILITIES, "top_k": "top_3_accuracy"},
    ),
    "penguins": ({"kind": CLASSES, "classes": PENGUINS}, "species", OF_PROBABILITIES),
    "spambase": ({"kind": CLASSES, "classes": [0, 1]}, "spam", OF_TWO),
    "languages": ({"kind": "labels", "classes": None}, "language", OF_CLASSES),
    "diamonds": ({"kind": "values"}, "price", OF_VALUES),
    "bike_hours": ({"kind": "values"}, "rentals", OF_VALUES),
    "solar_flares": ({"kind": CLASSES, "multilabel": True}, FLARES, OF_COLUMNS),
}
