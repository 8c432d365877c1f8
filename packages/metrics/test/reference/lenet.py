"""Reference values for extractors.engines.test.ts: the network in NumPy, float64, from the stored weights. Needs numpy.

    python3 packages/metrics/test/reference/lenet.py
"""

import json
import struct
from pathlib import Path

import numpy as np

WEIGHTS = Path(__file__).parents[2] / "weights"


def load(file):
    raw = file.read_bytes()
    (size,) = struct.unpack("<Q", raw[:8])
    header = json.loads(raw[8 : 8 + size])
    header.pop("__metadata__", None)
    read = lambda e: np.frombuffer(raw[8 + size :][slice(*e["data_offsets"])], "<f2").reshape(e["shape"]).astype(float)
    return {name: read(entry) for name, entry in header.items()}


def block(x, kernel, bias):
    windows = np.lib.stride_tricks.sliding_window_view(x, (5, 5), axis=(1, 2))  # n h w c 5 5
    y = np.maximum(np.einsum("nhwckl,klco->nhwo", windows, kernel) + bias, 0)
    n, h, w, c = y.shape
    return y.reshape(n, h // 2, 2, w // 2, 2, c).max((2, 4))


def run(w, x):
    y = block(block(x, w["conv1/kernel"], w["conv1/bias"]), w["conv2/kernel"], w["conv2/bias"])
    features = np.maximum(y.reshape(len(x), -1) @ w["features/kernel"] + w["features/bias"], 0)
    return features, features @ w["classes/kernel"] + w["classes/bias"]


n, r, c = np.meshgrid(np.arange(2), np.arange(32), np.arange(32), indexing="ij")
images = np.sin(0.3 * r + 0.2 * c + n)[..., None]
framed = np.full_like(images, -1.0)  # what 28 px with a margin of background look like
framed[:, 2:30, 2:30] = images[:, 2:30, 2:30]

for file in sorted(WEIGHTS.glob("*.safetensors")):
    weights = load(file)
    channels = weights["conv1/kernel"].shape[2]  # coloured from grey: three times the same
    features, logits = run(weights, images.repeat(channels, 3))
    _, framed_logits = run(weights, framed.repeat(channels, 3))
    print(f"  '{file.stem}': {{")
    print(f"    featureSums: {[round(v, 6) for v in features.sum(1).tolist()]},")
    print(f"    squareSums: {[round(v, 6) for v in (features**2).sum(1).tolist()]},")
    print(f"    logits: {[round(v, 6) for v in logits.ravel().tolist()]},")
    print(f"    framedLogits: {[round(v, 6) for v in framed_logits.ravel().tolist()]},")
    print("  },")
