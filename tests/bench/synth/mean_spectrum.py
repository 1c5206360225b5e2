#!/usr/bin/env python3
"""How much of a synthetic collection the mean spectrum gives away. Exit status 1 when it is too much, or too little.

Usage: mean_spectrum.py DIR      (a folder written by `chorale synth`)
Needs: pip install librosa==0.11.0 scikit-learn==1.7.2

Features of a track: mean and standard deviation over time of each of 128 mel bands in dB, so all rhythm, order and
melody is gone. Five folds; once no artist is on both sides, once artists are ignored.
"""
import csv
import sys
from pathlib import Path

import librosa
import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

FOLDS = 5
HIGHEST_BY_ARTIST = 0.45  # of both classifiers, ten classes
LOWEST_GAP = 0.15  # of the better classifier, when artists are ignored


def features(path):
    samples, rate = librosa.load(path, sr=None)
    mel = librosa.power_to_db(librosa.feature.melspectrogram(y=samples, sr=rate), ref=np.max, top_db=80)
    return np.concatenate([mel.mean(axis=1), mel.std(axis=1)])


def artist_folds(genres, artists):
    """The artists of each genre, dealt out in turn: folds of equal size with every genre in each."""
    fold = np.zeros(len(genres), int)
    for genre in np.unique(genres):
        for place, artist in enumerate(dict.fromkeys(artists[genres == genre])):
            fold[artists == artist] = place % FOLDS
    return [(np.flatnonzero(fold != k), np.flatnonzero(fold == k)) for k in range(FOLDS)]


def main(folder):
    with open(folder / "ground_truth.csv", newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    genres = np.array([row["genre"] for row in rows])
    artists = np.array([row["artist"] for row in rows])
    table = np.stack([features(folder / row["path"]) for row in rows])
    by_artist = artist_folds(genres, artists)
    by_track = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    classifiers = {
        "random forest": RandomForestClassifier(500, random_state=0),
        "logistic regression": make_pipeline(StandardScaler(), LogisticRegression(C=0.1, max_iter=3000)),
    }
    print(f"{len(rows)} tracks, {len(set(genres))} classes, {len(set(artists))} artists")
    apart, gaps = [], []
    for name, classifier in classifiers.items():
        apart.append(cross_val_score(classifier, table, genres, cv=by_artist).mean())
        ignored = cross_val_score(classifier, table, genres, cv=by_track).mean()
        gaps.append(ignored - apart[-1])
        print(f"{name:20s} artists apart {apart[-1]:.3f}   artists ignored {ignored:.3f}   gap {gaps[-1]:.3f}")
    return 0 if max(apart) <= HIGHEST_BY_ARTIST and max(gaps) >= LOWEST_GAP else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
