#!/usr/bin/env python3
"""Writes the goldens of this folder with PyTorch itself, from the twins of the models in tests/twins.

    pip install torch==2.13.0 safetensors==0.8.0 numpy
    python make_goldens.py

cases/<case>.safetensors, a case for each model at small widths: outputs and loss of one training step without dropout,
the gradient of every parameter, the running statistics after it, and the outputs in evaluation with those statistics,
computed in double precision. Metadata say how far PyTorch itself in single precision is from that.
Weights and inputs are not stored: both sides make them by the rules of `number` and `weights` (numbers.hpp). The
options of a case are in its metadata. Cases called <model>_clips are clips of unequal length.

training_step_<norm>.safetensors: the network `cnn` with this model.norm, for the tests of the training step: input, labels,
logits, gradients, and parameters before and after one step of torch.optim.Adam without dropout.
"""

import json
import math
import pathlib
import sys

import numpy
import torch
from safetensors.torch import save_file
from torch import nn

HERE = pathlib.Path(__file__).parent
sys.path.insert(0, str(HERE.parent.parent / "twins"))
import models  # noqa: E402

BATCH, OUTPUTS = 6, 5
SMALL_RNN = {"units": 5, "layers": 2, "rnn_dropout": 0.0}
SMALL_RESNET = {"channels": [4, 5, 6, 7]}

# case: model, bins, frames, options (dropout is always 0)
CASES = {
    "cnn": ("cnn", 13, 18, {"channels": [6, 10], "hidden": [12]}),
    "cnn_none": ("cnn", 13, 18, {"channels": [6, 10], "hidden": [12], "norm": "none"}),
    "vgg_small": ("vgg_small", 13, 18, {"channels": [4, 6], "hidden": [8]}),
    "lstm": ("lstm", 7, 11, SMALL_RNN | {"hidden": [8]}),
    "lstm_clips": ("lstm", 7, 11, SMALL_RNN | {"hidden": [8]}),
    "gru": ("gru", 7, 11, SMALL_RNN | {"hidden": [8]}),
    "gru_clips": ("gru", 7, 11, SMALL_RNN | {"hidden": [8]}),
    "hybrid": ("hybrid", 17, 18, SMALL_RNN | {"channels": [3, 4, 5], "hidden": [8]}),
    "hybrid_clips": ("hybrid", 17, 41, SMALL_RNN | {"channels": [3, 4, 5], "hidden": [8]}),
    "slice_cnn": ("slice_cnn", 17, 18, {"channels": [3, 4, 5], "hidden": [8, 6]}),
    "crnn1d": ("crnn1d", 9, 27, SMALL_RNN | {"channels": [4, 6, 5]}),
    "crnn1d_clips": ("crnn1d", 9, 41, SMALL_RNN | {"channels": [4, 6, 5]}),
    "crnn2d": ("crnn2d", 36, 21, SMALL_RNN | {"channels": [4, 5, 6]}),
    "crnn2d_clips": ("crnn2d", 36, 41, SMALL_RNN | {"channels": [4, 5, 6]}),
    "rnn": ("rnn", 7, 11, SMALL_RNN),
    "rnn_clips": ("rnn", 7, 11, SMALL_RNN),
    "resnet_attention": ("resnet_attention", 33, 40, {"channels": [3, 4, 5, 17], "hidden": [8, 6]}),
    "multitask_cnn": ("multitask_cnn", 37, 42, {"channels": [3, 4, 5], "hidden": [8, 6], "units": 8}),
    "multitask_rnn": ("multitask_rnn", 7, 11, SMALL_RNN | {"hidden": [8, 6]}),
    "multitask_rnn_clips": ("multitask_rnn", 7, 11, SMALL_RNN | {"hidden": [8, 6]}),
    "vgg16": ("vgg16", 33, 40, {"channels": [2, 3, 4, 4, 4], "hidden": [6, 6], "input_channels": 1}),
    "vgg16_rgb": ("vgg16", 33, 40, {"channels": [2, 3, 4, 4, 4], "hidden": [6, 6], "input_channels": 3}),
    "resnet18": ("resnet18", 65, 72, SMALL_RESNET | {"input_channels": 1}),
    "resnet18_rgb": ("resnet18", 65, 72, SMALL_RESNET | {"input_channels": 3}),
    "resnet50": ("resnet50", 65, 72, {"channels": [3, 3, 4, 4], "input_channels": 1}),
}
VECTOR = 9
PADDING = -0.5
SMALL = 0.01


def number(index):
    """Uniform in [-1, 1), exactly representable in single precision: 24 bits of SplitMix64 of the index."""
    with numpy.errstate(over="ignore"):
        z = (index.astype(numpy.uint64) + numpy.uint64(1)) * numpy.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        z = z ^ (z >> numpy.uint64(31))
    return ((z >> numpy.uint64(40)).astype(numpy.float64) / 2**23 - 1).astype(numpy.float32)


class Numbers:
    """Tensors of consecutive numbers."""

    def __init__(self):
        self.next = 0

    def tensor(self, *shape):
        count = int(numpy.prod(shape))
        values = number(numpy.arange(self.next, self.next + count))
        self.next += count
        return torch.from_numpy(values.reshape(shape))


def weights(model, numbers):
    """Sets every parameter and buffer, in the order of their names."""
    for name, tensor in sorted(model.state_dict().items()):
        if name.endswith("num_batches_tracked"):
            continue
        values = numbers.tensor(*tensor.shape)
        if tensor.dim() > 1:
            fan_in = tensor[0].numel()
            values = values * torch.tensor(math.sqrt(6 / fan_in), dtype=torch.float32)
        elif name.endswith(("running_var", "weight")):
            values = 1 + values / 4
        else:
            values = values / 8
        with torch.no_grad():
            tensor.copy_(values)


def without_dropout(model):
    for module in model.modules():
        if isinstance(module, (nn.Dropout, nn.Dropout2d)):
            module.p = 0.0
    return model


def lengths_of(case, frames):
    return torch.tensor([frames - (i * frames) // (BATCH + 1) for i in range(BATCH)]) if "_clips" in case else None


def tensors_of(case, dtype):
    """What a case expects, computed in `dtype`."""
    name, bins, frames, options = CASES[case]
    numbers = Numbers()
    model = without_dropout(models.make(name, OUTPUTS, bins, frames, VECTOR, **options))
    weights(model, numbers)
    model = model.to(dtype)
    x, vector = numbers.tensor(BATCH, 1, bins, frames).to(dtype), numbers.tensor(BATCH, VECTOR).to(dtype)
    lengths = lengths_of(case, frames)
    if lengths is not None:
        for sample, length in zip(x, lengths):
            sample[..., length:] = PADDING

    outputs = model(x, lengths, vector)
    loss = nn.functional.cross_entropy(outputs, torch.arange(BATCH) % OUTPUTS)
    loss.backward()
    tensors = {"outputs": outputs.detach(), "loss": loss.detach()}
    tensors |= copy("gradient.", ((n, p.grad) for n, p in model.named_parameters()))
    tensors |= copy("statistics.", ((n, b) for n, b in model.named_buffers() if not n.endswith("tracked")))
    model.eval()
    tensors["evaluation"] = model(x, lengths, vector).detach()
    return tensors


def error_of(actual, expected):
    """The largest difference of a tensor, relative to its largest number or a hundredth of the largest of its kind."""
    error = 0
    for name, tensor in expected.items():
        kind = name.split(".")[0]
        largest = max(t.abs().max() for n, t in expected.items() if n.split(".")[0] == kind)
        error = max(error, ((actual[name] - tensor).abs().max() / max(tensor.abs().max(), SMALL * largest)).item())
    return error


def golden_case(case):
    name, bins, frames, options = CASES[case]
    expected = tensors_of(case, torch.float64)
    settings = {"model": name, "bins": bins, "frames": frames, "vector": VECTOR, "options": options,
                "error_in_single_precision": error_of(tensors_of(case, torch.float32), expected)}
    save_file({name: tensor.to(torch.float32) for name, tensor in expected.items()}, HERE / f"cases/{case}.safetensors",
              {"torch": torch.__version__, "case": json.dumps(settings)})


def copy(prefix, tensors):
    return {prefix + name: tensor.detach().clone() for name, tensor in tensors}


def training_step(norm):
    torch.manual_seed(1)
    model = without_dropout(models.make("cnn", OUTPUTS, 13, 18, channels=[6, 10], hidden=[12], norm=norm))
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    golden = {"input": torch.randn(7, 1, 13, 18), "labels": torch.randint(OUTPUTS, (7,))}
    golden |= copy("before.", model.state_dict().items())
    logits = model(golden["input"])
    golden["logits"] = logits.detach()
    nn.functional.cross_entropy(logits, golden["labels"]).backward()
    golden |= {"gradient." + name: parameter.grad.clone() for name, parameter in model.named_parameters()}
    optimizer.step()
    golden |= copy("after.", model.state_dict().items())
    save_file(golden, HERE / f"training_step_{norm}.safetensors", {"torch": torch.__version__})


if __name__ == "__main__":
    torch.set_num_threads(1)
    (HERE / "cases").mkdir(exist_ok=True)
    for case in CASES:
        golden_case(case)
    for norm in ("none", "batch"):
        training_step(norm)
