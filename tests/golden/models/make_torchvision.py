#!/usr/bin/env python3
"""Writes torchvision.json: the names and shapes of the state dicts of torchvision's own models.

    pip install torch==2.13.0 torchvision==0.28.0
    python make_torchvision.py
"""

import json
import pathlib

import torchvision

state_dicts = {name: {key: list(tensor.shape) for key, tensor in getattr(torchvision.models, name)().state_dict().items()}
               for name in ("vgg16", "resnet18", "resnet50")}
path = pathlib.Path(__file__).parent / "torchvision.json"
path.write_text(json.dumps({"torchvision": torchvision.__version__.split("+")[0], "state_dicts": state_dicts}) + "\n")
