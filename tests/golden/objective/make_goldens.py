#!/usr/bin/env python3
"""Writes, beside itself, losses of torch and their gradients: objective.safetensors.

    pip install torch==2.13.0 safetensors==0.8.0 scikit-learn==1.5.2 numpy==1.26.4
    python make_goldens.py

Sixteen samples with tasks genre (single, 4 classes), tags (multi, 5 classes, the last without a positive), tempo
(regression) and key (24 classes), a third of all labels missing. A missing class is -1, missing tags and tempos are
marked by known.<task>.
"""

import pathlib

import torch
from safetensors.torch import save_file
from sklearn.utils.class_weight import compute_class_weight
from torch.nn import functional

SAMPLES, GENRES, TAGS, KEYS = 16, 4, 5, 24
TASK_WEIGHTS = {"genre": 1.0, "tags": 0.5, "tempo": 0.1, "key": 0.8}


def labels():
    torch.manual_seed(11)
    known = {task: torch.rand(SAMPLES) > 1 / 3 for task in TASK_WEIGHTS}
    genre = torch.arange(SAMPLES) % GENRES * (torch.arange(SAMPLES) % 3 > 0)  # the first class is the most frequent
    tags = (torch.rand(SAMPLES, TAGS) < torch.tensor([0.5, 0.3, 0.2, 0.4, 0.0])).long()
    return {
        "genre": torch.where(known["genre"], genre, -1),
        "tags": tags,
        "known.tags": known["tags"].long(),
        "tempo": torch.rand(SAMPLES) * 80 + 70,
        "known.tempo": known["tempo"].long(),
        "key": torch.where(known["key"], torch.randint(0, KEYS, (SAMPLES,)), -1),
    }


def balanced(classes, count):
    present = classes.unique()
    weights = torch.ones(count)
    weights[present] = torch.from_numpy(
        compute_class_weight("balanced", classes=present.numpy(), y=classes.numpy())).float()
    return weights


def positive_weights(tags, power, cap):
    positives = tags.sum(0).double()
    ratio = (len(tags) - positives) / positives
    return torch.where(positives > 0, (ratio**power).clamp(max=cap), 1.0).float()


def losses(outputs, labels, weighted, tonic):
    """The mean loss of each task over its known labels."""
    genre, tags, tempo, key = outputs.split([GENRES, TAGS, 1, 12 if tonic else KEYS], dim=1)
    known_genre, known_key = labels["genre"] >= 0, labels["key"] >= 0
    true_genre, true_key = labels["genre"][known_genre], labels["key"][known_key] % key.shape[1]
    true_tags, known_tags = labels["tags"], labels["known.tags"].bool()
    known_tempo = labels["known.tempo"].bool()
    true_tempo = labels["tempo"][known_tempo].double()
    standardised = ((true_tempo - true_tempo.mean()) / true_tempo.std(unbiased=False)).float()
    smoothing = 0.1 if weighted else 0.0
    return {
        "genre": functional.cross_entropy(genre[known_genre], true_genre, label_smoothing=smoothing,
                                          weight=balanced(true_genre, GENRES) if weighted else None),
        "tags": functional.binary_cross_entropy_with_logits(
            tags[known_tags], true_tags[known_tags].float(),
            pos_weight=positive_weights(true_tags[known_tags], 0.5, 2.0) if weighted else None),
        "tempo": functional.smooth_l1_loss(tempo[known_tempo].squeeze(1), standardised),
        "key": functional.cross_entropy(key[known_key], true_key, label_smoothing=smoothing,
                                        weight=balanced(true_key, key.shape[1]) if weighted else None),
    }


def main():
    truth = labels()
    golden = dict(truth)
    for name, weighted, tonic in (("plain", False, False), ("weighted", True, True)):
        outputs = (torch.randn(SAMPLES, GENRES + TAGS + 1 + (12 if tonic else KEYS)) * 3).requires_grad_()
        parts = losses(outputs, truth, weighted, tonic)
        total = sum((TASK_WEIGHTS[task] if weighted else 1.0) * loss for task, loss in parts.items())
        total.backward()
        golden |= {f"{name}.outputs": outputs.detach(), f"{name}.loss": total.detach(),
                   f"{name}.gradient": outputs.grad}
        golden |= {f"{name}.loss.{task}": loss.detach() for task, loss in parts.items()}
    save_file({key: value.contiguous() for key, value in golden.items()},
              pathlib.Path(__file__).with_name("objective.safetensors"), {"torch": torch.__version__})


if __name__ == "__main__":
    main()
