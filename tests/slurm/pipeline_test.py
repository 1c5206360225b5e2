"""slurm/pipeline.sh, submitted to a real Slurm: ingest, train and eval run one after another on two tasks each."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from cluster import Cluster  # noqa: E402

sys.path.insert(0, str(Path(__file__).parents[1] / "support"))
from train_job import has_checkpoint  # noqa: E402

SOURCE = Path(os.environ["CHORALE_SOURCE"])
BIN = Path(os.environ["CHORALE_BIN"])

CONFIG = """
[dataset]
kind = "gtzan"
root = "{folder}/audio"
group = "artist"
[split]
validation = 0.34
test = 0.33
[store]
path = "{folder}/store"
tracks_per_shard = 8
[run]
dir = "{folder}/run"
[features]
store = ["mel", "mfcc"]
[model]
{model}
[train]
epochs = {epochs}
lr = 1e-3
"""


class PipelineTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory(prefix="chorale-slurm-")
        cls.addClassCleanup(cls.scratch.cleanup)
        cls.folder = Path(cls.scratch.name)
        cls.folder.chmod(0o755)  # munged is another user
        subprocess.run([BIN / "chorale", "synth", cls.folder / "audio", "--tracks-per-class", "3", "--seconds", "6",
                        "--artists-per-class", "3"], check=True, capture_output=True)
        (cls.folder / "cluster").mkdir()
        cls.cluster = Cluster(cls.folder / "cluster")
        cls.cluster.__enter__()
        cls.addClassCleanup(cls.cluster.__exit__)
        log = f"-o {cls.folder}/slurm-%j.out"
        cls.cluster.env.update(CHORALE_HOME=str(SOURCE), CHORALE_BIN=str(BIN), INGEST_OPTIONS=log, TRAIN_OPTIONS=log,
                               EVAL_OPTIONS=log)

    def config(self, name, epochs, model="channels = [4, 8]\nhidden = 16"):
        path = self.folder / name
        path.write_text(CONFIG.format(folder=self.folder, epochs=epochs, model=model))
        return path

    def log_of(self, job):
        return "".join(p.read_text(errors="replace") for p in self.folder.glob(f"slurm-{job}.out"))

    def submit(self, *command):
        result = self.cluster.run("sbatch", "--parsable", *map(str, command), cwd=self.folder)
        self.assertEqual(result.returncode, 0, result.stderr)
        return int(result.stdout)

    def assert_completed(self, job, seconds=240):
        state = self.cluster.wait_for_job(job, seconds)
        self.assertEqual(state, ("COMPLETED", "0:0"), self.log_of(job))

    def test_1a_three_jobs_chained_by_dependencies(self):
        result = self.cluster.run(SOURCE / "slurm/pipeline.sh", self.config("pipeline.toml", epochs=2),
                                  cwd=self.folder)
        self.assertEqual(result.returncode, 0, result.stderr)
        words = result.stdout.replace(",", "").split()
        jobs = {words[i]: int(words[i + 1]) for i in range(0, len(words), 2)}
        self.assertEqual(list(jobs), ["ingest", "train", "eval"])
        for job in jobs.values():
            self.assert_completed(job)

        self.assertIn("30 tracks", self.log_of(jobs["ingest"]))
        history = (self.folder / "run/history.csv").read_text().splitlines()
        self.assertEqual(len(history), 1 + 2, history)
        self.assertEqual(json.loads((self.folder / "run/environment.json").read_text())["ranks"], 2)
        metrics = json.loads((self.folder / "run/metrics.json").read_text())
        self.assertEqual(metrics["n_songs"], 10)
        self.assertEqual(len(metrics["classes"]), 10)

    def test_1b_the_scripts_of_the_recurrent_models_train_them(self):
        small = 'name = "{}"\nunits = 4\nlayers = 1\nhidden = 8'
        jobs = {}
        for name, options in (("hybrid", "channels = [4, 8]"), ("lstm", "")):
            config = self.config(f"{name}.toml", epochs=1, model=small.format(name) + "\n" + options)
            override = ["train.input=mfcc"] if name == "lstm" else []
            jobs[name] = self.submit(SOURCE / f"slurm/train_{name}.sh", config, f"run.dir={self.folder}/{name}", *override)
        for name, job in jobs.items():
            self.assert_completed(job)
            history = (self.folder / name / "history.csv").read_text().splitlines()
            self.assertEqual(len(history), 1 + 1, history)
            self.assertEqual(json.loads((self.folder / name / "environment.json").read_text())["ranks"], 2)

    def test_1c_tasks_of_an_array_share_a_sweep(self):
        config = self.config("ablation.toml", epochs=2)
        study = self.folder / "study"
        config.write_text(config.read_text() + f'[sweep]\ndir = "{study}"\nseeds = [0, 1, 2, 3]\n')
        array = self.submit("--array=1-2", "-c1", "-o", f"{self.folder}/slurm-%A-%a.out",
                            SOURCE / "slurm/ablation.sh", config)

        def logs():
            return [p.read_text(errors="replace") for p in self.folder.glob(f"slurm-{array}-*.out")]

        self.cluster.wait_for((study / "report/report.html").exists, 240, f"the report: {logs()}")
        self.assert_completed(array)
        cells = [json.loads(p.read_text()) for p in (study / "cells").glob("*.json")]
        self.assertEqual(sorted((c["cell"], c["state"], c["claims"]) for c in cells),
                         [(f"seed-{seed}", "done", 1) for seed in range(4)])
        self.assertEqual(sum(log.count("info: cell seed-") for log in logs()), 4, logs())

    def test_2_a_job_stopped_by_a_signal_goes_back_into_the_queue_and_continues(self):
        # Long enough that the signal comes long before its end; the run below is shortened when it continues.
        config = self.config("requeue.toml", epochs=100000)
        run = self.folder / "requeued"
        options = [SOURCE / "slurm/train_cnn.sh", config, f"run.dir={run}", "train.patience=100000"]
        job = self.submit(*options)
        self.cluster.wait_for((run / "history.csv").exists, 120, "the first epoch")
        self.cluster.run("scancel", "--signal=TERM", str(job))
        self.cluster.wait_for(lambda: "back into the queue" in self.log_of(job), 60, "the job to be requeued")
        self.cluster.wait_for(lambda: self.cluster.field(job, "Restarts") == "1", 60, "Restarts=1")
        self.cluster.run("scancel", str(job))
        self.cluster.wait_for_job(job, 60)
        done = len((run / "history.csv").read_text().splitlines()) - 1
        self.assert_completed(self.submit(*options, f"train.epochs={done + 1}"))
        rows = (run / "history.csv").read_text().splitlines()[1:]
        self.assertEqual([int(row.split(",")[0]) for row in rows], list(range(1, done + 2)))

    def test_3_single_processes_instead_of_one_job_are_refused(self):
        script = self.folder / "wrong.sh"
        script.write_text(f"#!/bin/bash\nsrun --mpi=none {BIN}/chorale-ingest {self.config('wrong.toml', 1)} "
                          f"store.path={self.folder}/other\n")
        job = self.submit("-n2", script)
        state, code = self.cluster.wait_for_job(job, 60)
        self.assertEqual((state, code), ("FAILED", "2:0"), self.log_of(job))
        self.assertIn("--mpi=pmix", self.log_of(job))
        self.assertFalse((self.folder / "other").exists())

    def rank_of(self, job, rank):
        """The process of this rank of a running job."""
        for process in Path("/proc").glob("[0-9]*"):
            try:
                if (process / "comm").read_text() != "chorale-train\n":
                    continue
                variables = (process / "environ").read_text(errors="replace").split("\0")
            except (FileNotFoundError, ProcessLookupError):
                continue
            if {f"SLURM_JOB_ID={job}", f"SLURM_PROCID={rank}"} <= set(variables):
                return int(process.name)
        raise AssertionError(f"no rank {rank} of job {job}")

    def test_4_a_killed_rank_ends_the_job_which_continues(self):
        config = self.config("killed.toml", epochs=100000)
        run = self.folder / "killed"
        options = [SOURCE / "slurm/train_cnn.sh", config, f"run.dir={run}", "train.patience=100000"]
        job = self.submit(*options)
        self.cluster.wait_for(lambda: has_checkpoint(run, 2), 120, "the second epoch")
        pid = self.rank_of(job, 1)
        os.kill(pid, signal.SIGKILL)
        state, _ = self.cluster.wait_for_job(job, 30)
        self.assertEqual(state, "FAILED", self.log_of(job))
        self.assertRegex(self.log_of(job), rf"rank 1 of 2 \(.*, process {pid}\) died")
        done = len((run / "history.csv").read_text().splitlines()) - 1
        self.assert_completed(self.submit(*options, f"train.epochs={done + 1}"))
        rows = (run / "history.csv").read_text().splitlines()[1:]
        self.assertEqual([int(row.split(",")[0]) for row in rows], list(range(1, done + 2)))


if __name__ == "__main__":
    unittest.main()
