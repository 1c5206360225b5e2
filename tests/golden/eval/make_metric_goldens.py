#!/usr/bin/env python3
"""Writes metric_goldens.json beside itself: label sequences and what scikit-learn says about them.

    python3 -m venv /tmp/goldens && /tmp/goldens/bin/pip install -r requirements.txt
    /tmp/goldens/bin/python make_metric_goldens.py
"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
from sklearn.metrics import (accuracy_score, balanced_accuracy_score, confusion_matrix, f1_score, precision_score,
                             precision_recall_fscore_support, recall_score)


def case(name, classes, truth, predicted):
    labels = list(range(classes))
    options = {"labels": labels, "zero_division": 0}
    precision, recall, f1, support = precision_recall_fscore_support(truth, predicted, average=None, **options)
    return {
        "name": name,
        "classes": classes,
        "truth": [int(x) for x in truth],
        "predicted": [int(x) for x in predicted],
        "accuracy": float(accuracy_score(truth, predicted)),
        "balanced_accuracy": float(balanced_accuracy_score(truth, predicted)),
        "macro_precision": float(precision_score(truth, predicted, average="macro", **options)),
        "macro_recall": float(recall_score(truth, predicted, average="macro", **options)),
        "macro_f1": float(f1_score(truth, predicted, average="macro", **options)),
        "weighted_f1": float(f1_score(truth, predicted, average="weighted", **options)),
        "precision": precision.tolist(),
        "recall": recall.tolist(),
        "f1": f1.tolist(),
        "support": support.tolist(),
        "confusion": confusion_matrix(truth, predicted, labels=labels).tolist(),
    }


def noisy(rng, classes, n, wrong):
    truth = rng.integers(0, classes, n)
    predicted = np.where(rng.random(n) < wrong, rng.integers(0, classes, n), truth)
    return truth, predicted


def main():
    warnings.filterwarnings("ignore", message="y_pred contains classes not in y_true")
    rng = np.random.default_rng(20240501)
    imbalanced = rng.choice(4, 200, p=[0.85, 0.1, 0.04, 0.01])
    cases = [
        case("ten classes, a quarter wrong", 10, *noisy(rng, 10, 300, 0.25)),
        case("all right", 3, [0, 1, 2, 2], [0, 1, 2, 2]),
        case("all wrong", 3, [0, 1, 2, 2], [1, 2, 0, 1]),
        case("always the first class", 4, imbalanced, np.zeros(200, dtype=int)),
        case("class 2 is never predicted", 3, [0, 0, 1, 1, 2, 2], [0, 1, 1, 1, 0, 1]),
        case("class 2 has no examples but is predicted", 3, [0, 0, 1, 1, 1], [0, 2, 1, 1, 2]),
        case("class 1 has neither examples nor predictions", 3, [0, 0, 2, 2], [0, 2, 2, 2]),
        case("two classes, one song", 2, [1], [0]),
        case("sixteen classes, chance", 16, *noisy(rng, 16, 500, 1.0)),
    ]
    document = {"scikit_learn": sklearn.__version__, "numpy": np.__version__, "cases": cases}
    pathlib.Path(__file__).with_name("metric_goldens.json").write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    main()
