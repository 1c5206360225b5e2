"""A sweep that several processes share, some of which are killed, ends as one that was left alone."""

import json
import os
import pty
import re
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2] / "support"))
from job import Job  # noqa: E402
from train_job import has_checkpoint, make_store, weights  # noqa: E402

SWEEP = """
extends = "train.toml"
[sweep]
dir = "{folder}/alone"
seeds = [0, 1]
[[sweep.variant]]
name = "cnn"
model = {{ name = "cnn", channels = [6, 8], hidden = 16 }}
[[sweep.variant]]
name = "hybrid"
model = {{ name = "hybrid", channels = [6], units = 4, layers = 1, hidden = 8 }}
[sweep.grid]
train.lr = [1e-3, 1e-2]
"""
CELLS = [f"{model}_lr-{lr}_seed-{seed}" for model in ("cnn", "hybrid") for lr in ("0.001", "0.01") for seed in (0, 1)]


class Sweep(Job):
    def __init__(self, folder, study, *arguments, config="sweep.toml", **options):
        self.study = folder / study
        super().__init__("chorale-sweep", folder / config, f"sweep.dir={self.study}", *arguments, **options)

    def outcome(self, cell):
        return json.loads((self.study / "cells" / f"{cell}.json").read_text())

    def begun(self):
        """Cells, in the order in which this process took them."""
        return re.findall(r"info: cell ([^\s:]+)", self.stderr)

    def finished(self):
        return sum((self.study / "cells" / f"{cell}.json").exists() for cell in CELLS)


class SweepTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        scratch = tempfile.TemporaryDirectory(prefix="chorale-sweep-")
        cls.addClassCleanup(scratch.cleanup)
        cls.folder = Path(scratch.name)
        make_store(cls.folder)
        train = (cls.folder / "train.toml").read_text()
        # Options of the cnn are none of the hybrid.
        (cls.folder / "train.toml").write_text(train.replace("[model]\nchannels = [6, 8]\nhidden = 16\n", "")
                                               .replace("epochs = 6", "epochs = 3"))
        (cls.folder / "sweep.toml").write_text(SWEEP.format(folder=cls.folder))
        cls.alone = cls.sweep("alone")
        if cls.alone.status != 0:
            raise AssertionError(cls.alone.stderr)

    @classmethod
    def sweep(cls, study, *arguments, **options):
        job = Sweep(cls.folder, study, *arguments, **options)
        job.wait()
        return job

    def assert_same(self, study):
        for cell in CELLS:
            with self.subTest(cell=cell):
                here, there = (self.folder / name / "runs" / cell for name in (study, "alone"))
                self.assertEqual(weights(here), weights(there))
                for name in ("history.csv", "songs.csv", "predictions.csv"):
                    self.assertEqual((here / name).read_bytes(), (there / name).read_bytes(), name)
        tables = [(self.folder / name / "report/tables/comparison.csv").read_text() for name in (study, "alone")]
        self.assertEqual(tables[0], tables[1])

    def test_alone(self):
        self.assertEqual(self.alone.begun(), CELLS)
        self.assertIn("8 cells: 8 done", self.alone.stdout)
        again = self.sweep("alone")
        self.assertEqual((again.status, again.begun()), (0, []))

    def test_two_processes_one_of_which_is_killed_and_started_again(self):
        name = "shared"
        first, second = (Sweep(self.folder, name) for _ in range(2))
        run = self.folder / name / "runs"
        second.wait_until(lambda: second.finished() >= 2)
        claimed = {}

        def mine():
            """The cell that the second process works on, once it has a checkpoint there."""
            for path in (self.folder / name / "cells").glob("*.claim-*"):
                try:
                    owner = json.loads(path.read_text())
                except (FileNotFoundError, json.JSONDecodeError):
                    continue
                cell = path.name.rpartition(".claim-")[0]
                if owner["process"] == second.process.pid and has_checkpoint(run / cell, 1):
                    claimed["cell"] = cell
            return bool(claimed)

        second.wait_until(mine)
        self.assertEqual(second.kill(), -signal.SIGKILL)
        third = self.sweep(name)
        self.assertEqual((first.wait(), third.status), (0, 0), first.stderr + third.stderr)
        killed = claimed["cell"]
        taken = first.begun() + second.begun() + third.begun()
        self.assertEqual(sorted(set(taken)), sorted(CELLS))
        self.assertLessEqual(len(taken), len(CELLS) + 1)
        for cell in CELLS:
            died = len([c for c in taken if c == cell]) - 1
            self.assertEqual(self.alone.outcome(cell)["claims"], 1)
            self.assertEqual(third.outcome(cell)["claims"], 1 + died)
            self.assertLessEqual(died, cell == killed)
        # Killed after its outcome was written and before the claim was given up, it leaves the claim behind.
        left = {p.name.rpartition(".claim-")[0] for p in (self.folder / name / "cells").glob("*.claim-*")}
        self.assertLessEqual(left, {killed})
        self.assert_same(name)

    def test_stopped_by_a_signal(self):
        job = Sweep(self.folder, "stopped")
        job.wait_until(lambda: job.finished() >= 1)
        job.process.send_signal(signal.SIGTERM)
        self.assertEqual(job.wait(), 75, job.stderr)
        self.assertEqual(list((job.study / "cells").glob("*.claim-*")), [])
        again = self.sweep("stopped")
        self.assertEqual(again.status, 0, again.stderr)
        self.assert_same("stopped")

    def test_groups_of_ranks(self):
        job = self.sweep("groups", ranks=2)
        self.assertEqual(job.status, 0, job.stderr)
        self.assertEqual(sorted(job.begun()), sorted(CELLS))
        self.assert_same("groups")
        together = self.sweep("together", "sweep.ranks=2", "sweep.seeds=[0]", ranks=4)
        self.assertEqual(together.status, 0, together.stderr)
        self.assertIn("4 cells: 4 done", together.stdout)
        environment = json.loads((together.study / "runs" / CELLS[0] / "environment.json").read_text())
        self.assertEqual(environment["ranks"], 2)
        odd = self.sweep("odd", "sweep.ranks=2", ranks=3)
        self.assertEqual(odd.status, 2)
        self.assertIn("sweep.ranks is 2, but the job has 3 ranks", odd.stderr)

    def test_a_failed_cell_does_not_stop_the_others(self):
        (self.folder / "failing.toml").write_text(
            SWEEP.format(folder=self.folder).replace("train.lr = [1e-3, 1e-2]", 'train.lr = [1e-3]\n'
                                                     'train.input = ["mel", "mfcc"]').replace("[0, 1]", "[0]"))
        for ranks in (0, 2):
            with self.subTest(ranks=ranks):
                job = self.sweep(f"failing-{ranks}", config="failing.toml", ranks=ranks)
                self.assertEqual(job.status, 1)
                self.assertIn("2 done, 2 failed", job.stdout)
                self.assertIn("2 of 4 cells have failed", job.stderr)
                self.assertIn("mfcc", job.outcome("cnn_lr-0.001_mfcc_seed-0")["error"])
                self.assertIn("failed", self.sweep(f"failing-{ranks}", "--status", config="failing.toml").stdout)
                again = self.sweep(f"failing-{ranks}", config="failing.toml")
                self.assertEqual((again.status, again.begun()), (1, []))
                retry = self.sweep(f"failing-{ranks}", "--retry", config="failing.toml")
                self.assertEqual(len(retry.begun()), 2)

    def test_status_on_a_terminal_is_drawn_until_all_have_ended(self):
        terminal, end = pty.openpty()
        subprocess.run([Path(os.environ["CHORALE_BIN"]) / "chorale-sweep", self.folder / "sweep.toml",
                        f"sweep.dir={self.folder}/alone", "--status"], stdout=end, check=True, timeout=120)
        os.close(end)
        shown = b""
        while True:
            try:
                part = os.read(terminal, 65536)
            except OSError:  # nothing is left, and nobody writes any more
                break
            if not part:
                break
            shown += part
        self.assertIn(b"\x1b[H\x1b[2J", shown)
        self.assertIn(b"8 cells: 8 done", shown)

    def test_plan(self):
        job = self.sweep("planned", "--plan")
        self.assertEqual(job.status, 0, job.stderr)
        self.assertFalse(job.study.exists())
        for cell in CELLS:
            self.assertIn(cell, job.stdout)
        self.assertIn("Times are estimated as soon as", job.stdout)
        self.assertRegex(self.sweep("alone", "--plan").stdout, r"takes at most 0:00 on one group")

    def test_refusals(self):
        for flags in ((), ("--status",), ("--plan",)):
            with self.subTest(flags=flags):
                other = self.sweep("alone", "train.epochs=4", *flags)
                self.assertEqual(other.status, 2)
                self.assertIn("study folder of another sweep", other.stderr)
                self.assertIn("train.epochs: 4 here, 3 there", other.stderr)
        for arguments, message in ((("sweep.grid.train.lr=[]",), "found no values"),
                                   (("train.lr=0.5",), "the sweep varies this key")):
            with self.subTest(arguments=arguments):
                job = self.sweep("refused", *arguments)
                self.assertEqual(job.status, 2)
                self.assertIn(message, job.stderr)
                self.assertFalse(job.study.exists())


if __name__ == "__main__":
    unittest.main()
