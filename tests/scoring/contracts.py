"""Small contracts that the engine's tests share."""

from scoring.contract import Contract


def classes_contract(classes=("a", "b", "c"), kind="probabilities", **output):
    """Four numbers in, one of some classes out."""
    return Contract.from_dict(
        {
            "inputs": {"x": {"columns": ["p", "q", "r", "s"], "dtype": "float32"}},
            "output": {"kind": kind, "classes": list(classes), **output},
            "id": "id",
            "target": "label",
        }
    )


def values_contract(width=1, target="y"):
    """Four numbers in, some numbers out."""
    return Contract.from_dict(
        {
            "inputs": {"x": {"columns": ["p", "q", "r", "s"], "dtype": "float32"}},
            "output": {"kind": "values", "width": width},
            "id": "id",
            "target": target,
        }
    )


def multilabel_contract(columns=("m", "n")):
    """Four numbers in, one probability for each of some columns out."""
    return Contract.from_dict(
        {
            "inputs": {"x": {"columns": ["p", "q", "r", "s"], "dtype": "float32"}},
            "output": {"kind": "probabilities", "multilabel": True},
            "id": "id",
            "target": list(columns),
        }
    )


def images_contract(classes=("0", "1")):
    """An array of images in, classes out."""
    return Contract.from_dict(
        {
            "inputs": {"image": {"array": "images", "dtype": "float32"}},
            "output": {"kind": "probabilities", "classes": list(classes)},
            "target": "labels",
        }
    )
