"""A run on the songs of another collection: two synthetic ones of different seeds, the second with a class under another
name, one that the run lacks, one without songs, and a copy of a song that the run was trained on."""

import csv
import json
import shutil
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from evaluation_test import CONFIG, chorale, chorale_or_fail  # noqa: E402

STYLES = 10
MAPPING = """
[classes]
Bossa_Nova = "bossa"
{second} = "{first}"
nothing = ""
"""


def rows_of(file):
    with open(file, newline="") as lines:
        return list(csv.DictReader(lines))


class CrossDataset(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temporary = tempfile.TemporaryDirectory(prefix="chorale-test-")
        cls.addClassCleanup(cls.temporary.cleanup)
        cls.folder = Path(cls.temporary.name)
        for name, seed, tracks in (("one", 1, 8), ("two", 2, 2)):
            chorale_or_fail("synth", cls.folder / name, "--tracks-per-class", tracks, "--seconds", 1.5, "--seed", seed)
        cls.classes = sorted(p.name for p in (cls.folder / "one/genres").iterdir())
        # The other collection: bossa is called Bossa_Nova, the fourth style is not there, songs of the third are
        # said to be of the second, there is a class `nothing` and one `polka`, and a song that was trained on.
        genres = cls.folder / "two/genres"
        (genres / "bossa").rename(genres / "Bossa_Nova")
        shutil.rmtree(genres / cls.classes[3])
        cls.config("one")
        cls.config("two")
        chorale_or_fail("ingest", cls.folder / "one.toml")
        chorale_or_fail("train", cls.folder / "one.toml")
        cls.run_dir = cls.folder / "run"
        for name in ("nothing", "polka"):
            (genres / name).mkdir()
            for i in range(2):
                shutil.copy(cls.folder / f"one/genres/{cls.classes[5]}/{cls.classes[5]}.0000{i}.wav",
                            genres / name / f"{i}.wav")
        chorale_or_fail("eval", cls.run_dir)
        tested = {row["path"] for row in rows_of(cls.run_dir / "songs.csv")}
        cls.trained = next(p for p in sorted((cls.folder / f"one/genres/{cls.classes[6]}").iterdir())
                           if f"{cls.classes[6]}/{p.name}" not in tested)
        shutil.copy(cls.trained, genres / cls.classes[7] / "copy.wav")
        chorale_or_fail("ingest", cls.folder / "two.toml")
        cls.mapping = cls.folder / "classes.toml"
        cls.mapping.write_text(MAPPING.format(first=cls.classes[1], second=cls.classes[2]))
        cls.done = chorale_or_fail("eval", cls.run_dir, "--on", cls.folder / "two.store", "--classes", cls.mapping)
        cls.results = cls.run_dir / "on/two.store"
        cls.metrics = json.loads((cls.results / "metrics.json").read_text())

    @classmethod
    def config(cls, name):
        (cls.folder / f"{name}.toml").write_text(
            CONFIG.format(root=cls.folder / name / "genres", store=cls.folder / f"{name}.store",
                          run=cls.folder / "run"))

    def on_two(self, *arguments):
        return chorale("eval", self.run_dir, "--on", self.folder / "two.store", *arguments)

    def refused(self, *arguments):
        done = self.on_two(*arguments)
        self.assertEqual(done.returncode, 2, done.stderr)
        return done.stderr

    def written(self, text):
        file = self.folder / "other.toml"
        file.write_text(text)
        return file

    def test_all_songs_with_a_class_are_evaluated_in_the_classes_of_the_run(self):
        self.assertEqual(self.metrics["classes"], self.classes)
        support = {c: s["support"] for c, s in self.metrics["per_class"].items()}
        self.assertEqual(support, {c: {1: 4, 2: 0, 3: 0}.get(i, 2) for i, c in enumerate(self.classes)})
        self.assertEqual(self.metrics["n_songs"], 2 * (STYLES - 1))
        songs = rows_of(self.results / "songs.csv")
        self.assertEqual({row["label"] for row in songs if row["path"].startswith("Bossa_Nova/")}, {"bossa"})
        right = sum(row["label"] == row["predicted"] for row in songs)
        self.assertAlmostEqual(self.metrics["song"]["accuracy"], right / len(songs), delta=1e-12)
        self.assertEqual(len(rows_of(self.results / "predictions.csv")), self.metrics["n_slices"])

    def test_classes_without_songs_are_undefined(self):
        for index in (2, 3):
            of_class = self.metrics["per_class"][self.classes[index]]
            self.assertEqual([of_class[name] for name in ("precision", "recall", "f1")], [None] * 3)

    def test_what_was_left_out_is_counted_and_listed(self):
        rows = rows_of(self.results / "left_out.csv")
        reasons = {row["path"]: row["reason"] for row in rows}
        self.assertEqual(len(reasons), 5)
        self.assertEqual(reasons[f"{self.classes[7]}/copy.wav"], "heard in training or validation")
        self.assertEqual(sum(r == "a class without a counterpart" for r in reasons.values()), 4)
        for text in ("4 songs of classes without a counterpart (nothing 2, polka 2)",
                     "1 song, heard in training or validation"):
            self.assertIn(text, self.metrics["split"]["left_out"])
            self.assertIn(text, self.done.stdout.replace("\n ", ""))

    def test_the_results_are_files_of_an_evaluation_of_their_own(self):
        self.assertEqual(self.metrics["split"]["part"], "cross-dataset: two.store")
        for file in ("config.toml", "classes.toml", "tables/per_class.tex", "figures/confusion.svg"):
            self.assertTrue((self.results / file).is_file(), file)
        own = json.loads((self.run_dir / "metrics.json").read_text())
        self.assertEqual(own["split"]["part"], "test")

    def test_the_applied_mapping_gives_the_same_again(self):
        out = self.folder / "again"
        self.assertEqual(self.on_two("--classes", self.results / "classes.toml", "-o", out).returncode, 0)
        self.assertEqual((out / "songs.csv").read_bytes(), (self.results / "songs.csv").read_bytes())

    def test_a_report_shows_them_apart(self):
        out = self.folder / "report"
        done = chorale_or_fail("report", self.run_dir, self.results, "-o", out)
        self.assertIn("cross-dataset: two.store", done.stdout)
        self.assertIn("Apart from the first table: another part (cross-dataset: two.store, not test)",
                      (out / "tables/comparison-2.json").read_text())
        self.assertIn(f"chorale eval {self.run_dir} --on {self.folder / 'two.store'} --classes {self.mapping}\n",
                      (out / "commands.sh").read_text())

    def test_classes_that_are_not_there_are_refused(self):
        message = self.refused("--classes", self.written('[classes]\npolka = "bosa"\nwaltzz = "bossa"\n'))
        self.assertIn('"bosa" is no class of the run, did you mean "bossa"?', message)
        self.assertIn('"waltzz" is no class of the store', message)

    def test_nothing_left_is_refused(self):
        nothing = "".join(f'{c} = ""\n' for c in [*self.classes[1:3], *self.classes[4:]])
        self.assertIn("no class of the store stands for one of the run",
                      self.refused("--classes", self.written("[classes]\n" + nothing), "-o", self.folder / "none"))

    def test_the_store_that_was_trained_on_leaves_its_test_songs(self):
        out = self.folder / "own"
        chorale_or_fail("eval", self.run_dir, "--on", self.folder / "one.store", "-o", out)
        self.assertEqual((out / "songs.csv").read_bytes(), (self.run_dir / "songs.csv").read_bytes())

    def test_other_features_are_refused(self):
        chorale_or_fail("ingest", self.folder / "two.toml", f"store.path={self.folder / 'coarse.store'}",
                        "features.hop_length=1024", "audio.duration=1")
        done = chorale("eval", self.run_dir, "--on", self.folder / "coarse.store")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("features.hop_length: 1024 here, 512 there", done.stderr)
        self.assertNotIn("audio.duration", done.stderr)

    def test_results_of_another_evaluation_are_not_overwritten(self):
        self.assertIn("name another folder with -o", self.refused("-o", self.run_dir))
        elsewhere = self.folder / "elsewhere/two.store"
        shutil.copytree(self.folder / "two.store", elsewhere)
        done = chorale("eval", self.run_dir, "--on", elsewhere, "--classes", self.mapping)
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("holds the results of another evaluation", done.stderr)

    def test_a_store_that_is_not_there_is_refused(self):
        done = chorale("eval", self.run_dir, "--on", self.folder / "nowhere")
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("nowhere: no such store", done.stderr)

    def test_options_that_belong_to_another_store_need_one(self):
        done = chorale("eval", self.run_dir, "-o", self.folder / "x")
        self.assertEqual(done.returncode, 2, done.stderr)


if __name__ == "__main__":
    unittest.main()
