"""Reference values for frechet.test.ts and kernel-distance.test.ts: NumPy in float64. Needs numpy.

    python3 packages/metrics/test/reference/distances.py
"""

import numpy as np


def frechet(x, y):
    """|mu1 - mu2|^2 + Tr S1 + Tr S2 - 2 (nuclear norm of Xc Yc^T) / sqrt((m - 1)(n - 1))."""
    xc, yc = x - x.mean(0), y - y.mean(0)
    m, n = len(x), len(y)
    root = np.linalg.svd(xc @ yc.T, compute_uv=False).sum() / np.sqrt((m - 1) * (n - 1))
    traces = (xc**2).sum() / (m - 1) + (yc**2).sum() / (n - 1)
    return ((x.mean(0) - y.mean(0)) ** 2).sum() + traces - 2 * root


def kernel(x, y):
    """Unbiased MMD^2 with (x.y / d + 1)^3."""
    m, n, d = len(x), len(y), x.shape[1]
    k = lambda a, b: (a @ b.T / d + 1) ** 3
    xx, yy = k(x, x), k(y, y)
    return (xx.sum() - np.trace(xx)) / (m * (m - 1)) + (yy.sum() - np.trace(yy)) / (n * (n - 1)) - 2 * k(x, y).mean()


i = lambda n: np.arange(n)[:, None]
j = lambda d: np.arange(d)[None]

for n in (2, 3, 5, 17, 64, 100):
    for d in (1, 2, 7, 64):
        a = np.sin((i(n) + 1) * (j(d) + 2) * 1.3) + 0.1 * j(d)
        b = np.cos((i(n + 1) + 2) * (j(d) + 1) * 0.7)
        print(f"{{ n: {n}, d: {d}, frechet: {frechet(a, b)}, kernel: {kernel(a, b)} }},")
