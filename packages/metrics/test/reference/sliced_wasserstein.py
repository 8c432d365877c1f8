"""Reference values for sliced-wasserstein.test.ts: NumPy in float64. Needs numpy.

    python3 packages/metrics/test/reference/sliced_wasserstein.py

On the line by repeating both sides to a common length; in the plane by the trapezoidal rule over 100,000 angles.
"""

import numpy as np


def costs(x, y):
    """W1 and W2^2 of samples on the line."""
    n = np.lcm(len(x), len(y))
    difference = np.abs(np.sort(np.repeat(x, n // len(x))) - np.sort(np.repeat(y, n // len(y))))
    return difference.mean(), (difference**2).mean()


def sliced(a, b, angles=100_000):
    theta = (np.arange(angles) + 0.5) * np.pi / angles
    return np.mean([costs(a @ d, b @ d) for d in np.stack([np.cos(theta), np.sin(theta)], 1)], axis=0)


def pair(m, n, d):
    i, j, k = np.arange(m)[:, None], np.arange(n)[:, None], np.arange(d)[None]
    return np.sin((i + 1) * (k + 2) * 1.3) + 0.1 * k, 0.5 * np.cos((j + 2) * (k + 1) * 0.7)


for m, n in ((5, 5), (6, 4), (7, 12), (30, 30)):
    a, b = pair(m, n, 1)
    print(f"line {m} {n}: {costs(a[:, 0], b[:, 0])}")
for m, n in ((30, 30), (30, 20)):
    print(f"plane {m} {n}: {sliced(*pair(m, n, 2))}")
