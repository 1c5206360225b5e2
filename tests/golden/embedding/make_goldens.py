#!/usr/bin/env python3
"""Writes, beside itself, embeddings of made-up songs and what scikit-learn says about them: retrieval.json, pca.json,
tsne.json.

    python3 -m venv /tmp/goldens && /tmp/goldens/bin/pip install -r ../metrics/requirements.txt
    /tmp/goldens/bin/python make_goldens.py
"""

import json
import pathlib

import numpy as np
import scipy
import sklearn
from scipy.spatial.distance import squareform
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities, _joint_probabilities_nn, _kl_divergence
from sklearn.metrics import average_precision_score
from sklearn.metrics.pairwise import cosine_similarity, euclidean_distances
from sklearn.neighbors import NearestNeighbors

DEPTHS = (1, 5, 10)


def rounded(values, digits=4):
    return np.round(values, digits).astype(np.float32)


def as_list(values):
    """Floats of 32 bits in the shortest digits that read back to them."""
    return [float(str(value)) for value in np.asarray(values).ravel()]


def score(similarity, relevant, candidate):
    """Means over the songs that have a relevant candidate. `relevant`, `candidate` [songs, songs]."""
    precision, average, chance, candidates = [], [], [], []
    for i in range(len(similarity)):
        others = np.flatnonzero(candidate[i] & (np.arange(len(similarity)) != i))
        truth = relevant[i, others]
        if not truth.any():
            continue
        ranked = truth[np.argsort(-similarity[i, others], kind="stable")]
        precision.append([ranked[:k].sum() / k for k in DEPTHS])
        average.append(average_precision_score(truth, similarity[i, others]))
        chance.append(truth.mean())
        candidates.append(len(others))
    if not average:
        return {"queries": 0, "precision": [None] * len(DEPTHS), "mean_average_precision": None, "chance": None}
    return {
        "queries": len(average),
        "precision": [float(p) if k <= min(candidates) else None for k, p in zip(DEPTHS, np.mean(precision, 0))],
        "mean_average_precision": float(np.mean(average)),
        "chance": float(np.mean(chance)),
    }


def retrieval_case(name, embeddings, labels, artists):
    similarity = cosine_similarity(embeddings.astype(np.float64))
    same_class = (labels[:, None] == labels) & (labels[:, None] >= 0)
    same_artist = artists[:, None] == artists
    everybody = np.ones_like(same_class)
    ranked = np.argsort(-(similarity - 3 * np.eye(len(labels))), axis=1, kind="stable")[:, :5]
    return {
        "name": name,
        "width": embeddings.shape[1],
        "embeddings": as_list(embeddings),
        "labels": labels.tolist(),
        "artists": artists.tolist(),
        "nearest": ranked.tolist(),
        "similarity": np.take_along_axis(similarity, ranked, 1).tolist(),
        "same_class": score(similarity, same_class, everybody),
        "same_class_other_artist": score(similarity, same_class, ~same_artist),
        "same_artist": score(similarity, same_artist, everybody),
    }


def retrievals():
    rng = np.random.default_rng(20240601)

    def songs(n, width, classes, of_artist):
        artists = np.arange(n) // of_artist
        labels = artists % classes
        while True:
            centres, styles = rng.normal(size=(classes, width)), rng.normal(size=(n, width))
            noise = rng.normal(size=(n, width))
            embeddings = rounded(np.maximum(centres[labels] + 0.7 * styles[artists] + 0.9 * noise, 0))
            # Floats of 32 bits have to give the same order.
            if np.diff(np.sort(cosine_similarity(embeddings.astype(np.float64)), axis=1)).min() > 1e-6:
                return embeddings, labels, artists

    shuffled = rng.permutation(70)
    embeddings, labels, artists = songs(70, 12, 5, 3)
    alone = labels.copy()
    alone[4] = 5  # the only song of its class
    alone[8] = -1  # of no class
    return [
        retrieval_case("five classes, artists of three songs", embeddings[shuffled], labels[shuffled],
                       artists[shuffled]),
        retrieval_case("a class of one song, a song without a class", embeddings, alone, artists),
        retrieval_case("every song by another artist", embeddings, labels, np.arange(70)),
        retrieval_case("nine songs, ten deep", *songs(9, 8, 2, 2)),
    ]


def pca_case(name, rows, components):
    model = PCA(n_components=components, svd_solver="full")
    scores = model.fit_transform(rows.astype(np.float64))
    return {"name": name, "width": rows.shape[1], "rows": as_list(rows), "components": components,
            "scores": scores.ravel().tolist(), "explained": model.explained_variance_ratio_.tolist()}


def pcas():
    rng = np.random.default_rng(20240602)
    wide = rng.normal(size=(50, 8)) * 3 / (1 + np.arange(8)) @ rng.normal(size=(8, 60)) + 0.3 * rng.normal(size=(50, 60))
    return [
        pca_case("narrow", rounded(rng.normal(size=(40, 6)) * [5, 3, 2, 1, 1, 0.5] + 7), 6),
        pca_case("a few of many dimensions", rounded(wide), 3),
        pca_case("fewer rows than dimensions", rounded(rng.normal(size=(5, 20))), 4),
        pca_case("of rank two", rounded(np.outer(np.arange(12), [1, 2, 0, 1]) + np.outer(np.arange(12) % 3, [0, 1, 1, 5])),
                 3),
    ]


def affinity_case(rows, perplexity):
    """As in TSNE._fit with method barnes_hut."""
    neighbours = min(len(rows) - 1, int(3 * perplexity + 1))
    graph = NearestNeighbors(n_neighbors=neighbours).fit(rows).kneighbors_graph(mode="distance")
    graph.data **= 2
    dense = _joint_probabilities_nn(graph, perplexity, 0).toarray()
    return {"width": rows.shape[1], "rows": as_list(rows), "perplexity": perplexity, "dense": dense.ravel().tolist()}


def gradient_case(rng, rows, perplexity):
    """Of all pairs: no neighbour is left out, no group of points is taken as one."""
    n = len(rows)
    condensed = _joint_probabilities(euclidean_distances(rows, squared=True), perplexity, 0)
    layout = rng.normal(size=(n, 2))
    _, gradient = _kl_divergence(layout.ravel().copy(), condensed, 1, n, 2)
    return {"affinities": squareform(condensed).ravel().tolist(), "layout": layout.ravel().tolist(),
            "gradient": gradient.ravel().tolist()}


def nearest_has_same_label(layout, labels):
    distance = euclidean_distances(layout)
    np.fill_diagonal(distance, np.inf)
    return float((labels[distance.argmin(1)] == labels).mean())


def layouts():
    rng = np.random.default_rng(20240604)
    labels = np.arange(300) % 6
    rows = rounded(1.5 * rng.normal(size=(6, 10))[labels] + rng.normal(size=(300, 10)) * rng.uniform(0.5, 1.5, (1, 10)), 3)
    mapped = [TSNE(random_state=seed).fit_transform(rows) for seed in range(3)]
    others = [rounded(rng.normal(size=(300, 2)), 3), rounded(PCA(2).fit_transform(rows), 3)]
    return {
        "width": 10,
        "rows": as_list(rows),
        "labels": labels.tolist(),
        "trustworthiness": [float(trustworthiness(rows, one, n_neighbors=12)) for one in mapped],
        "same_label": [nearest_has_same_label(one, labels) for one in mapped],
        "known": [{"layout": as_list(one), "trustworthiness": float(trustworthiness(rows, one, n_neighbors=12))}
                  for one in others],
    }


def write(name, **content):
    document = {"scikit_learn": sklearn.__version__, "numpy": np.__version__, "scipy": scipy.__version__, **content}
    pathlib.Path(__file__).with_name(name).write_text(json.dumps(document) + "\n")


if __name__ == "__main__":
    write("retrieval.json", cases=retrievals())
    write("pca.json", cases=pcas())
    random = np.random.default_rng(20240603)
    few = rounded(random.normal(size=(40, 5)))
    write("tsne.json", affinities=affinity_case(few, 5.0), gradient=gradient_case(random, few, 8.0), mixture=layouts())
