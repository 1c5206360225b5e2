#!/usr/bin/env python3
"""Writes baselines.json beside itself: what the Python packages xgboost and scikit-learn make of the same rows.

    python3 -m venv /tmp/goldens && /tmp/goldens/bin/pip install -r requirements.txt
    /tmp/goldens/bin/python make_goldens.py
"""

import json
import pathlib
import warnings

import numpy as np
import sklearn
import xgboost
from sklearn.linear_model import LogisticRegression

COLUMNS = 6


def rows(rng, n, classes):
    """Clouds that overlap; the last column says nothing. Three decimals, so that JSON holds them exactly."""
    truth = rng.permutation(np.arange(n) % classes)
    centres = 1.5 * rng.normal(size=(classes, COLUMNS))
    centres[:, -1] = 0
    return np.round(centres[truth] + rng.normal(size=(n, COLUMNS)), 3).astype(np.float32), truth


def data(seed, classes, training=120, others=30):
    rng = np.random.default_rng(seed)
    values, truth = rows(rng, training + others, classes)
    return values[:training], truth[:training], values[training:]


def listed(values):
    return [float(str(x)) for x in np.asarray(values, dtype=np.float32).ravel()]


def trees_case(name, model, seed, classes, weights, parameters, rounds):
    values, truth, others = data(seed, classes)
    matrix = xgboost.DMatrix(values, truth, weight=weights(truth) if weights else None)
    booster = xgboost.train({"objective": "multi:softprob", "num_class": classes, "tree_method": "hist",
                             "nthread": 1, **parameters}, matrix, rounds)
    gain = booster.get_score(importance_type="total_gain")
    splits = booster.get_score(importance_type="weight")
    return {"name": name, "model": model, "rounds": rounds, "classes": classes, "parameters": parameters,
            "values": listed(values), "truth": truth.tolist(),
            "weights": listed(weights(truth) if weights else np.ones(len(truth))), "others": listed(others),
            "probabilities": listed(booster.predict(xgboost.DMatrix(others))),
            "total_gain": [gain.get(f"f{i}", 0.0) for i in range(COLUMNS)],
            "splits": [int(splits.get(f"f{i}", 0)) for i in range(COLUMNS)],
            "leaves": sum(tree.count("leaf=") for tree in booster.get_dump())}


def linear_case(name, seed, classes, C, class_weight=None):
    values, truth, others = data(seed, classes)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # multi_class, of two classes
        model = LogisticRegression(C=C, tol=1e-12, max_iter=1_000_000, class_weight=class_weight,
                                   multi_class="multinomial").fit(values.astype(np.float64), truth)
    coefficients, intercepts = model.coef_, model.intercept_
    if classes == 2:  # kept as one row: half of it for, half of it against
        coefficients, intercepts = np.vstack([-coefficients, coefficients]), np.hstack([-intercepts, intercepts])
    counts = np.bincount(truth, minlength=classes)
    balanced = (len(truth) / (classes * counts))[truth]
    return {"name": name, "classes": classes, "C": C, "values": listed(values), "truth": truth.tolist(),
            "weights": (balanced if class_weight else np.ones(len(truth))).tolist(), "others": listed(others),
            "weight": coefficients.ravel().tolist(), "bias": intercepts.tolist(),
            "probabilities": model.predict_proba(others.astype(np.float64)).ravel().tolist()}


def main():
    forest = {"eta": 1, "num_parallel_tree": 20, "max_depth": 5, "subsample": 0.8, "colsample_bynode": 0.5,
              "min_child_weight": 1, "lambda": 1e-5}
    boosting = {"eta": 0.3, "max_depth": 4, "subsample": 1, "colsample_bytree": 1, "min_child_weight": 1,
                "lambda": 1}
    drawn = {**boosting, "eta": 0.1, "subsample": 0.7, "colsample_bytree": 0.6, "min_child_weight": 0.5, "seed": 7}
    goldens = {
        "versions": {"xgboost": xgboost.__version__, "scikit-learn": sklearn.__version__},
        "columns": COLUMNS,
        "trees": [
            trees_case("a forest", "random_forest", 1, 4, None, {**forest, "seed": 3}, 1),
            trees_case("boosting", "gradient_boosting", 2, 3, None, {**boosting, "seed": 0}, 12),
            trees_case("boosting on parts of rows and columns", "gradient_boosting", 3, 5, None, drawn, 9),
            trees_case("boosting of two classes, weighted", "gradient_boosting", 4, 2,
                       lambda truth: np.where(truth == 0, 0.5, 2.0), {**boosting, "seed": 0}, 5),
        ],
        "linear": [
            linear_case("four classes", 5, 4, 1.0),
            linear_case("a strong penalty", 6, 3, 0.01),
            linear_case("a weak penalty", 7, 3, 100.0),
            linear_case("two classes", 8, 2, 1.0),
            linear_case("balanced", 9, 4, 0.5, "balanced"),
        ],
    }
    path = pathlib.Path(__file__).parent / "baselines.json"
    path.write_text(json.dumps(goldens) + "\n")


if __name__ == "__main__":
    main()
