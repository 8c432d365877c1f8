"""Reference values for optimizers.engines.test.ts: the papers' update rules in float64, written out in plain Python.

    python3 packages/core/test/reference/optimizers.py
"""

from math import sqrt

GRADIENTS = [0.5, -1.25, 0.03, 2.0, -0.4]
START = 1.5


def adam(lr=0.1, b1=0.5, b2=0.9, eps=1e-8, decay=0.0):
    w, m, v = START, 0.0, 0.0
    for t, g in enumerate(GRADIENTS, 1):
        g = g + decay * w
        m = b1 * m + (1 - b1) * g
        v = b2 * v + (1 - b2) * g * g
        w -= lr * (m / (1 - b1**t)) / (sqrt(v / (1 - b2**t)) + eps)
    return w


def rmsprop(lr=0.1, alpha=0.9, eps=1e-8):
    w, v = START, 0.0
    for g in GRADIENTS:
        v = alpha * v + (1 - alpha) * g * g
        w -= lr * g / (sqrt(v) + eps)
    return w


def sgd(lr=0.1, momentum=0.0):
    w, v = START, 0.0
    for g in GRADIENTS:
        v = momentum * v + g
        w -= lr * v
    return w


if __name__ == "__main__":
    print("adam", adam())
    print("adam, large epsilon", adam(eps=0.1))
    print("adam, weight decay .3", adam(decay=0.3))
    print("rmsprop", rmsprop())
    print("rmsprop, large epsilon", rmsprop(eps=0.1))
    print("sgd", sgd())
    print("sgd, momentum .9", sgd(momentum=0.9))
