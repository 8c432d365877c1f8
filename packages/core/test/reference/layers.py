"""Reference values for test/layers/*.engines.test.ts, with NumPy: python3 layers.py"""
import numpy as np


def ramp(*shape):
    return np.sin(np.arange(np.prod(shape))).reshape(shape)


def show(name, values):
    print(name, [float(f"{value:.7g}") for value in np.ravel(values)])


def filled(*shape):
    return 0.5 * ramp(*shape) + 0.1


# Spectral norm: singular values of a [kh kw cin, cout] matrix; W / sigma applied to x.
conv = filled(3, 3, 2, 4).reshape(18, 4)
show("conv singular values", np.linalg.svd(conv, compute_uv=False))
dense = filled(5, 3)
show("dense singular values", np.linalg.svd(dense, compute_uv=False))
show("dense output", ramp(2, 5) @ dense / np.linalg.svd(dense, compute_uv=False)[0] + filled(3))

# Equalized learning rate: sqrt(2) / sqrt(fan-in), or gain / sqrt(fan-in).
show("equalized dense", ramp(2, 5) @ (dense * np.sqrt(2 / 5)) + filled(3))
x, kernel = ramp(1, 4, 4, 2), filled(3, 3, 2, 2)
valid = np.array([[np.tensordot(x[0, i : i + 3, j : j + 3], kernel, 3) for j in range(2)] for i in range(2)])
show("equalized conv, gain 1, valid", valid / np.sqrt(18) + filled(2))

# Pixel norm over the last axis.
y = ramp(2, 3)
show("pixel norm", y / np.sqrt(np.mean(y**2, -1, keepdims=True) + 1e-8))

# Minibatch standard deviation, as in the authors' code (there NCHW): groups of 4 out of 8, sample i in group i mod 2.
y = ramp(8, 2, 1, 3)
groups = y.reshape(4, 2, 2, 1, 3)
sd = np.sqrt(groups.var(axis=0) + 1e-8).mean(axis=(1, 2, 3))
show("minibatch sd by group", sd)
show("minibatch sd, one group of 2", np.sqrt(ramp(2, 2, 1, 3).var(axis=0) + 1e-8).mean())

# Maxout, 3 units of 2 pieces: columns 0 to 2 are first pieces, 3 to 5 second ones.
pieces = ramp(2, 4) @ filled(4, 6) + filled(6)
show("maxout", np.maximum(pieces[:, :3], pieces[:, 3:]))
