"""Prints which layer stops which attack, tried here and now, as a Markdown table.

python -m tests.scoring.sandbox.attack_table
"""

from tests.scoring.sandbox import attacked
from tests.scoring.sandbox.attacks import LAYERS, STOPPED_BY


def main():
    columns = {"no layer": LAYERS, "all layers": ()}
    columns |= {
        f"only {layer}": tuple(each for each in LAYERS if each != layer)
        for layer in LAYERS
    }
    columns |= {f"all but {layer}": (layer,) for layer in LAYERS}
    rows = {attack.__name__: [] for attack in STOPPED_BY}
    for without in columns.values():
        with attacked.battlefield() as target, attacked.attackers(without) as held:
            for attack, cells in rows.items():
                cells.append(attacked.outcome(held, attack, target, without))
    print("| attack |", " | ".join(columns), "|")
    print("|---|" + "---|" * len(columns))
    for attack, cells in rows.items():
        print(f"| {attack} |", " | ".join(cells), "|")


if __name__ == "__main__":
    main()
