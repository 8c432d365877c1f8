"""The networks of the cases, as TypeScript has them. Biases, and batch norm's scale and shift, are where ours are: `peers.ts` compares the numbers of weights."""

import torch
import torch.nn.functional as F
from torch import nn
from torch.nn.utils.parametrizations import spectral_norm


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
    """As packages/core/src/toy-net.ts."""
    layers = []
    for before, after in zip(widths[:-2], widths[1:-1]):
        layers += [nn.Linear(before, after), nn.LeakyReLU(0.2) if leaky else nn.ReLU()]
    return nn.Sequential(*layers, nn.Linear(widths[-2], widths[-1]))


def dense_generator(z=100, hidden=(256, 512, 1024), side=28):
    """As packages/gan/src/networks.ts."""
    return nn.Sequential(mlp(z, *hidden, side**2, leaky=True), nn.Tanh(), Reshape(1, side, side))


def dense_discriminator(hidden=(1024, 512, 256), side=28, dropout=0.3):
    layers, width = [nn.Flatten()], side**2
    for units in hidden:
        layers += [nn.Linear(width, units), nn.LeakyReLU(0.2), nn.Dropout(dropout)]
        width = units
    return nn.Sequential(*layers, nn.Linear(width, 1))


def with_label(x, label):
    """The one-hot label behind the features; on maps as constant maps."""
    return torch.cat([x, label if x.dim() == 2 else label[:, :, None, None].expand(-1, -1, *x.shape[2:])], 1)


class LabelledGenerator(nn.Module):
    """32 x 32 x 1, as packages/cgan/src/networks.ts."""

    def __init__(self, z=100, classes=10, units=1024, filters=64):
        super().__init__()
        plain = {"affine": False}
        self.fc1 = nn.Sequential(nn.Linear(z + classes, units, bias=False), nn.BatchNorm1d(units, **plain), nn.ReLU())
        maps = 2 * filters
        self.fc2 = nn.Sequential(nn.Linear(units + classes, 8 * 8 * maps, bias=False), nn.BatchNorm1d(8 * 8 * maps, **plain), nn.ReLU(), Reshape(maps, 8, 8))
        self.deconv1 = nn.Sequential(nn.ConvTranspose2d(maps + classes, filters, 5, 2, 2, 1, bias=False), nn.BatchNorm2d(filters, **plain), nn.ReLU())
        self.deconv2 = nn.Sequential(nn.ConvTranspose2d(filters + classes, 1, 5, 2, 2, 1, bias=False), nn.Tanh())

    def forward(self, x, label):
        for layer in (self.fc1, self.fc2, self.deconv1, self.deconv2):
            x = layer(with_label(x, label))
        return x


class LabelledDiscriminator(nn.Module):
    def __init__(self, classes=10, units=1024, filters=64):
        super().__init__()
        plain, maps = {"affine": False}, 2 * filters
        self.conv1 = nn.Sequential(nn.Conv2d(1 + classes, filters, 5, 2, 2, bias=False), nn.LeakyReLU(0.2))
        self.conv2 = nn.Sequential(nn.Conv2d(filters + classes, maps, 5, 2, 2, bias=False), nn.BatchNorm2d(maps, **plain), nn.LeakyReLU(0.2), nn.Flatten())
        self.fc1 = nn.Sequential(nn.Linear(8 * 8 * maps + classes, units, bias=False), nn.BatchNorm1d(units, **plain), nn.LeakyReLU(0.2))
        self.logit = nn.Linear(units + classes, 1, bias=False)

    def forward(self, x, label):
        for layer in (self.conv1, self.conv2, self.fc1, self.logit):
            x = layer(with_label(x, label))
        return x


class LatentGenerator(nn.Module):
    """28 x 28 x 1, as packages/bigan/src/networks.ts: z joins the second layer, too."""

    def __init__(self, z=50, units=1024, side=28):
        super().__init__()
        self.fc1 = nn.Sequential(nn.Linear(z, units, bias=False), nn.BatchNorm1d(units, affine=False), nn.ReLU())
        self.fc2 = nn.Sequential(nn.Linear(units + z, units, bias=False), nn.BatchNorm1d(units, affine=False), nn.ReLU())
        self.pixels = nn.Sequential(nn.Linear(units, side**2, bias=False), nn.Sigmoid(), Reshape(1, side, side))

    def forward(self, z):
        return 2 * self.pixels(self.fc2(torch.cat([self.fc1(z), z], 1))) - 1


class LatentEncoder(nn.Module):
    def __init__(self, z=50, units=1024, side=28):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(side**2, units, bias=False), nn.LeakyReLU(0.2),
            nn.Linear(units, units, bias=False), nn.BatchNorm1d(units, affine=False), nn.LeakyReLU(0.2),
            nn.Linear(units, z, bias=False), nn.Sigmoid(),
        )

    def forward(self, x):
        return 2 * self.layers((x + 1) / 2) - 1


class PairDiscriminator(nn.Module):
    def __init__(self, z=50, units=1024, side=28):
        super().__init__()
        self.image = nn.Sequential(nn.Flatten(), nn.Linear(side**2, units, bias=False), nn.LeakyReLU(0.2))
        self.pair = nn.Sequential(nn.Linear(units + z, units, bias=False), nn.BatchNorm1d(units, affine=False), nn.LeakyReLU(0.2), nn.Linear(units, 1, bias=False))

    def forward(self, x, z):
        return self.pair(torch.cat([self.image((x + 1) / 2), z], 1))


class Equalized(nn.Module):
    """A linear layer or a convolution of stride 1 whose kernel is multiplied by gain / sqrt(fan-in) whenever it is used."""

    def __init__(self, inputs, outputs, size=None, gain=2**0.5):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, *([size, size] if size else [])))
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale, self.padding = gain / (self.weight[0].numel() ** 0.5), (size or 1) // 2

    def forward(self, x):
        kernel = self.weight * self.scale
        return F.conv2d(x, kernel, self.bias, padding=self.padding) if kernel.dim() == 4 else F.linear(x, kernel, self.bias)


class PixelNorm(nn.Module):
    def forward(self, x):
        return x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-8)


class MinibatchDeviation(nn.Module):
    def forward(self, x, group=4):
        n, channels, height, width = x.shape
        deviation = (x.reshape(group, n // group, channels, height, width).var(0, correction=0) + 1e-8).sqrt().mean((1, 2, 3))
        return torch.cat([x, deviation.repeat(group)[:, None, None, None].expand(n, 1, height, width)], 1)


class GrownGenerator(nn.Module):
    """32 x 32 x 1 at its last resolution, with the images of the earlier ones, whose weights rest: packages/progan/src/networks.ts."""

    def __init__(self, z=128, features=(128, 128, 128, 64)):
        super().__init__()
        lrelu = nn.LeakyReLU(0.2)
        first = features[0]
        layers = [PixelNorm(), Equalized(z, 16 * first, gain=2**0.5 / 4), Reshape(first, 4, 4), lrelu, PixelNorm(), Equalized(first, first, 3), lrelu, PixelNorm()]
        for before, after in zip(features[:-1], features[1:]):
            layers += [nn.Upsample(scale_factor=2), Equalized(before, after, 3), lrelu, PixelNorm(), Equalized(after, after, 3), lrelu, PixelNorm()]
        self.layers = nn.Sequential(*layers)
        self.images = nn.ModuleList(Equalized(width, 1, 1, gain=1) for width in features)

    def forward(self, z):
        return self.images[-1](self.layers(z))


class GrownDiscriminator(nn.Module):
    def __init__(self, features=(64, 128, 128, 128), last=128):
        super().__init__()
        lrelu = nn.LeakyReLU(0.2)
        layers = [lrelu]
        for before, after in zip(features[:-1], features[1:]):
            layers += [Equalized(before, before, 3), lrelu, Equalized(before, after, 3), lrelu, nn.AvgPool2d(2)]
        width = features[-1]
        layers += [MinibatchDeviation(), Equalized(width + 1, width, 3), lrelu, nn.Flatten(), Equalized(16 * width, last), lrelu, Equalized(last, 1, gain=1)]
        self.layers = nn.Sequential(*layers)
        self.images = nn.ModuleList(Equalized(1, width, 1) for width in features)

    def forward(self, x):
        return self.layers(self.images[0](x))
