"""The training steps of cases.ts in PyTorch, as its users write them: each makes its networks and returns a function that makes a step."""

import torch
import torch.nn.functional as F
from torch import nn

import networks

bce = F.binary_cross_entropy_with_logits


def update(optimizer, loss):
    optimizer.zero_grad(set_to_none=True)
    loss.backward()
    optimizer.step()


def gradient_norms(scores, at):
    """Of every sample's score, to be differentiated again."""
    (slopes,) = torch.autograd.grad(scores.sum(), at, create_graph=True)
    return slopes.flatten(1).norm(dim=1)


def dcgan(side):
    g, d = side.net(networks.dcgan_generator()), side.net(networks.dcgan_discriminator(norm=True))
    og, od = (side.adam(network, lr=2e-4, betas=(0.5, 0.999)) for network in (g, d))
    ones, zeros, real = side.ones(64), side.zeros(64), side.data(64, 1, 32, 32)

    def step():
        fake = g(side.uniform(64, 100) * 2 - 1)  # one batch of fakes serves both moves
        update(od, bce(d(real), ones) + bce(d(fake.detach()), zeros))
        side.freeze(True, d)
        update(og, bce(d(fake), ones))
        side.freeze(False, d)

    return step


def lsgan(side):
    g, d = side.net(networks.dcgan_generator(z=1024)), side.net(networks.dcgan_discriminator(norm=True))
    og, od = (side.adam(network, lr=2e-4, betas=(0.5, 0.999)) for network in (g, d))
    real = side.data(64, 1, 32, 32)

    def step():
        fake = g(side.uniform(64, 1024) * 2 - 1)  # as above
        update(od, (d(real) - 1).square().mean() / 2 + d(fake.detach()).square().mean() / 2)
        side.freeze(True, d)
        update(og, (d(fake) - 1).square().mean() / 2)
        side.freeze(False, d)

    return step


def dragan(side):
    g, d = side.net(networks.dcgan_generator()), side.net(networks.dcgan_discriminator(norm=False))
    og, od = (side.adam(network, lr=1e-4, betas=(0.5, 0.9)) for network in (g, d))
    ones, zeros, real = side.ones(64), side.zeros(64), side.data(64, 1, 32, 32)

    def step():
        with torch.no_grad():
            fake = g(side.normal(64, 100))
            around = real + side.uniform(64, 1, 1, 1) * (real.std(correction=0) / 2) * torch.rand_like(real)
        around.requires_grad_()
        logits = d(torch.cat([real, fake]))
        penalty = (gradient_norms(d(around), around) - 1).square().mean()
        update(od, bce(logits[:64], ones) + bce(logits[64:], zeros) + 10 * penalty)
        side.freeze(True, d)
        update(og, bce(d(g(side.normal(64, 100))), ones))
        side.freeze(False, d)

    return step


def wgan_critic(side):
    g, d = side.net(networks.dcgan_generator()), side.net(networks.dcgan_discriminator(norm=True))
    od, real = torch.optim.RMSprop(d.parameters(), lr=5e-5, alpha=0.99), side.data(64, 1, 32, 32)
    clipped = [weight for layer in d.modules() if isinstance(layer, (nn.Conv2d, nn.Linear)) for weight in layer.parameters()]

    def step():
        with torch.no_grad():
            fake = g(side.normal(64, 100))
        update(od, d(fake).mean() - d(real).mean())
        with torch.no_grad():
            for weight in clipped:
                weight.clamp_(-0.01, 0.01)

    return step


def wgan_gp_critic(side):
    g, d = side.net(networks.dcgan_generator(z=128)), side.net(networks.dcgan_discriminator(norm=False))
    od, real = side.adam(d, lr=1e-4, betas=(0.0, 0.9)), side.data(64, 1, 32, 32)

    def step():
        with torch.no_grad():
            fake = g(side.normal(64, 128))
        between = torch.lerp(real, fake, side.uniform(64, 1, 1, 1)).requires_grad_()
        norms = gradient_norms(d(between), between)
        scores = d(torch.cat([real, fake]))
        update(od, scores[64:].mean() - scores[:64].mean() + 10 * (norms - 1).square().mean())

    return step


def sngan(side):
    g, d = side.net(networks.small_generator()), side.net(networks.small_spectral_discriminator())
    og, od = (side.adam(network, lr=2e-4, betas=(0.5, 0.999)) for network in (g, d))
    real = side.data(64, 1, 32, 32)

    def step():
        with torch.no_grad():
            fake = g(side.normal(64, 128))
        scores = d(torch.cat([real, fake]))
        update(od, F.relu(1 - scores[:64]).mean() + F.relu(1 + scores[64:]).mean())
        side.freeze(True, d)
        update(og, -d(g(side.normal(64, 128))).mean())
        side.freeze(False, d)

    return step


def cgan(side):
    g, d = side.net(networks.LabelledGenerator()), side.net(networks.LabelledDiscriminator())
    og, od = (side.adam(network, lr=2e-4, betas=(0.5, 0.999), weight_decay=2.5e-5) for network in (g, d))
    ones, zeros, real, labels = side.ones(64), side.zeros(64), side.data(64, 1, 32, 32), torch.arange(64, device=side.device) % 10

    def step():
        label = F.one_hot(labels, 10).float()
        fake = g(side.uniform(64, 100) * 2 - 1, label)  # one batch of fakes serves both moves
        update(od, bce(d(real, label), ones) + bce(d(fake.detach(), label), zeros))
        side.freeze(True, d)
        update(og, bce(d(fake, label), ones))
        side.freeze(False, d)

    return step


def bigan(side):
    g, e, d = side.net(networks.LatentGenerator()), side.net(networks.LatentEncoder()), side.net(networks.PairDiscriminator())
    oge, od = (side.adam(*moved, lr=2e-4, betas=(0.5, 0.999), weight_decay=2.5e-5) for moved in ((g, e), (d,)))
    ones, zeros, real = side.ones(64), side.zeros(64), side.data(64, 1, 28, 28)

    def step():
        latents = side.uniform(64, 50) * 2 - 1
        fake, code = g(latents), e(real)  # for both moves
        update(od, (bce(d(real, code.detach()), ones) + bce(d(fake.detach(), latents), zeros)) / 2)
        side.freeze(True, d)
        update(oge, (bce(d(fake, latents), ones) + bce(d(real, code), zeros)) / 2)
        side.freeze(False, d)

    return step


def gan(side):
    g, d = side.net(networks.dense_generator()), side.net(networks.dense_discriminator())
    return minimax(side, g, d, lr=2e-4, n=64, z=100, shape=(1, 28, 28))


def gan_2d(side):
    g, d = side.net(networks.mlp(2, 128, 128, 2, leaky=False)), side.net(networks.mlp(2, 128, 128, 1, leaky=True))
    return minimax(side, g, d, lr=1e-3, n=100, z=2, shape=(2,))


def minimax(side, g, d, *, lr, n, z, shape):
    """A batch of fakes for each move."""
    og, od = (side.adam(network, lr=lr, betas=(0.5, 0.999)) for network in (g, d))
    ones, zeros, real = side.ones(n), side.zeros(n), side.data(n, *shape)

    def step():
        with torch.no_grad():
            fake = g(side.normal(n, z))
        update(od, bce(d(real), ones) + bce(d(fake), zeros))
        side.freeze(True, d)
        update(og, bce(d(g(side.normal(n, z))), ones))
        side.freeze(False, d)

    return step


def progan(side):
    g, d = side.net(networks.GrownGenerator()), side.net(networks.GrownDiscriminator())
    og, od = (side.adam(network, lr=1e-3, betas=(0.0, 0.99), eps=1e-8) for network in (g, d))
    real = side.data(16, 1, 32, 32)

    def step():
        with torch.no_grad():
            fake = g(side.normal(16, 128))
        between = torch.lerp(real, fake, side.uniform(16, 1, 1, 1)).requires_grad_()
        norms = gradient_norms(d(between), between)
        scores = d(real)
        update(od, d(fake).mean() - scores.mean() + 10 * (norms - 1).square().mean() + 1e-3 * scores.square().mean())
        side.freeze(True, d)
        update(og, -d(g(side.normal(16, 128))).mean())
        side.freeze(False, d)

    return step


def cyclegan(side):
    ab, ba = side.net(networks.translator(16, 2)), side.net(networks.translator(16, 2))
    da, db = side.net(networks.patch_discriminator(16)), side.net(networks.patch_discriminator(16))
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


CASES = {
    "dcgan": dcgan, "wgan-critic": wgan_critic, "wgan-gp-critic": wgan_gp_critic, "lsgan": lsgan, "dragan": dragan, "sngan": sngan,
    "cgan": cgan, "bigan": bigan, "progan": progan, "gan": gan, "cyclegan": cyclegan, "gan-2d": gan_2d,
}
