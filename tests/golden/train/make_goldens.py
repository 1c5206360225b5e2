#!/usr/bin/env python3
"""Writes optimizers.safetensors and schedules.json beside this script: weights after each of five steps of
torch.optim, and the learning rate of every step of torch.optim.lr_scheduler.

    pip install torch==2.13.0 safetensors==0.8.0 numpy
    python make_goldens.py
"""

import json
import pathlib
import warnings

import torch
from safetensors.torch import save_file
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

HERE = pathlib.Path(__file__).parent
STEPS = 5
SHAPES = {
    "stem.weight": (11, 3, 3),
    "stem.bias": (11,),
    "norm.weight": (11,),
    "norm.bias": (11,),
    "layer1.weight": (17, 11),
    "layer1.bias": (17,),
    "layer10.weight": (5, 17),
    "layer10.bias": (5,),
}


class Parameters(torch.nn.Module):
    """Parameters with dots in their names, in submodules."""

    def __init__(self, values):
        super().__init__()
        for name, value in values.items():
            top, leaf = name.split(".")
            if not hasattr(self, top):
                self.add_module(top, torch.nn.Module())
            getattr(self, top).register_parameter(leaf, torch.nn.Parameter(value.clone()))


def groups(module, lr, weight_decay, decay, layer_lr):
    """A group a parameter, the plainest way to say what each gets."""
    return [
        {
            "params": [parameter],
            "lr": lr * layer_lr.get(name.split(".")[0], 1.0),
            "weight_decay": 0.0 if decay == "weights" and parameter.dim() < 2 else weight_decay,
        }
        for name, parameter in module.named_parameters()
    ]


# One set of arguments a case of optimizer_golden_test.cpp.
OPTIMIZERS = {
    "adam": dict(kind=torch.optim.Adam, lr=3e-3, weight_decay=0.1),
    "adam_groups": dict(kind=torch.optim.Adam, lr=3e-3, weight_decay=0.1, decay="weights", layer_lr={"layer1": 0.1}),
    "adamw": dict(kind=torch.optim.AdamW, lr=3e-3, weight_decay=0.1),
    "adamw_groups": dict(kind=torch.optim.AdamW, lr=3e-3, weight_decay=0.1, decay="weights",
                         layer_lr={"stem": 0.1, "layer10": 2.0}),
    "sgd": dict(kind=torch.optim.SGD, lr=1e-3, weight_decay=0.0),
    "sgd_momentum_groups": dict(kind=torch.optim.SGD, lr=1e-3, momentum=0.9, weight_decay=0.05, decay="weights",
                                layer_lr={"layer1": 0.1}),
    "sgd_clip_ema": dict(kind=torch.optim.SGD, lr=1e-2, momentum=0.9, weight_decay=0.0, clip_norm=72.0, ema=0.9),
}


def trace(golden, case, kind, lr, weight_decay, decay="all", layer_lr=None, momentum=None, clip_norm=0.0, ema=0.0):
    module = Parameters({name: golden[f"before.{name}"] for name in SHAPES})
    extra = {} if momentum is None else {"momentum": momentum}
    optimizer = kind(groups(module, lr, weight_decay, decay, layer_lr or {}), foreach=False, fused=False, **extra)
    average = AveragedModel(module, multi_avg_fn=get_ema_multi_avg_fn(ema))
    average.update_parameters(module)  # begins with the weights before the first step
    for step in range(STEPS):
        for name, parameter in module.named_parameters():
            parameter.grad = golden[f"gradient.{step}.{name}"].clone()
        if clip_norm:
            norm = torch.nn.utils.clip_grad_norm_(module.parameters(), clip_norm)
            golden[f"{case}.norm.{step}"] = norm.reshape(1)
        optimizer.step()
        average.update_parameters(module)
        golden[f"{case}.after.{step}"] = torch.nn.utils.parameters_to_vector(module.parameters()).detach()
        if ema:
            golden[f"{case}.average.{step}"] = torch.nn.utils.parameters_to_vector(average.parameters()).detach()


def optimizers():
    torch.manual_seed(2)
    golden = {f"before.{name}": torch.randn(shape) for name, shape in SHAPES.items()}
    for step in range(STEPS):
        for name, shape in SHAPES.items():
            golden[f"gradient.{step}.{name}"] = torch.randn(shape) * 10.0 ** torch.randint(-6, 2, shape)
    for case, arguments in OPTIMIZERS.items():
        trace(golden, case, **arguments)
    save_file(golden, HERE / "optimizers.safetensors", {"torch": torch.__version__})


def rates(scheduler_of, steps, each_epoch=None, lr=0.02, steps_per_epoch=5):
    """The rate of every step; `each_epoch`: values of the epochs, for a scheduler that steps with them."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=lr)
    scheduler = scheduler_of(optimizer)
    result = []
    for step in range(steps):
        result.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        if each_epoch is None:
            scheduler.step()
        elif (step + 1) % steps_per_epoch == 0:
            scheduler.step(each_epoch[step // steps_per_epoch])
    return result


def schedules():
    lr = torch.optim.lr_scheduler
    warnings.filterwarnings("ignore", message="The epoch parameter")
    losses = [1.0, 0.9, 0.89995, 0.91, 0.92, 0.8, 0.81, 0.82, 0.83, 0.84, 0.85, 0.86, 0.87, 0.88, 0.89, 0.9]
    scores = [0.1, 0.2, 0.20001, 0.19, 0.18, 0.5, 0.5, 0.5, 0.5, 0.6, 0.6, 0.6, 0.6, 0.6, 0.6, 0.7]

    def warm_cosine(optimizer, warmup, steps):
        return lr.SequentialLR(
            optimizer,
            [lr.LinearLR(optimizer, start_factor=1 / (warmup + 1), total_iters=warmup),
             lr.CosineAnnealingLR(optimizer, steps - warmup, eta_min=1e-3)],
            milestones=[warmup])

    def plateau(mode):
        return lambda o: lr.ReduceLROnPlateau(o, mode=mode, factor=0.3, patience=1, min_lr=1e-3)

    result = {
        "steps_per_epoch": 5,
        "losses": losses,
        "scores": scores,
        "constant": rates(lambda o: lr.ConstantLR(o, factor=1.0), 35),
        "warm_constant": rates(lambda o: lr.LinearLR(o, start_factor=1 / 11, total_iters=10), 35),
        "cosine": rates(lambda o: lr.CosineAnnealingLR(o, 35), 35),
        "warm_cosine": rates(lambda o: warm_cosine(o, 10, 35), 35),
        "one_cycle": rates(lambda o: lr.OneCycleLR(o, 0.02, total_steps=35, cycle_momentum=False), 35),
        "one_cycle_of_two": rates(lambda o: lr.OneCycleLR(o, 0.02, total_steps=10, cycle_momentum=False), 10),
        "step": rates(lambda o: lr.StepLR(o, step_size=3 * 5, gamma=0.3), 35),
        "plateau_loss": rates(plateau("min"), 5 * len(losses), losses),
        "plateau_score": rates(plateau("max"), 5 * len(scores), scores),
    }
    (HERE / "schedules.json").write_text(json.dumps(result) + "\n")


if __name__ == "__main__":
    optimizers()
    schedules()
