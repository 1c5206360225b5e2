#!/usr/bin/env python3
"""Writes adam.safetensors beside this script: three steps of torch.optim.Adam with weight decay on 1003 values.

    pip install torch==2.13.0 safetensors==0.8.0 numpy
    python make_goldens.py
"""

import pathlib

import torch
from safetensors.torch import save_file

HERE = pathlib.Path(__file__).parent


def adam():
    torch.manual_seed(2)
    values = torch.randn(1003, requires_grad=True)
    optimizer = torch.optim.Adam([values], lr=3e-3, weight_decay=0.1, foreach=False, fused=False)
    golden = {"before": values.detach().clone()}
    for step in range(3):
        values.grad = torch.randn(1003) * 10.0 ** torch.randint(-6, 3, (1003,))
        optimizer.step()
        golden[f"gradient.{step}"] = values.grad
        golden[f"after.{step}"] = values.detach().clone()
    save_file(golden, HERE / "adam.safetensors", {"torch": torch.__version__})


if __name__ == "__main__":
    adam()
