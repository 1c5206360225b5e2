"""Maps and neighbours of 5,000 songs with embeddings of 512 numbers on two threads, beside scikit-learn.

    python tests/bench/embedding.py build/release

The peer finds neighbours alone; Chorale's second figure is of neighbours and all scores of retrieval.
"""

import os
import subprocess
import sys
import time

THREADS = 2
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(THREADS)

import numpy as np  # noqa: E402
from sklearn.decomposition import PCA  # noqa: E402
from sklearn.manifold import TSNE  # noqa: E402
from sklearn.neighbors import NearestNeighbors  # noqa: E402

SONGS, WIDTH, CENTRES = 5000, 512, 16


def timed(what, work):
    started = time.perf_counter()
    result = work()
    print(f"  {what:<26} {time.perf_counter() - started:7.2f} s")
    return result


def main(build):
    print(f"{SONGS:,} songs of {WIDTH} numbers, {THREADS} threads\nChorale", flush=True)
    subprocess.run([f"{build}/tests/bench_embedding", str(SONGS), str(WIDTH), str(THREADS)], check=True)
    rng = np.random.default_rng(1)
    songs = rng.normal(size=(CENTRES, WIDTH))[np.arange(SONGS) % CENTRES] + 2 * rng.normal(size=(SONGS, WIDTH))
    print("scikit-learn")
    components = timed("PCA, 50 components", lambda: PCA(50, random_state=0).fit_transform(songs))
    timed("t-SNE", lambda: TSNE(n_jobs=THREADS, random_state=0).fit_transform(components))
    timed("neighbours", lambda: NearestNeighbors(n_neighbors=11, metric="cosine").fit(songs).kneighbors(songs))


main(*sys.argv[1:])
