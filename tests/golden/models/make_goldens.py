#!/usr/bin/env python3
"""Writes the goldens of this folder with PyTorch itself.

    pip install torch==2.13.0 safetensors==0.8.0 numpy
    python make_goldens.py

cnn_<norm>.safetensors: the network `cnn` at small widths, in plain PyTorch: input, labels, parameters before, logits
and gradients of one training step without dropout, parameters and running statistics after one step of
torch.optim.Adam, and the logits of the stepped model in evaluation.
"""

import pathlib

import torch
from safetensors.torch import save_file
from torch import nn

HERE = pathlib.Path(__file__).parent
CHANNELS, HIDDEN, CLASSES = [6, 10], 12, 5
BATCH, BINS, FRAMES = 7, 13, 18


class Block(nn.Module):
    def __init__(self, inputs, outputs, norm):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm = nn.BatchNorm2d(outputs) if norm == "batch" else None

    def forward(self, x):
        x = torch.relu(self.conv(x))
        return nn.functional.max_pool2d(self.norm(x) if self.norm else x, 2)


class Cnn(nn.Module):
    def __init__(self, norm):
        super().__init__()
        self.blocks = nn.ModuleList(Block(i, o, norm) for i, o in zip([1] + CHANNELS, CHANNELS))
        self.hidden = nn.Linear(CHANNELS[-1], HIDDEN)
        self.output = nn.Linear(HIDDEN, CLASSES)

    def forward(self, x):
        for block in self.blocks:
            x = block(x)
        return self.output(torch.relu(self.hidden(x.mean((2, 3)))))


def copy(prefix, tensors):
    return {prefix + name: tensor.detach().clone() for name, tensor in tensors}


def cnn(norm):
    torch.manual_seed(1)
    model = Cnn(norm)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    golden = {"input": torch.randn(BATCH, 1, BINS, FRAMES), "labels": torch.randint(CLASSES, (BATCH,))}
    golden |= copy("before.", model.state_dict().items())
    logits = model(golden["input"])
    nn.functional.cross_entropy(logits, golden["labels"]).backward()
    golden["logits"] = logits.detach()
    golden |= copy("gradient.", ((name, p.grad) for name, p in model.named_parameters()))
    optimizer.step()
    golden |= copy("after.", model.state_dict().items())
    model.eval()
    golden["evaluation_logits"] = model(golden["input"]).detach()
    save_file(golden, HERE / f"cnn_{norm}.safetensors", {"torch": torch.__version__})


if __name__ == "__main__":
    for norm in ("batch", "none"):
        cnn(norm)
