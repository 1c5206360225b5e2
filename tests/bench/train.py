"""Training samples a second of the model cnn beside the same model in plain Python PyTorch.

    python tests/bench/train.py build/release [PYTHON]

One process each, 128 x 130 inputs, batch 32, two threads, random data. The runs are interleaved, so that whatever
else the machine does hits all alike; the medians are compared. PYTHON is one that has torch (build/venv/bin/python).
"""

import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
THREADS, STEPS, RUNS = 2, 20, 5


def main(build, python="build/venv/bin/python"):
    commands = {
        (who, precision): [*program, precision, str(THREADS), str(STEPS)]
        for precision in ("fp32", "bf16")
        for who, program in (("Chorale", [f"{build}/tests/bench_training_step"]),
                             ("PyTorch", [python, str(HERE / "train/peer.py")]))
    }
    speeds = {key: [] for key in commands}
    for _ in range(RUNS):
        for key, command in commands.items():
            speeds[key].append(float(subprocess.run(command, check=True, capture_output=True, text=True).stdout))
    medians = {key: statistics.median(values) for key, values in speeds.items()}
    plain = medians["PyTorch", "fp32"]

    print(f"Training cnn, 128 x 130 inputs, batch 32, {THREADS} threads: median of {RUNS} interleaved runs\n")
    print("| Trainer | Precision | samples/s | lowest | highest | beside PyTorch fp32 | beside PyTorch, same precision |")
    print("|---|---|---:|---:|---:|---:|---:|")
    for (who, precision), median in medians.items():
        values = speeds[who, precision]
        print(f"| {who} | {precision} | {median:.1f} | {min(values):.1f} | {max(values):.1f} | {median / plain:.2f} | "
              f"{median / medians['PyTorch', precision]:.2f} |")


main(*sys.argv[1:])
