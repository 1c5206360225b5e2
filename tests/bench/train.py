"""Training samples a second of each model beside the same model in Python PyTorch.

    python tests/bench/train.py build/release [MODEL ...]

Batch 32, inputs of 130 frames of 128 mel bands (20 coefficients for the models that read MFCCs), random data in
memory. The programs of a model run one after another, RUNS times over, so that whatever else the machine does hits
all alike; medians are compared.

  plain           the script that anybody would write, fp32, two threads
  tuned           the better of fp32 and bf16, with channels_last, fused Adam and freed memory kept mapped, two threads
  DDP             tuned as well, two processes of one thread over gloo
  Chorale         fp32 and bf16, two threads; two ranks of one thread; one rank of one thread
"""

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
SECONDS, RUNS = "2", 3
MODELS = ("cnn", "lstm", "gru", "hybrid", "slice_cnn", "crnn1d", "crnn2d", "rnn", "vgg_small", "resnet_attention",
          "multitask_cnn", "multitask_rnn", "resnet18", "resnet50", "vgg16")
PYTHON = "build/venv/bin/python"
KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 36), "MALLOC_TOP_PAD_": str(1 << 26)}


def output(command, **environment):
    return float(subprocess.run(command, check=True, capture_output=True, text=True,
                                env={**os.environ, **environment}).stdout)


def peer(model, mode, threads=2, **environment):
    memory = {} if mode == "plain" else KEEP_MEMORY
    return output([PYTHON, HERE / "train/peer.py", model, mode, str(threads), SECONDS],
                  OMP_NUM_THREADS=str(threads), **memory, **environment)


def ddp(model, mode):
    with tempfile.TemporaryDirectory() as folder:
        job = {"WORLD_SIZE": "2", "INIT_FILE": f"{folder}/init", "OMP_NUM_THREADS": "1", **KEEP_MEMORY}
        other = subprocess.Popen([PYTHON, HERE / "train/peer.py", model, mode, "1", SECONDS],
                                 env={**os.environ, **job, "RANK": "1"})
        job.pop("OMP_NUM_THREADS")
        for name in KEEP_MEMORY:
            job.pop(name)
        speed = peer(model, mode, 1, **job, RANK="0")
        if other.wait() != 0:
            raise RuntimeError(f"the second process of DDP ended with {other.returncode}")
        return speed


def chorale(build, model, precision, threads=2, ranks=1):
    command = [f"{build}/tests/bench_training_step", model, precision, str(threads), SECONDS]
    if ranks > 1:
        command = ["mpirun", "-n", str(ranks), "--bind-to", "none", *command]
    return output(command, OMP_NUM_THREADS=str(threads))


def measure(build, model):
    programs = {
        "plain": lambda: peer(model, "plain"),
        "tuned fp32": lambda: peer(model, "fp32"), "tuned bf16": lambda: peer(model, "bf16"),
        "ddp fp32": lambda: ddp(model, "fp32"), "ddp bf16": lambda: ddp(model, "bf16"),
        "fp32": lambda: chorale(build, model, "fp32"), "bf16": lambda: chorale(build, model, "bf16"),
        "ranks fp32": lambda: chorale(build, model, "fp32", 1, 2),
        "ranks bf16": lambda: chorale(build, model, "bf16", 1, 2),
        "rank fp32": lambda: chorale(build, model, "fp32", 1), "rank bf16": lambda: chorale(build, model, "bf16", 1),
    }
    speeds = {name: [] for name in programs}
    for _ in range(RUNS):
        for name, program in programs.items():
            speeds[name].append(program())
    medians = {name: statistics.median(values) for name, values in speeds.items()}
    medians["spread"] = max((max(v) - min(v)) / statistics.median(v) for v in speeds.values())
    return medians


def row(model, s):
    def best(who):
        return max(s[f"{who}fp32"], s[f"{who}bf16"])

    faster = "bf16" if s["ranks bf16"] > s["ranks fp32"] else "fp32"
    return (f"| {model} | {s['plain']:.0f} | {best('tuned '):.0f} | {best('ddp '):.0f} | {s['fp32']:.0f} | {s['bf16']:.0f} | "
            f"{best('ranks '):.0f} | {s['fp32'] / s['plain']:.2f} | {best('') / best('tuned '):.2f} | "
            f"{best('ranks ') / best('ddp '):.2f} | {s[f'ranks {faster}'] / s[f'rank {faster}'] / 2:.2f} | "
            f"{100 * s['spread']:.0f} % |")


def main(build, *chosen):
    print(f"Training, samples a second: median of {RUNS} runs of {SECONDS} s\n")
    print("| Model | plain | tuned | DDP | Chorale fp32 | Chorale bf16 | 2 ranks | fp32 / plain | best / tuned | "
          "2 ranks / DDP | 2 ranks / 2 x 1 rank | largest spread |")
    print("|---" + "|---:" * 11 + "|")
    for model in chosen or MODELS:
        print(row(model, measure(build, model)), flush=True)


main(*sys.argv[1:])
