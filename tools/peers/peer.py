"""PyTorch's side of a case, on random data that is made beforehand.

usage: peer.py CASE SETTING THREADS DEVICE   (THREADS: a number, or "all"; DEVICE: cpu or cuda)

Answers every line of standard input with a line of JSON: a number of steps with the milliseconds of each, `weights` with how many trainable ones there
are. `peer.py CASE list` prints the settings.
"""

import json
import sys
import time

import torch

from steps import CASES

# What a user would try, and their sum. `frozen`: no gradients of the discriminator's weights in the generator's move.
SETTINGS = {
    "plain": {},
    "frozen": {"frozen": True},
    "frozen channels_last": {"frozen": True, "channels_last": True},
    "frozen fused": {"frozen": True, "fused": True},
    "frozen channels_last fused": {"frozen": True, "channels_last": True, "fused": True},
    "frozen fused compile": {"frozen": True, "fused": True, "compile": True},
}


class Side:
    """Networks, optimizers and data under a setting."""

    def __init__(self, setting, device):
        self.device = torch.device(device)
        self.frozen, self.channels_last = setting.get("frozen", False), setting.get("channels_last", False)
        self.fused, self.compiles = setting.get("fused", False), setting.get("compile", False)
        self.weights = 0

    def net(self, network):
        network = network.to(self.device)
        self.weights += sum(weight.numel() for weight in network.parameters())
        if self.channels_last:
            network = network.to(memory_format=torch.channels_last)
        return torch.compile(network) if self.compiles else network

    def adam(self, *networks, **options):
        weights = [weight for network in networks for weight in network.parameters()]
        return torch.optim.Adam(weights, fused=True, **options) if self.fused else torch.optim.Adam(weights, **options)

    def data(self, *shape):
        batch = self.uniform(*shape) * 2 - 1
        return batch.to(memory_format=torch.channels_last) if self.channels_last and len(shape) == 4 else batch

    def uniform(self, *shape):
        return torch.rand(*shape, device=self.device)

    def normal(self, *shape):
        return torch.randn(*shape, device=self.device)

    def ones(self, n):
        return torch.ones(n, 1, device=self.device)

    def zeros(self, n):
        return torch.zeros(n, 1, device=self.device)

    def freeze(self, frozen, *networks):
        if self.frozen:
            for network in networks:
                network.requires_grad_(not frozen)


def main():
    if sys.argv[2] == "list":
        print(json.dumps(list(SETTINGS)), flush=True)
        return
    case, setting, threads, device = sys.argv[1:5]
    if threads != "all":
        torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    side = Side(SETTINGS[setting], device)
    step = CASES[case](side)
    for line in sys.stdin:
        print(json.dumps(side.weights if line.strip() == "weights" else [timed(step, device) for _ in range(int(line))]), flush=True)


def timed(step, device):
    """Milliseconds."""
    began = time.perf_counter()
    step()
    if device == "cuda":
        torch.cuda.synchronize()  # ours has the losses on the host by now
    return 1000 * (time.perf_counter() - began)


main()
