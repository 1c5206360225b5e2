"""A tiny collection, ingested, trained on for two epochs, evaluated and reported; every figure of metrics.json is
computed again from predictions.csv with nothing but the standard library."""

import ast
import csv
import json
import math
import struct
import subprocess
import sys
import tempfile
import unittest
from collections import Counter, defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from ingest_job import write_wav  # noqa: E402
from job import BIN, ENVIRONMENT  # noqa: E402

TOLERANCE = 1e-9  # probabilities are read back exactly; sums of them may be taken in another order

CONFIG = """
[dataset]
kind = "folder"
root = "{root}"
[split]
validation = 0.25
test = 0.25
[features.mel]
n_mels = 24
[store]
path = "{store}"
[run]
dir = "{run}"
[model]
channels = [4, 8]
hidden = 8
[train]
slice_seconds = 0.5
epochs = 2
batch_size = 16
threads = 1
"""


def chorale(command, *arguments):
    return subprocess.run([BIN / f"chorale-{command}", *map(str, arguments)], env=ENVIRONMENT, text=True,
                          capture_output=True, timeout=120)


def chorale_or_fail(command, *arguments):
    done = chorale(command, *arguments)
    if done.returncode != 0:
        raise AssertionError(f"chorale {command} ended with {done.returncode}: {done.stderr}")
    return done


def make_collection(root, classes):
    for label in classes:
        (root / label).mkdir(parents=True)
        for i in range(8):
            write_wav(root / label / f"{i:03}.wav", 1.2 + 0.4 * i, seed=f"{label}{i}")


def write_config(folder, name, root="audio", store="store"):
    config = folder / f"{name}.toml"
    config.write_text(CONFIG.format(root=folder / root, store=folder / store, run=folder / name))
    return config


def macro_f1(pairs, classes):
    total = 0
    for c in classes:
        hits = sum(t == p == c for t, p in pairs)
        both = sum(t == c for t, _ in pairs) + sum(p == c for _, p in pairs)
        total += 2 * hits / both if both else 0
    return total / len(classes)


def accuracy(pairs):
    return sum(t == p for t, p in pairs) / len(pairs)


def read_npy(path):
    """Rows of a two-dimensional array of float32, by numpy's description of its format."""
    data = path.read_bytes()
    (length,) = struct.unpack("<H", data[8:10])
    header = ast.literal_eval(data[10:10 + length].decode())
    assert data[:8] == b"\x93NUMPY\x01\x00" and header["descr"] == "<f4" and not header["fortran_order"]
    rows, columns = header["shape"]
    values = struct.unpack(f"<{rows * columns}f", data[10 + length:])
    return [values[i * columns:(i + 1) * columns] for i in range(rows)]


def read_safetensors(path):
    """name -> rows of float32; a vector is a list of numbers."""
    data = path.read_bytes()
    (length,) = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, about in json.loads(data[8:8 + length]).items():
        if name == "__metadata__" or about["dtype"] != "F32":
            continue
        begin, end = (8 + length + offset for offset in about["data_offsets"])
        values = struct.unpack(f"<{(end - begin) // 4}f", data[begin:end])
        width = about["shape"][-1] if len(about["shape"]) == 2 else 0
        tensors[name] = [values[i:i + width] for i in range(0, len(values), width)] if width else values
    return tensors


def recompute(rows, classes):
    """What metrics.json has to hold, from the rows of predictions.csv."""
    songs = defaultdict(list)
    for row in rows:
        songs[row["path"]].append(row)
    by_mean, by_vote = [], []
    for slices in songs.values():
        mean = {c: sum(float(row[f"p_{c}"]) for row in slices) / len(slices) for c in classes}
        votes = Counter(row["predicted"] for row in slices)
        by_mean.append((slices[0]["label"], max(classes, key=lambda c: mean[c])))
        by_vote.append((slices[0]["label"], max(classes, key=lambda c: (votes[c], mean[c]))))
    by_slice = [(row["label"], row["predicted"]) for row in rows]
    return {
        "song": {"accuracy": accuracy(by_mean), "macro_f1": macro_f1(by_mean, classes),
                 "vote_accuracy": accuracy(by_vote), "vote_macro_f1": macro_f1(by_vote, classes)},
        "slice": {"accuracy": accuracy(by_slice), "macro_f1": macro_f1(by_slice, classes)},
        "confusion": [[by_mean.count((t, p)) for p in classes] for t in classes],
        "n_songs": len(songs),
        "n_slices": len(rows),
        "support": {c: sum(t == c for t, _ in by_mean) for c in classes},
    }


class Evaluation(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="chorale-test-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        make_collection(cls.folder / "audio", ["choir", "drums, loud", "flute"])
        cls.run_dir = cls.folder / "run"
        config = write_config(cls.folder, "run")
        chorale_or_fail("ingest", config)
        chorale_or_fail("train", config)
        cls.output = chorale_or_fail("eval", cls.run_dir).stdout
        cls.metrics = json.loads((cls.run_dir / "metrics.json").read_text())
        with open(cls.run_dir / "predictions.csv", newline="") as file:
            cls.rows = list(csv.DictReader(file))

    def refused(self, *arguments):
        done = chorale("eval", *arguments)
        self.assertEqual(done.returncode, 2, done.stderr)
        return done.stderr

    def test_metrics_follow_from_the_predictions(self):
        classes = self.metrics["classes"]
        self.assertEqual(classes, ["choir", "drums, loud", "flute"])
        expected = recompute(self.rows, classes)
        for level in ("song", "slice"):
            for name, value in expected[level].items():
                self.assertAlmostEqual(self.metrics[level][name], value, delta=TOLERANCE, msg=f"{level}.{name}")
        for name in ("confusion", "n_songs", "n_slices"):
            self.assertEqual(self.metrics[name], expected[name])
        self.assertEqual({c: s["support"] for c, s in self.metrics["per_class"].items()}, expected["support"])

    def test_predictions_are_probabilities_of_test_songs(self):
        self.assertEqual(self.metrics["n_songs"], 6)  # a quarter of 8 songs in each of 3 classes
        for row in self.rows:
            probabilities = [float(row[f"p_{c}"]) for c in self.metrics["classes"]]
            self.assertAlmostEqual(sum(probabilities), 1, delta=1e-5)  # float32
            self.assertEqual(Path(row["path"]).parent.name, row["label"])
        starts = [float(row["start"]) for row in self.rows if row["path"] == self.rows[0]["path"]]
        self.assertEqual(starts, sorted(set(starts)))
        self.assertEqual(starts[0], 0)

    def test_tables_and_figures_lie_in_the_run_folder(self):
        for table in ("summary", "per_class", "confusion"):
            for ending in ("md", "csv", "tex", "json"):
                self.assertTrue((self.run_dir / "tables" / f"{table}.{ending}").is_file(), table)
        for figure in ("confusion", "confusion_percent", "class_bars", "roc", "precision_recall", "reliability",
                       "learning_curves"):
            for ending in ("svg", "png", "tsv", "gp"):
                self.assertTrue((self.run_dir / "figures" / f"{figure}.{ending}").is_file(), figure)
        self.assertIn(f"{self.metrics['song']['accuracy']:.3f}", self.output)

    def test_explanations_are_drawn_on_demand_and_taken_into_the_report(self):
        folder, out = self.run_dir / "figures" / "explain", self.folder / "explained"
        self.assertFalse(folder.exists())
        chorale_or_fail("eval", self.run_dir, "eval.explain=true")
        names = ("mean_spectrogram", "explain_choir", "explain_drums__loud", "explain_flute")
        self.assertEqual({file.name for file in folder.iterdir()},
                         {f"{name}.{ending}" for name in names for ending in ("svg", "png", "tsv", "gp")})
        predicted = Counter(row["predicted"] for row in self.rows)
        means = (folder / "mean_spectrogram.tsv").read_text()
        for label, count in predicted.items():
            self.assertIn(f"# {label}\t{count} slices\n", means)
        surest = max((row for row in self.rows if row["label"] == "choir"),
                     key=lambda row: float(row[f"p_{row['predicted']}"]))
        self.assertIn(f"# {surest['id']}\tfrom {float(surest['start']):.3f} s\tinput\n",
                      (folder / "explain_choir.tsv").read_text())
        chorale_or_fail("report", self.run_dir, "-o", out)
        self.assertIn("figures/explain_flute-1.svg", (out / "report.md").read_text())
        self.assertTrue((out / "figures" / "explain_flute-1.svg").is_file())
        chorale_or_fail("eval", self.run_dir)
        self.assertFalse(folder.exists(), "figures of another evaluation are left")

    def test_the_same_again_gives_the_same_files(self):
        files = [self.run_dir / name for name in ("metrics.json", "predictions.csv", "songs.csv")]
        before = [file.read_bytes() for file in files]
        chorale_or_fail("eval", self.run_dir)
        self.assertEqual([file.read_bytes() for file in files], before)

    def test_embeddings_are_what_the_last_layer_sees(self):
        done = chorale_or_fail("eval", self.run_dir, "eval.embeddings=true")
        self.assertIn("the same class", done.stdout)
        slices, songs = (read_npy(self.run_dir / f"{name}.npy") for name in ("embeddings", "song_embeddings"))
        self.assertEqual((len(slices), len(slices[0])), (len(self.rows), 8))
        (best,) = (self.run_dir / "checkpoints").glob("best-*")
        weights = read_safetensors(best / "model.safetensors")
        for embedding, row in zip(slices, self.rows):
            logits = [sum(e * w for e, w in zip(embedding, line)) + b
                      for line, b in zip(weights["output.weight"], weights["output.bias"])]
            total = sum(math.exp(value) for value in logits)
            for value, c in zip(logits, self.metrics["classes"]):
                self.assertAlmostEqual(math.exp(value) / total, float(row[f"p_{c}"]), delta=1e-5)  # float32
        with open(self.run_dir / "songs.csv", newline="") as file:
            ids = [row["id"] for row in csv.DictReader(file)]
        self.assertEqual(len(songs), len(ids))
        for song, mine in zip(ids, songs):
            parts = [e for e, row in zip(slices, self.rows) if row["id"] == song]
            for d in range(8):
                self.assertAlmostEqual(mine[d], sum(part[d] for part in parts) / len(parts), delta=1e-5)
        self.assertEqual(json.loads((self.run_dir / "metrics.json").read_text())["embedding"]["songs"], 6)

        like = chorale_or_fail("eval", self.run_dir, "--like", ids[0]).stdout
        self.assertIn(f"Songs like {ids[0]}", like)
        self.assertIn(ids[1], like)
        unknown = self.refused(self.run_dir, "--like", "no such song")
        self.assertIn("no such song", unknown)
        chorale_or_fail("report", self.run_dir, "-o", self.folder / "report")
        self.assertTrue((self.folder / "report" / "figures" / "embedding_pca_class-1.svg").is_file())

        chorale_or_fail("eval", self.run_dir)
        left = [path.name for path in self.run_dir.rglob("*")
                if "embedding" in path.name or path.stem in ("neighbours", "retrieval", "retrieval_per_class")]
        self.assertEqual(left, [], "of an evaluation before this one")
        self.assertIn("eval.embeddings=true", self.refused(self.run_dir, "--like", ids[0]))

    def test_report_over_the_run(self):
        out = self.folder / "report"
        done = chorale_or_fail("report", self.run_dir, "-o", out)
        self.assertIn("cnn on audio", done.stdout)
        self.assertIn("<svg", (out / "report.html").read_text())
        with open(out / "tables" / "runs.csv", newline="") as file:
            (row,) = csv.DictReader(file)
        self.assertAlmostEqual(float(row["song_accuracy"]), self.metrics["song"]["accuracy"], delta=TOLERANCE)

    def test_a_run_without_checkpoint_is_to_be_trained_first(self):
        untrained = self.folder / "untrained"
        untrained.mkdir()
        (untrained / "config.toml").write_bytes((self.run_dir / "config.toml").read_bytes())
        self.assertIn("Train the run first", self.refused(untrained))

    def test_another_split_than_in_training_is_refused(self):
        message = self.refused(self.run_dir, "split.seed=1")
        self.assertIn("split.seed", message)

    def test_a_store_of_other_features_is_refused(self):
        config = write_config(self.folder, "wide", store="wide.store")
        chorale_or_fail("ingest", config, "features.mel.n_mels=32")
        message = self.refused(self.run_dir, f"store.path={self.folder / 'wide.store'}")
        self.assertIn("mel bins: 32 in the store, 24 in the checkpoint", message)
        self.assertIn("features.mel.n_mels", message)

    def test_a_store_of_other_classes_is_refused(self):
        make_collection(self.folder / "other", ["choir", "flute", "tuba"])
        chorale_or_fail("ingest", write_config(self.folder, "others", root="other", store="other.store"))
        message = self.refused(self.run_dir, f"store.path={self.folder / 'other.store'}")
        self.assertIn("choir, flute, tuba", message)
        self.assertIn("drums, loud", message)


if __name__ == "__main__":
    unittest.main()
