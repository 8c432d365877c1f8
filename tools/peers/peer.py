"""The training steps of cases.ts in PyTorch, on random data that is made beforehand.

usage: peer.py CASE SETTING THREADS DEVICE   (THREADS: a number, or "all"; DEVICE: cpu or cuda) then, on standard input, a number of steps per line; answers each with a JSON list of milliseconds.
"""

import json
import sys
import time

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

# What a user would try, and their sum. `frozen`: no gradients of the discriminator's weights in the generator's move.
SETTINGS = {
    "plain": {},
    "frozen": {"frozen": True},
    "frozen channels_last": {"frozen": True, "channels_last": True},
    "frozen fused": {"frozen": True, "fused": True},
    "frozen channels_last fused": {"frozen": True, "channels_last": True, "fused": True},
    "frozen fused compile": {"frozen": True, "fused": True, "compile": True},
}


class Reshape(nn.Module):
    def __init__(self, *shape):
        super().__init__()
        self.shape = shape

    def forward(self, x):
        return x.reshape(-1, *self.shape)


def dcgan_generator(z=100, filters=64):
    """32 x 32 x 1 by two doublings, as packages/core/src/dcgan-net.ts with stages 2."""
    return nn.Sequential(
        nn.Linear(z, 8 * 8 * 2 * filters, bias=False), Reshape(2 * filters, 8, 8), nn.BatchNorm2d(2 * filters), nn.ReLU(),
        nn.ConvTranspose2d(2 * filters, filters, 4, 2, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(),
        nn.ConvTranspose2d(filters, 1, 4, 2, 1), nn.Tanh(),
    )


def dcgan_discriminator(norm, filters=64):
    middle = [nn.BatchNorm2d(2 * filters)] if norm else []
    return nn.Sequential(
        nn.Conv2d(1, filters, 4, 2, 1), nn.LeakyReLU(0.2),
        nn.Conv2d(filters, 2 * filters, 4, 2, 1, bias=not norm), *middle, nn.LeakyReLU(0.2),
        nn.Flatten(), nn.Linear(8 * 8 * 2 * filters, 1),
    )


def small_generator(z=128, side=32):
    """As packages/core/src/small-net.ts."""
    quarter = side // 4
    return nn.Sequential(
        nn.Linear(z, 1024, bias=False), nn.BatchNorm1d(1024), nn.ReLU(),
        nn.Linear(1024, 128 * quarter**2, bias=False), nn.BatchNorm1d(128 * quarter**2), nn.ReLU(), Reshape(128, quarter, quarter),
        nn.ConvTranspose2d(128, 64, 4, 2, 1, bias=False), nn.BatchNorm2d(64), nn.ReLU(),
        nn.ConvTranspose2d(64, 1, 4, 2, 1), nn.Tanh(),
    )


def small_spectral_discriminator(side=32):
    quarter = side // 4
    return nn.Sequential(
        spectral_norm(nn.Conv2d(1, 64, 4, 2, 1)), nn.LeakyReLU(0.2),
        spectral_norm(nn.Conv2d(64, 128, 4, 2, 1)), nn.LeakyReLU(0.2),
        nn.Flatten(), spectral_norm(nn.Linear(128 * quarter**2, 1024)), nn.LeakyReLU(0.2), spectral_norm(nn.Linear(1024, 1)),
    )


class Residual(nn.Module):
    def __init__(self, filters):
        super().__init__()
        layers = []
        for last in (False, True):
            layers += [nn.ReflectionPad2d(1), nn.Conv2d(filters, filters, 3, bias=False), nn.InstanceNorm2d(filters)] + ([] if last else [nn.ReLU()])
        self.layers = nn.Sequential(*layers)

    def forward(self, x):
        return x + self.layers(x)


def translator(filters, blocks, channels=3):
    """As packages/cyclegan/src/generator.ts."""
    layers = [nn.ReflectionPad2d(3), nn.Conv2d(channels, filters, 7, bias=False), nn.InstanceNorm2d(filters), nn.ReLU()]
    for stage in (1, 2):
        width = filters * 2**stage
        layers += [nn.Conv2d(width // 2, width, 3, 2, 1, bias=False), nn.InstanceNorm2d(width), nn.ReLU()]
    layers += [Residual(4 * filters) for _ in range(blocks)]
    for stage in (1, 2):
        width = 4 * filters // 2**stage
        layers += [nn.ConvTranspose2d(2 * width, width, 3, 2, 1, 1, bias=False), nn.InstanceNorm2d(width), nn.ReLU()]
    return nn.Sequential(*layers, nn.ReflectionPad2d(3), nn.Conv2d(filters, channels, 7), nn.Tanh())


def patch_discriminator(filters, layers=2, channels=3):
    parts, width = [], channels
    for layer in range(1, layers + 2):
        out = filters * 2 ** min(layer - 1, 3)
        parts.append(nn.Conv2d(width, out, 4, 2 if layer <= layers else 1, 1, bias=layer == 1))
        parts += [nn.InstanceNorm2d(out)] if layer > 1 else []
        parts.append(nn.LeakyReLU(0.2))
        width = out
    return nn.Sequential(*parts, nn.Conv2d(width, 1, 4, 1, 1))


def mlp(*widths, leaky):
    layers = []
    for before, after in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(before, after), nn.LeakyReLU(0.2) if leaky else nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


class Side:
    """Networks and optimizers under a setting."""

    def __init__(self, setting, device):
        self.device = torch.device(device)
        self.frozen, self.channels_last = setting.get("frozen", False), setting.get("channels_last", False)
        self.fused, self.compiles = setting.get("fused", False), setting.get("compile", False)

    def net(self, network):
        network = network.to(self.device)
        if self.channels_last:
            network = network.to(memory_format=torch.channels_last)
        return torch.compile(network) if self.compiles else network

    def adam(self, *networks, lr, betas):
        weights = [weight for network in networks for weight in network.parameters()]
        return torch.optim.Adam(weights, lr=lr, betas=betas, fused=True) if self.fused else torch.optim.Adam(weights, lr=lr, betas=betas)

    def data(self, *shape):
        batch = torch.rand(*shape, device=self.device) * 2 - 1
        return batch.to(memory_format=torch.channels_last) if self.channels_last and len(shape) == 4 else batch

    def freeze(self, frozen, *networks):
        if self.frozen:
            for network in networks:
                network.requires_grad_(not frozen)


def update(optimizer, loss):
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


def dcgan(side):
    g, d = side.net(dcgan_generator()), side.net(dcgan_discriminator(norm=True))
    og, od = (side.adam(network, lr=2e-4, betas=(0.5, 0.999)) for network in (g, d))
    ones, zeros, real = torch.ones(64, 1, device=side.device), torch.zeros(64, 1, device=side.device), side.data(64, 1, 32, 32)
    bce = F.binary_cross_entropy_with_logits

    def step():
        fake = g(torch.rand(64, 100, device=side.device) * 2 - 1)  # one batch of fakes serves both moves
        update(od, bce(d(real), ones) + bce(d(fake.detach()), zeros))
        side.freeze(True, d)
        update(og, bce(d(fake), ones))
        side.freeze(False, d)

    return step


def wgan_gp_critic(side):
    g, d = side.net(dcgan_generator(z=128)), side.net(dcgan_discriminator(norm=False))
    od, real = side.adam(d, lr=1e-4, betas=(0.0, 0.9)), side.data(64, 1, 32, 32)

    def step():
        with torch.no_grad():
            fake = g(torch.randn(64, 128, device=side.device))
        between = torch.lerp(real, fake, torch.rand(64, 1, 1, 1, device=side.device)).requires_grad_()
        (slopes,) = torch.autograd.grad(d(between).sum(), between, create_graph=True)
        norms = slopes.flatten(1).norm(dim=1)
        scores = d(torch.cat([real, fake]))
        update(od, scores[64:].mean() - scores[:64].mean() + 10 * (norms - 1).square().mean())

    return step


def sngan(side):
    g, d = side.net(small_generator()), side.net(small_spectral_discriminator())
    og, od = (side.adam(network, lr=2e-4, betas=(0.5, 0.999)) for network in (g, d))
    real = side.data(64, 1, 32, 32)

    def step():
        with torch.no_grad():
            fake = g(torch.randn(64, 128, device=side.device))
        scores = d(torch.cat([real, fake]))
        update(od, F.relu(1 - scores[:64]).mean() + F.relu(1 + scores[64:]).mean())
        side.freeze(True, d)
        update(og, -d(g(torch.randn(64, 128, device=side.device))).mean())
        side.freeze(False, d)

    return step


def gan_2d(side):
    g, d = side.net(mlp(2, 128, 128, 2, leaky=False)), side.net(mlp(2, 128, 128, 1, leaky=True))
    og, od = (side.adam(network, lr=1e-3, betas=(0.5, 0.999)) for network in (g, d))
    ones, zeros, real = torch.ones(100, 1, device=side.device), torch.zeros(100, 1, device=side.device), side.data(100, 2)
    bce = F.binary_cross_entropy_with_logits

    def step():
        with torch.no_grad():
            fake = g(torch.randn(100, 2, device=side.device))
        update(od, bce(d(real), ones) + bce(d(fake), zeros))
        side.freeze(True, d)
        update(og, bce(d(g(torch.randn(100, 2, device=side.device))), ones))
        side.freeze(False, d)

    return step


def cyclegan(side):
    ab, ba = side.net(translator(16, 2)), side.net(translator(16, 2))
    da, db = side.net(patch_discriminator(16)), side.net(patch_discriminator(16))
    og, od = side.adam(ab, ba, lr=2e-4, betas=(0.5, 0.999)), side.adam(da, db, lr=2e-4, betas=(0.5, 0.999))
    a, b = side.data(4, 3, 28, 28), side.data(4, 3, 28, 28)
    pools = ([], [])

    def pooled(pool, images):
        out = []
        for image in images:
            if len(pool) < 50:
                pool.append(image)
                out.append(image)
            elif torch.rand((), device="cpu") < 0.5:
                place = int(torch.randint(50, (), device="cpu"))
                out.append(pool[place])
                pool[place] = image
            else:
                out.append(image)
        return torch.stack(out)

    def squares(scores, target):
        return (scores - target).square().mean()

    def step():
        side.freeze(True, da, db)
        fb, fa = ab(a), ba(b)
        adversarial = squares(db(fb), 1) + squares(da(fa), 1)
        cycle = (ba(fb) - a).abs().mean() + (ab(fa) - b).abs().mean()
        identity = (ab(b) - b).abs().mean() + (ba(a) - a).abs().mean()
        update(og, adversarial + 10 * cycle + 5 * identity)
        side.freeze(False, da, db)
        sa, sb = pooled(pools[0], fa.detach()), pooled(pools[1], fb.detach())
        loss = squares(da(a), 1) + squares(da(sa), 0) + squares(db(b), 1) + squares(db(sb), 0)
        update(od, loss / 2)

    return step


CASES = {"dcgan": dcgan, "wgan-gp-critic": wgan_gp_critic, "sngan": sngan, "gan-2d": gan_2d, "cyclegan": cyclegan}


def main():
    case, setting, threads, device = sys.argv[1:5] if len(sys.argv) > 3 else [*sys.argv[1:3], "all", "cpu"]
    if setting == "list":
        print(json.dumps(list(SETTINGS)), flush=True)
        return
    if threads != "all":
        torch.set_num_threads(int(threads))
    torch.manual_seed(0)
    step = CASES[case](Side(SETTINGS[setting], device))
    for line in sys.stdin:
        times = []
        for _ in range(int(line)):
            began = time.perf_counter()
            step()
            if device == "cuda":
                torch.cuda.synchronize()  # ours has the losses on the host by now
            times.append(1000 * (time.perf_counter() - began))
        print(json.dumps(times), flush=True)


main()
