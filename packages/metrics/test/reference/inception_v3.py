"""Reference values for inception-v3.engines.test.ts: pytorch-fid's network with weights made from a formula. Needs torch, torchvision and
pytorch-fid (its weights are not downloaded).

    python3 packages/metrics/test/reference/inception_v3.py
"""

import numpy as np
import torch
from pytorch_fid import inception as fid

UNIT = 2.0**-32


def uniforms(seed, count):
    """In [-.5, .5): a hash of the position, in 32-bit arithmetic."""
    h = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) + np.uint32(seed * 40503)
    h ^= h >> np.uint32(15)
    h *= np.uint32(2246822519)
    h ^= h >> np.uint32(13)
    return h.astype(np.float64) * UNIT - 0.5


def values(name, seed, shape):
    u = uniforms(seed, int(np.prod(shape)))
    if name.endswith("conv.weight"):
        u = u * 2 * np.sqrt(6 / np.prod(shape[1:]))
    elif name.endswith(("bn.weight", "running_var")):
        u = 1 + 0.5 * u
    elif name.startswith("fc."):
        u = 0.1 * u
    return torch.from_numpy(u.reshape(shape).astype(np.float32))


def network():
    net = fid._inception_v3(num_classes=1008, aux_logits=False, weights=None)
    net.Mixed_5b, net.Mixed_5c, net.Mixed_5d = (fid.FIDInceptionA(c, pool_features=p) for c, p in [(192, 32), (256, 64), (288, 64)])
    net.Mixed_6b, net.Mixed_6c, net.Mixed_6d, net.Mixed_6e = (fid.FIDInceptionC(768, channels_7x7=c) for c in [128, 160, 160, 192])
    net.Mixed_7b, net.Mixed_7c = fid.FIDInceptionE_1(1280), fid.FIDInceptionE_2(2048)
    state = {k: v for k, v in net.state_dict().items() if not k.endswith("num_batches_tracked")}
    net.load_state_dict({name: values(name, i, tuple(state[name].shape)) for i, name in enumerate(sorted(state))}, strict=False)
    net.fc.bias.data.zero_()  # as the Inception score has it
    return net.eval()


if __name__ == "__main__":
    import logging

    logging.disable()
    net = network()
    n, c, row, column = np.ogrid[0:1, 0:3, 0:139, 0:139]
    images = torch.from_numpy(np.sin(0.3 * row + 0.2 * column + n + 2 * c).astype(np.float32))
    pooled = []
    net.avgpool.register_forward_hook(lambda *args: pooled.append(args[2]))
    with torch.no_grad():
        logits = net(images)
    features = pooled[0].flatten(1).double()
    print("features", list(features.shape), features[:, [0, 1, 900, 2047]].tolist())
    print("norms", features.norm(dim=1).tolist(), "logits", logits[:, [0, 500, 1007]].tolist(), logits.double().norm(dim=1).tolist())
