#!/usr/bin/env python3
"""Writes goldens.safetensors: Grad-CAM and saliency with PyTorch's hooks, of the twins of the models in tests/twins.

    pip install torch==2.13.0 safetensors==0.8.0 numpy
    python make_goldens.py

<case>: [BATCH, bins, frames] in double precision, stored as float: shares of a sample's largest value. Sample i is explained
for output OUTPUT[i]. Cases, weights and inputs are those of ../models/make_goldens.py, with a batch of its own.
Of models with convolutions (Selvaraju et al. 2017): the activation of the last convolution, taken by a hook on the module
behind it, and its gradient; of recurrent ones (Simonyan et al. 2013) the absolute gradient of the input.
"""

import pathlib
import sys

import torch
from safetensors.torch import save_file
from torch import nn

HERE = pathlib.Path(__file__).parent
sys.path[:0] = [str(HERE.parent / "models"), str(HERE.parent.parent / "twins")]
import models  # noqa: E402
from make_goldens import CASES, OUTPUTS, VECTOR, Numbers, weights, without_dropout  # noqa: E402

BATCH, OUTPUT = 2, (1, 3)

# Whose output is the activation of the last convolution; of crnn1d, whose activation is no module, whose input.
EXPLAINED = {
    "cnn": lambda model: model.blocks[-1].activation,
    "cnn_none": lambda model: model.blocks[-1].activation,
    "vgg_small": lambda model: model.blocks[-1].activation,
    "hybrid": lambda model: model.blocks[-1].activation,
    "slice_cnn": lambda model: model.blocks[-1].second.activation,
    "crnn2d": lambda model: model.blocks[-1].activation,
    "multitask_cnn": lambda model: model.blocks[-1].activation,
    "vgg16": lambda model: model.features[-2],
    "resnet18": lambda model: model.layer4,
    "resnet50": lambda model: model.layer4,
    "resnet_attention": lambda model: model.layer4,
}
INPUT_OF = {"crnn1d": lambda model: model.blocks[-1].pool}
RECURRENT = ("lstm", "gru", "rnn", "multitask_rnn")


def shares(maps):
    return maps / maps.amax((1, 2), keepdim=True)


def explain(case):
    name, bins, frames, options = CASES[case]
    numbers = Numbers()
    model = without_dropout(models.make(name, OUTPUTS, bins, frames, VECTOR, **options))
    weights(model, numbers)
    model = model.double().eval()
    x = numbers.tensor(BATCH, 1, bins, frames).double().requires_grad_()
    vector = numbers.tensor(BATCH, VECTOR).double()
    seen = []
    if case in EXPLAINED:
        EXPLAINED[case](model).register_forward_hook(lambda module, inputs, output: seen.append(output))
    elif case in INPUT_OF:
        INPUT_OF[case](model).register_forward_pre_hook(lambda module, inputs: seen.append(inputs[0]))
    score = model(x, None, vector)[torch.arange(BATCH), torch.tensor(OUTPUT)].sum()
    if case in RECURRENT:
        return shares(torch.autograd.grad(score, x)[0].abs()[:, 0])
    activation = seen[-1]
    gradient = torch.autograd.grad(score, activation)[0]
    if activation.dim() == 3:  # along time alone
        activation, gradient = activation[:, :, None], gradient[:, :, None]
    heat = torch.relu((gradient.mean((2, 3), keepdim=True) * activation).sum(1, keepdim=True))
    assert (heat.amax((1, 2, 3)) > 0).any(), f"{case}: nothing speaks for any of the outputs"
    heat = nn.functional.interpolate(heat, (bins, frames), mode="bilinear", align_corners=False)[:, 0]
    return torch.nan_to_num(shares(heat))  # 0 / 0: nothing speaks for it


if __name__ == "__main__":
    torch.set_num_threads(1)
    maps = {case: explain(case).to(torch.float32) for case in (*EXPLAINED, *INPUT_OF, *RECURRENT)}
    save_file(maps, HERE / "goldens.safetensors", {"torch": torch.__version__})
