"""Seconds that NumPy takes for the four scores of 10,000 against 10,000 normal samples of 64 features, k = 5, in blocks of float32."""

import time

import numpy as np

random = np.random.default_rng(0)
real, fake = (random.standard_normal((10_000, 64), dtype=np.float32) for _ in range(2))
K, BLOCK = 5, 1000


def distances(a, b):
    """Squared, a block of rows of a at a time."""
    squares = (b**2).sum(1)
    for start in range(0, len(a), BLOCK):
        rows = a[start : start + BLOCK]
        yield start, (rows**2).sum(1)[:, None] + squares - 2 * rows @ b.T


def radii(x):
    return np.concatenate([np.partition(block, K, axis=1)[:, K] for _, block in distances(x, x)])


began = time.perf_counter()
real_radii, fake_radii = radii(real), radii(fake)
precise = np.zeros(len(fake), bool)
recalled = covered = 0
dense = 0
for start, block in distances(real, fake):
    within = block < real_radii[start : start + BLOCK, None]
    precise |= within.any(0)
    recalled += (block < fake_radii).any(1).sum()
    covered += within.any(1).sum()
    dense += within.sum()
scores = precise.mean(), recalled / len(real), dense / (K * len(fake)), covered / len(real)
print(time.perf_counter() - began)
