"""Reference values for extractors.engines.test.ts: random-conv64 in NumPy, float64, from its weights. Needs numpy.

    npx tsx --conditions=@ganzoo/source packages/metrics/test/reference/random-conv-weights.ts | python3 packages/metrics/test/reference/random_conv.py
"""

import sys

import numpy as np

raw = np.frombuffer(sys.stdin.buffer.read(), "<f4").astype(float)
shapes = [(5, 5, 3, 32), (5, 5, 32, 64), (5, 5, 64, 64), (256, 64)]
ends = np.cumsum([np.prod(shape) for shape in shapes])
assert ends[-1] == len(raw)
*kernels, projection = [raw[end - np.prod(shape) : end].reshape(shape) for shape, end in zip(shapes, ends)]


def conv(x, kernel):
    """Stride 2, 'same': of even sides, 5 - 2 = 3 pixels of padding are needed, one before and two behind."""
    padded = np.pad(x, ((0, 0), (1, 2), (1, 2), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (5, 5), axis=(1, 2))[:, ::2, ::2]
    return np.maximum(np.einsum("nhwckl,klco->nhwo", windows, kernel), 0)


n, r, c = np.meshgrid(np.arange(2), np.arange(32), np.arange(32), indexing="ij")
grey = np.sin(0.3 * r + 0.2 * c + n)[..., None]
colour = np.concatenate([grey, 0.5 * grey, -grey], 3)
for name, x in [("grey", np.repeat(grey, 3, 3)), ("colour", colour)]:
    for kernel in kernels:
        x = conv(x, kernel)
    quarters = x.reshape(len(x), 2, 2, 2, 2, 64).mean((2, 4)).reshape(len(x), 256)
    features = quarters @ projection
    print(f"  {name}: {{ sums: {[round(v, 5) for v in features.sum(1).tolist()]}, squareSums: {[round(v, 4) for v in (features**2).sum(1).tolist()]} }},")
