"""The model cnn in plain Python PyTorch on random data: peer.py fp32|bf16 THREADS STEPS -> samples a second."""

import sys
import time

import torch
from torch import nn

WARM_UP = 5


def block(inputs, outputs):
    return [nn.Conv2d(inputs, outputs, 3, padding=1), nn.ReLU(), nn.BatchNorm2d(outputs), nn.MaxPool2d(2),
            nn.Dropout(0.25)]


def main(precision, threads, steps):
    torch.set_num_threads(int(threads))
    torch.manual_seed(1)
    model = nn.Sequential(*block(1, 32), *block(32, 64), *block(64, 128), *block(128, 256), nn.AdaptiveAvgPool2d(1),
                          nn.Flatten(), nn.Linear(256, 512), nn.ReLU(), nn.Dropout(0.5), nn.Linear(512, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-4)
    criterion = nn.CrossEntropyLoss()
    inputs, labels = torch.randn(32, 1, 128, 130), torch.randint(10, (32,))
    for i in range(-WARM_UP, int(steps)):
        if i == 0:
            start = time.perf_counter()
        optimizer.zero_grad()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            loss = criterion(model(inputs), labels)
        loss.backward()
        optimizer.step()
    print(f"{32 * int(steps) / (time.perf_counter() - start):.2f}")


main(*sys.argv[1:])
