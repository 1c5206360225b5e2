#!/usr/bin/env python3
"""Writes, beside itself, predictions and what scikit-learn, scipy and mir_eval say about them: confusion.json,
multi_label.json, tempo_and_key.json, probabilities.json, significance.json.

    python3 -m venv /tmp/goldens && /tmp/goldens/bin/pip install -r requirements.txt
    /tmp/goldens/bin/python make_goldens.py
"""

import json
import pathlib
import warnings

import mir_eval
import numpy as np
import scipy
import sklearn
from scipy.stats import binomtest, permutation_test
from sklearn.calibration import calibration_curve
from sklearn.metrics import (accuracy_score, average_precision_score, balanced_accuracy_score, confusion_matrix,
                             f1_score, hamming_loss, precision_score, precision_recall_fscore_support, recall_score,
                             roc_auc_score, top_k_accuracy_score)


def confusion_case(name, classes, truth, predicted):
    labels = list(range(classes))
    options = {"labels": sorted(set(int(x) for x in truth)), "zero_division": 0}  # of other classes nothing is known
    precision, recall, f1, support = precision_recall_fscore_support(truth, predicted, average=None, labels=labels,
                                                                     zero_division=0)
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


def confusions():
    warnings.filterwarnings("ignore", message="y_pred contains classes not in y_true")
    rng = np.random.default_rng(20240501)
    imbalanced = rng.choice(4, 200, p=[0.85, 0.1, 0.04, 0.01])
    case = confusion_case
    return [
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


def best_threshold(truth, scores):
    """Of the thresholds with the highest F1 the nearest to 0.5, then the lowest, by trying all."""
    candidates = [0.5, *np.unique(scores)]
    return min(candidates, key=lambda t: (-round(f1_score(truth, scores >= t, zero_division=0), 12), abs(t - 0.5), t))


def multi_label_case(name, truth, scores):
    """`truth` and `scores` [examples, classes]. null: the class has examples of one kind only."""
    both = [0 < column.sum() < len(column) for column in truth.T]
    thresholds = np.array([best_threshold(t, s) if b else 0.5 for t, s, b in zip(truth.T, scores.T, both)])
    yes = scores >= thresholds

    def per_class(measure, values):
        return [float(measure(t, v)) if b else None for t, v, b in zip(truth.T, values.T, both)]

    auc, precision, f1 = (per_class(roc_auc_score, scores), per_class(average_precision_score, scores),
                          per_class(f1_score, yes))

    def mean(values):
        known = [value for value in values if value is not None]
        return float(np.mean(known)) if known else None

    return {
        "name": name,
        "classes": truth.shape[1],
        "truth": truth.ravel().tolist(),
        "scores": scores.ravel().tolist(),
        "thresholds": thresholds.tolist(),
        "roc_auc": auc,
        "average_precision": precision,
        "f1": [float(f1_score(t, y, zero_division=0)) for t, y in zip(truth.T, yes.T)],
        "precision": [float(precision_score(t, y, zero_division=0)) for t, y in zip(truth.T, yes.T)],
        "recall": [float(recall_score(t, y, zero_division=0)) for t, y in zip(truth.T, yes.T)],
        "macro_auc": mean(auc),
        "macro_average_precision": mean(precision),
        "macro_f1": mean(f1),
        "micro_f1": float(f1_score(truth.ravel(), yes.ravel(), zero_division=0)),
        # average="weighted" of several classes; for one column scikit-learn would weigh both of its values.
        "weighted_f1": float(np.average([f1_score(t, y, zero_division=0) for t, y in zip(truth.T, yes.T)],
                                        weights=truth.sum(0))),
        "hamming_loss": float(hamming_loss(truth, yes)),
        "subset_accuracy": float(accuracy_score(truth, yes)),
    }


def multi_labels():
    rng = np.random.default_rng(20240502)
    truth = (rng.random((150, 6)) < [0.5, 0.3, 0.1, 0.05, 0.02, 0.0]).astype(int)
    scores = rng.random((150, 6)) * 0.6 + 0.4 * truth * rng.random((150, 6))
    column = np.array([[1], [0], [1], [0], [0], [1]])
    return [
        multi_label_case("six classes, the last without a positive", truth, scores),
        multi_label_case("many ties", truth, np.round(scores, 1)),
        multi_label_case("all scores equal", truth[:, :2], np.full((150, 2), 0.25)),
        multi_label_case("perfect", column, column * 0.5 + 0.25),
        multi_label_case("reversed", column, 1.0 - column),
        multi_label_case("a tie of thresholds around 0.5", np.array([[1], [0], [1], [1]]),
                         np.array([[0.9], [0.7], [0.3], [0.3]])),
        multi_label_case("all positive", np.ones((4, 1), dtype=int), np.array([[0.1], [0.6], [0.7], [0.2]])),
    ]


def tempos():
    rng = np.random.default_rng(20240503)
    truth = np.round(rng.uniform(60, 180, 60), 1)
    factor = rng.choice([1, 2, 3, 1 / 2, 1 / 3, 1.5], 60)
    estimates = truth * factor * rng.uniform(0.94, 1.06, 60)

    def hit(reference, estimate):
        pair = np.array([reference, reference])
        return mir_eval.tempo.detection(pair, 0.5, np.array([estimate, estimate]), tol=0.04)[1]

    factors = (1, 2, 3, 1 / 2, 1 / 3)
    return {
        "truth": truth.tolist(),
        "estimates": estimates.tolist(),
        "mean_absolute_error": float(np.mean(np.abs(estimates - truth))),
        "accuracy1": float(np.mean([hit(t, e) for t, e in zip(truth, estimates)])),
        "accuracy2": float(np.mean([any(hit(f * t, e) for f in factors) for t, e in zip(truth, estimates)])),
    }


def keys():
    """[24][24]: rows are true keys, C major to B major, then C minor to B minor."""
    names = [f"{tonic} {mode}" for mode in ("major", "minor")
             for tonic in ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")]
    return [[mir_eval.key.weighted_score(truth, estimate) for estimate in names] for truth in names]


def probability_case(name, truth, probabilities, bins):
    """`probabilities` [examples, classes] of one class each."""
    confidence = probabilities.max(1)
    right = (probabilities.argmax(1) == truth).astype(int)
    accuracy, mean = calibration_curve(right, confidence, n_bins=bins, strategy="uniform")
    # Examples of the bins that calibration_curve returns, those that are not empty: its own edges.
    counts = np.bincount(np.searchsorted(np.linspace(0, 1, bins + 1)[1:-1], confidence), minlength=bins)
    labels = np.arange(probabilities.shape[1])
    return {
        "name": name,
        "classes": probabilities.shape[1],
        "truth": truth.tolist(),
        "probabilities": probabilities.ravel().tolist(),
        "bins": bins,
        "counts": counts.tolist(),
        "accuracy": accuracy.tolist(),
        "confidence": mean.tolist(),
        "expected_calibration_error": float(np.sum(counts[counts > 0] * np.abs(accuracy - mean)) / len(truth)),
        "top_k": [float(top_k_accuracy_score(truth, probabilities, k=k, labels=labels))
                  for k in range(1, len(labels))],
    }


def probabilities():
    rng = np.random.default_rng(20240504)

    def softmax(logits):
        e = np.exp(logits - logits.max(1, keepdims=True))
        return e / e.sum(1, keepdims=True)

    truth = rng.integers(0, 6, 200)
    logits = rng.normal(size=(200, 6)) + 2.5 * np.eye(6)[truth]
    tied = np.round(softmax(logits), 1)
    return [
        probability_case("six classes", truth, softmax(logits), 15),
        probability_case("too sure of itself", truth, softmax(6 * logits), 10),
        probability_case("many ties, on the edges of bins", truth, tied, 10),
        probability_case("three classes, all the same", truth % 3, np.full((200, 3), 1 / 3), 15),
    ]


SCORES = {"accuracy": accuracy_score, "balanced_accuracy": balanced_accuracy_score,
          "macro_f1": lambda t, p: f1_score(t, p, average="macro", labels=sorted(set(t)), zero_division=0)}


def bootstrap_case(name, groups, replicates=4000):
    """Percentile intervals of numpy's own draws of groups of songs. The second run is right more often."""
    rng = np.random.default_rng(20240505)
    truth, first = noisy(rng, 3, len(groups), 0.4)
    second = np.where(rng.random(len(groups)) < 0.7, truth, rng.integers(0, 3, len(groups)))
    members = [np.flatnonzero(groups == g) for g in np.unique(groups)]
    values = {key: [] for key in (*SCORES, "difference")}
    for _ in range(replicates):
        drawn = np.concatenate([members[i] for i in rng.integers(0, len(members), len(members))])
        for key, score in SCORES.items():
            values[key].append(score(truth[drawn], first[drawn]))
        values["difference"].append(np.mean(second[drawn] == truth[drawn]) - np.mean(first[drawn] == truth[drawn]))
    right = np.array([[np.sum(run[at] == truth[at]) for at in members] for run in (first, second)])
    permuted = permutation_test(right, lambda a, b, axis: np.sum(b - a, axis=axis), permutation_type="samples",
                                vectorized=True, n_resamples=200_000, random_state=rng)
    only_first = int(np.sum((first == truth) & (second != truth)))
    only_second = int(np.sum((first != truth) & (second == truth)))
    return {
        "name": name,
        "groups": groups.tolist(),
        "truth": truth.tolist(),
        "first": first.tolist(),
        "second": second.tolist(),
        "intervals": {key: np.percentile(value, [2.5, 97.5]).tolist() for key, value in values.items()},
        "only_first": only_first,
        "only_second": only_second,
        "p": float(binomtest(only_first, only_first + only_second, 0.5).pvalue),
        "p_of_groups": float(permuted.pvalue),
    }


def significance():
    warnings.filterwarnings("ignore", message="y_pred contains classes not in y_true")
    pairs = [(0, 0), (0, 1), (1, 0), (5, 5), (0, 6), (3, 12), (40, 25), (500, 430), (1, 2000)]
    return {
        "mcnemar": [{"a": a, "b": b, "p": float(binomtest(a, a + b, 0.5).pvalue) if a + b else 1.0}
                    for a, b in pairs],
        "bootstrap": [bootstrap_case("songs of their own", np.arange(120)),
                      bootstrap_case("artists of four songs", np.arange(120) // 4)],
    }


def write(name, **content):
    document = {"scikit_learn": sklearn.__version__, "mir_eval": mir_eval.__version__, "numpy": np.__version__,
                "scipy": scipy.__version__, **content}
    pathlib.Path(__file__).with_name(name).write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    write("confusion.json", cases=confusions())
    write("multi_label.json", cases=multi_labels())
    write("tempo_and_key.json", tempo=tempos(), key=keys())
    write("probabilities.json", cases=probabilities())
    write("significance.json", **significance())
