"""Writes the goldens of the two named sets of features (feature_sets.py); run make_goldens.py first.

    X.features_103.npy, X.features_518.npy   of every feature signal X
    features_103.txt, features_518.txt       their columns, one a line
"""
import librosa
import numpy as np
import scipy

from feature_sets import features_103, features_518
from goldens_io import DATA, load_feature_signals, print_versions, save
from signals import RATE


def main():
    for name, y in load_feature_signals():
        for extract in (features_103, features_518):
            features = extract(y, RATE)
            save(name, extract.__name__, np.array(list(features.values()), dtype=np.float64))
            (DATA / f"{extract.__name__}.txt").write_text("\n".join(features) + "\n")
    print_versions(librosa, np, scipy)


if __name__ == "__main__":
    main()
