"""Reference values for prdc.test.ts, authenticity.test.ts and frechet-infinity.test.ts: NumPy in float64. Needs numpy.

    python3 packages/metrics/test/reference/neighbours.py
"""

import numpy as np


def distances(a, b):
    return np.sqrt(((a[:, None] - b[None]) ** 2).sum(-1))


def radii(x, k):
    return np.sort(distances(x, x), 1)[:, k]  # column 0 is the sample itself


def prdc(real, fake, k):
    between, near, fakes_near = distances(real, fake), radii(real, k)[:, None], radii(fake, k)[None]
    within = between < near
    return within.any(0).mean(), (between < fakes_near).any(1).mean(), within.sum() / (k * len(fake)), within.any(1).mean()


def authenticity(train, fake):
    between = distances(fake, train)
    nearest = between.argmin(1)
    return (between.min(1) > radii(train, 1)[nearest]).mean()


def index(n):
    return np.arange(n)[:, None]


def golden(m, n, d):
    j = np.arange(d)[None]
    return np.sin((index(m) + 1) * (2 * j + 3) * 0.37), 0.9 * np.cos((index(n) + 1) * (2 * j + 3) * 0.53) + 0.05 * j


def near(m, n, d):
    """Generated samples close to the real ones, the farther the larger i."""
    j = np.arange(d)[None]
    return np.sin((index(m) + 1) * (2 * j + 3) * 0.37), np.sin((index(n) * 1.001 + 1) * (2 * j + 3) * 0.37)


for k in (3, 5):
    print("golden A, k", k, *prdc(*golden(120, 90, 8), k))
for m, n, d in ((120, 90, 8), (90, 120, 2), (300, 700, 3), (100, 300, 64)):
    print(f"authenticity {m} {n} {d}:", authenticity(*near(m, n, d)))
for m, n, d, k in ((7, 6, 1, 1), (9, 300, 2, 4), (300, 9, 2, 4), (200, 200, 64, 3), (40, 50, 256, 5)):
    print(f"{{ m: {m}, n: {n}, d: {d}, k: {k}, scores: [{', '.join(map(str, prdc(*near(m, n, d), k)))}] }},")

counts = np.round(np.linspace(500, 2000, 15))
values = 3 + 40 / counts + 0.01 * np.sin(np.arange(15))
print("intercept", np.polyfit(1 / counts, values, 1)[1])
