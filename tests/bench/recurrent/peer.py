"""The same as recurrent_step.cpp in plain Python PyTorch."""

import sys
import time

import torch
from torch import nn


def main(cell, precision, threads, steps, batch, frames, inputs, units, layers, directions, input_gradient):
    torch.set_num_threads(int(threads))
    kind = {"lstm": nn.LSTM, "gru": nn.GRU}[cell]
    module = kind(int(inputs), int(units), int(layers), batch_first=True, bidirectional=directions == "2")
    x = torch.randn(int(batch), int(frames), int(inputs), requires_grad=input_gradient == "1")
    best = float("inf")
    for i in range(3 + int(steps)):
        start = time.perf_counter()
        with torch.autocast("cpu", torch.bfloat16, enabled=precision == "bf16"):
            output, _ = module(x)
            loss = output[:, -1].float().pow(2).mean()
        loss.backward()
        if i >= 3:
            best = min(best, time.perf_counter() - start)
    print(f"{1000 * best:.3f}")


main(*sys.argv[1:])
