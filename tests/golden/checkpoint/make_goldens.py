#!/usr/bin/env python3
"""Writes sample.safetensors beside this script. Needs: pip install numpy==2.2.6 safetensors==0.5.3

The same tensors are in safetensors_golden_test.cpp.
"""
from pathlib import Path

import numpy as np
from safetensors.numpy import save_file

tensors = {
    "conv.weight": (np.arange(6, dtype=np.float32) / 8 - 0.25).reshape(1, 2, 3),
    "conv.bias": np.array([1e-30, -2.5, np.inf], dtype=np.float32),
    "norm.batches": np.array(123456789012, dtype=np.int64),
    "mask": np.array([True, False, True]),
    "half": np.array([[0.5], [-1.0]], dtype=np.float16),
    "precise": np.array([np.pi], dtype=np.float64),
    "nothing": np.zeros((0, 4), dtype=np.float32),
    "na\u00efve \"name\"": np.array([7], dtype=np.uint8),
}
save_file(tensors, Path(__file__).parent / "sample.safetensors", metadata={"format": "pt"})
