"""The models of Chorale in plain Python PyTorch, written from their definitions (docs/models.md).

Independent of the C++: the goldens of tests/golden/models come from them, and ./run bench measures them as peers.
Parameters have the same names as there, so a state dict of one side is one of the other. Every model maps
(frames [batch, 1, bins, frames], lengths, vector) to logits and values of all tasks side by side, [batch, outputs];
`lengths` (frames of each clip that are not padding) and `vector` may be None.

    model = make("crnn2d", outputs=10, bins=128, frames=129)
"""

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence


# ---- parts -------------------------------------------------------------------------------------------------------


class ConvBlock(nn.Module):
    """3x3 convolution, activation and normalisation in either order, maximum pooling, dropout."""

    def __init__(self, inputs, outputs, *, norm="batch", order="activation, norm", activation=nn.ReLU, pool=(2, 2),
                 dropout=None):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.norm = nn.BatchNorm2d(outputs) if norm == "batch" else nn.Identity()
        self.activation = activation()
        self.activation_first = order == "activation, norm"
        self.pool = nn.MaxPool2d(pool) if pool else nn.Identity()
        self.dropout = dropout or nn.Identity()

    def forward(self, x):
        x = self.conv(x)
        x = self.norm(self.activation(x)) if self.activation_first else self.activation(self.norm(x))
        return self.dropout(self.pool(x))


def each(dropout, hidden):
    """One dropout for each hidden layer."""
    return dropout if len(dropout) == len(hidden) else dropout * len(hidden)


def hidden_layers(width, hidden, dropout, norm=None):
    layers = []
    for outputs, p in zip(hidden, each(dropout, hidden)):
        layers += [nn.Linear(width, outputs)] + ([nn.BatchNorm1d(outputs)] if norm == "batch" else [])
        layers += [nn.ReLU(), nn.Dropout(p)]
        width = outputs
    return nn.Sequential(*layers)


def steps_of(lengths, pooled):
    """Steps of each clip that are left of its frames after pooling."""
    return None if lengths is None else torch.clamp(lengths // pooled, min=1)


def final_states(rnn, x, lengths):
    """Last state of each direction of the last layer, side by side: the reverse one has read the clip to its start."""
    if lengths is not None:
        x = pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False)
    _, state = rnn(x)
    h = state[0] if isinstance(rnn, nn.LSTM) else state
    return torch.cat([h[-2], h[-1]], 1) if rnn.bidirectional else h[-1]


def last_step(rnn, x, lengths):
    """Output of the last layer at the last valid step."""
    if lengths is None:
        return rnn(x)[0][:, -1]
    packed, _ = rnn(pack_padded_sequence(x, lengths, batch_first=True, enforce_sorted=False))
    y, _ = pad_packed_sequence(packed, batch_first=True)
    return y[torch.arange(len(lengths)), lengths - 1]


# ---- CSCI 1470 ---------------------------------------------------------------------------------------------------


class Cnn(nn.Module):
    def __init__(self, outputs, bins, frames, vector, *, channels=(32, 64, 128, 256), conv_dropout=0.25, norm="batch",
                 hidden=(512,), dropout=(0.5,)):
        super().__init__()
        self.blocks = nn.ModuleList(ConvBlock(i, o, norm=norm, dropout=nn.Dropout(conv_dropout))
                                    for i, o in zip((1, *channels), channels))
        self.hidden = hidden_layers(channels[-1], hidden, dropout)
        self.output = nn.Linear(hidden[-1], outputs)

    def forward(self, x, lengths=None, vector=None):
        for block in self.blocks:
            x = block(x)
        return self.output(self.hidden(x.mean((2, 3))))


class VggSmall(Cnn):
    """Spectrogram system: the same without normalisation and dropout in the blocks."""

    def __init__(self, outputs, bins, frames, vector, *, channels=(32, 64, 128), conv_dropout=0.0, norm="none",
                 hidden=(256,), dropout=(0.5,)):
        super().__init__(outputs, bins, frames, vector, channels=channels, conv_dropout=conv_dropout, norm=norm,
                         hidden=hidden, dropout=dropout)


class Recurrent(nn.Module):
    cell = None

    def __init__(self, outputs, bins, frames, vector, *, units=256, layers=2, rnn_dropout=0.3, hidden=(512,),
                 dropout=(0.5,)):
        super().__init__()
        self.recurrent = self.cell(bins, units, layers, batch_first=True, bidirectional=True, dropout=rnn_dropout)
        self.hidden = hidden_layers(2 * units, hidden, dropout)
        self.output = nn.Linear(hidden[-1], outputs)

    def forward(self, x, lengths=None, vector=None):
        x = x[:, 0].transpose(1, 2)  # [batch, frames, bins]
        return self.output(self.hidden(final_states(self.recurrent, x, lengths)))


class Lstm(Recurrent):
    cell = nn.LSTM


class Gru(Recurrent):
    cell = nn.GRU


class Hybrid(nn.Module):
    def __init__(self, outputs, bins, frames, vector, *, channels=(32, 64, 128), conv_dropout=0.25, norm="batch",
                 units=256, layers=2, rnn_dropout=0.3, hidden=(512,), dropout=(0.5,)):
        super().__init__()
        self.blocks = nn.ModuleList(ConvBlock(i, o, norm=norm, dropout=nn.Dropout(conv_dropout))
                                    for i, o in zip((1, *channels), channels))
        self.recurrent = nn.LSTM((bins >> len(channels)) * channels[-1], units, layers, batch_first=True,
                                 bidirectional=True, dropout=rnn_dropout)
        self.hidden = hidden_layers(2 * units, hidden, dropout)
        self.output = nn.Linear(hidden[-1], outputs)

    def forward(self, x, lengths=None, vector=None):
        for block in self.blocks:
            x = block(x)
        x = x.permute(0, 3, 2, 1).flatten(2)  # [batch, frames / 8, (bins / 8) * channels]
        x = final_states(self.recurrent, x, steps_of(lengths, 2 ** len(self.blocks)))
        return self.output(self.hidden(x))


# ---- MusicGenrePulse ---------------------------------------------------------------------------------------------


class SliceBlock(nn.Module):
    def __init__(self, inputs, outputs, norm, dropout):
        super().__init__()
        self.first = ConvBlock(inputs, outputs, norm=norm, order="norm, activation", pool=None)
        self.second = ConvBlock(outputs, outputs, norm=norm, order="norm, activation", dropout=nn.Dropout2d(dropout))

    def forward(self, x):
        return self.second(self.first(x))


class SliceCnn(nn.Module):
    def __init__(self, outputs, bins, frames, vector, *, channels=(32, 64, 128), conv_dropout=0.3, norm="batch",
                 hidden=(512, 256), dropout=(0.3,)):
        super().__init__()
        self.blocks = nn.ModuleList(SliceBlock(i, o, norm, conv_dropout) for i, o in zip((1, *channels), channels))
        n = len(channels)
        self.hidden = hidden_layers(channels[-1] * (bins >> n) * (frames >> n), hidden, dropout, norm)
        self.output = nn.Linear(hidden[-1], outputs)

    def forward(self, x, lengths=None, vector=None):
        for block in self.blocks:
            x = block(x)
        return self.output(self.hidden(x.flatten(1)))


class Crnn2d(nn.Module):
    def __init__(self, outputs, bins, frames, vector, *, channels=(64, 128, 128, 128), conv_dropout=0.1, norm="batch",
                 units=32, layers=2, rnn_dropout=0.0, dropout=(0.3,)):
        super().__init__()
        self.input_norm = nn.BatchNorm1d(bins)
        pools = [(2, 2)] + [(4, 2)] * (len(channels) - 1)
        self.blocks = nn.ModuleList(
            ConvBlock(i, o, norm=norm, activation=nn.ELU, pool=pool, dropout=nn.Dropout(conv_dropout))
            for i, o, pool in zip((1, *channels), channels, pools))
        for height, _ in pools:
            bins //= height
        self.recurrent = nn.GRU(bins * channels[-1], units, layers, batch_first=True, dropout=rnn_dropout)
        self.dropout = nn.Dropout(dropout[0])
        self.output = nn.Linear(units, outputs)

    def forward(self, x, lengths=None, vector=None):
        x = self.input_norm(x[:, 0])[:, None]
        for block in self.blocks:
            x = block(x)
        x = x.permute(0, 3, 2, 1).flatten(2)
        x = last_step(self.recurrent, x, steps_of(lengths, 2 ** len(self.blocks)))
        return self.output(self.dropout(x))


class Conv1dBlock(nn.Module):
    def __init__(self, inputs, outputs, norm, dropout):
        super().__init__()
        self.conv = nn.Conv1d(inputs, outputs, 5, padding=2)
        self.norm = nn.BatchNorm1d(outputs) if norm == "batch" else nn.Identity()
        self.pool = nn.MaxPool1d(2)
        self.dropout = nn.Dropout(dropout)

    def forward(self, x):
        return self.dropout(self.pool(torch.relu(self.norm(self.conv(x)))))


class Crnn1d(nn.Module):
    def __init__(self, outputs, bins, frames, vector, *, channels=(64, 128, 128), conv_dropout=0.2, norm="batch",
                 units=64, layers=2, rnn_dropout=0.0, dropout=(0.3,)):
        super().__init__()
        self.blocks = nn.ModuleList(Conv1dBlock(i, o, norm, conv_dropout) for i, o in zip((bins, *channels), channels))
        self.recurrent = nn.GRU(channels[-1], units, layers, batch_first=True, dropout=rnn_dropout)
        self.dropout = nn.Dropout(dropout[0])
        self.output = nn.Linear(units, outputs)

    def forward(self, x, lengths=None, vector=None):
        x = x[:, 0]
        for block in self.blocks:
            x = block(x)
        x = last_step(self.recurrent, x.transpose(1, 2), steps_of(lengths, 2 ** len(self.blocks)))
        return self.output(self.dropout(x))


class Rnn(nn.Module):
    def __init__(self, outputs, bins, frames, vector, *, units=64, layers=2, rnn_dropout=0.0, dropout=(0.3,)):
        super().__init__()
        self.recurrent = nn.LSTM(bins, units, layers, batch_first=True, dropout=rnn_dropout)
        self.dropout = nn.Dropout(dropout[0])
        self.output = nn.Linear(units, outputs)

    def forward(self, x, lengths=None, vector=None):
        x = last_step(self.recurrent, x[:, 0].transpose(1, 2), lengths)
        return self.output(self.dropout(x))


# ---- residual networks and VGG -----------------------------------------------------------------------------------


class BasicBlock(nn.Module):
    expansion = 1

    def __init__(self, inputs, width, stride):
        super().__init__()
        self.conv1 = nn.Conv2d(inputs, width, 3, stride, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.downsample = shortcut(inputs, width, stride)

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = self.bn2(self.conv2(y))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


class Bottleneck(nn.Module):
    expansion = 4

    def __init__(self, inputs, width, stride):
        super().__init__()
        outputs = self.expansion * width
        self.conv1 = nn.Conv2d(inputs, width, 1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, stride, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.conv3 = nn.Conv2d(width, outputs, 1, bias=False)
        self.bn3 = nn.BatchNorm2d(outputs)
        self.downsample = shortcut(inputs, outputs, stride)

    def forward(self, x):
        y = torch.relu(self.bn1(self.conv1(x)))
        y = torch.relu(self.bn2(self.conv2(y)))
        y = self.bn3(self.conv3(y))
        return torch.relu(y + (x if self.downsample is None else self.downsample(x)))


def shortcut(inputs, outputs, stride):
    if stride == 1 and inputs == outputs:
        return None
    return nn.Sequential(nn.Conv2d(inputs, outputs, 1, stride, bias=False), nn.BatchNorm2d(outputs))


def stage(block, inputs, width, count, stride):
    """A stage of a residual network; only its first block may stride."""
    outputs = block.expansion * width
    return nn.Sequential(block(inputs, width, stride), *(block(outputs, width, 1) for _ in range(count - 1)))


def channels_of(x, count):
    """The one channel repeated."""
    return x.expand(-1, count, -1, -1)


class ResNet(nn.Module):
    block, counts = None, None

    def __init__(self, outputs, bins, frames, vector, *, channels=(64, 128, 256, 512), input_channels=1):
        super().__init__()
        self.input_channels = input_channels
        self.conv1 = nn.Conv2d(input_channels, channels[0], 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(channels[0])
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        width = channels[0]
        for i, (channel, count) in enumerate(zip(channels, self.counts)):
            self.add_module(f"layer{i + 1}", stage(self.block, width, channel, count, 1 if i == 0 else 2))
            width = self.block.expansion * channel
        self.fc = nn.Linear(width, outputs)

    def forward(self, x, lengths=None, vector=None):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(channels_of(x, self.input_channels)))))
        for layer in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = layer(x)
        return self.fc(x.mean((2, 3)))


class ResNet18(ResNet):
    block, counts = BasicBlock, (2, 2, 2, 2)


class ResNet50(ResNet):
    block, counts = Bottleneck, (3, 4, 6, 3)


class Vgg16(nn.Module):
    def __init__(self, outputs, bins, frames, vector, *, channels=(64, 128, 256, 512, 512), hidden=(4096, 4096),
                 dropout=(0.5,), input_channels=1):
        super().__init__()
        self.input_channels = input_channels
        layers, width = [], input_channels
        for channel, convolutions in zip(channels, (2, 2, 3, 3, 3)):
            for _ in range(convolutions):
                layers += [nn.Conv2d(width, channel, 3, padding=1), nn.ReLU(inplace=True)]
                width = channel
            layers.append(nn.MaxPool2d(2))
        self.features = nn.Sequential(*layers)
        self.avgpool = nn.AdaptiveAvgPool2d((7, 7))
        self.classifier = hidden_layers(channels[-1] * 7 * 7, hidden, dropout).append(nn.Linear(hidden[-1], outputs))

    def forward(self, x, lengths=None, vector=None):
        x = self.avgpool(self.features(channels_of(x, self.input_channels)))
        return self.classifier(x.flatten(1))


class ChannelAttention(nn.Module):
    """Woo et al. 2018 (CBAM), section 3.1."""

    def __init__(self, channels, reduction=16):
        super().__init__()
        inner = max(channels // reduction, 1)
        self.mlp = nn.Sequential(nn.Linear(channels, inner, bias=False), nn.ReLU(),
                                 nn.Linear(inner, channels, bias=False))

    def forward(self, x):
        scale = torch.sigmoid(self.mlp(x.mean((2, 3))) + self.mlp(x.amax((2, 3))))
        return x * scale[:, :, None, None]


class ResNetAttention(nn.Module):
    def __init__(self, outputs, bins, frames, vector, *, channels=(64, 128, 256, 512), hidden=(512, 256),
                 dropout=(0.5, 0.3)):
        super().__init__()
        self.conv1 = nn.Conv2d(1, channels[0], 7, 2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(channels[0])
        self.maxpool = nn.MaxPool2d(3, 2, padding=1)
        width = channels[0]
        for i, channel in enumerate(channels):
            self.add_module(f"layer{i + 1}", stage(BasicBlock, width, channel, 2, 1 if i == 0 else 2))
            self.add_module(f"attention{i + 1}", ChannelAttention(channel))
            width = channel
        self.hidden = hidden_layers(width, hidden, dropout)
        self.output = nn.Linear(hidden[-1], outputs)

    def forward(self, x, lengths=None, vector=None):
        x = self.maxpool(torch.relu(self.bn1(self.conv1(x))))
        for i in range(4):
            x = getattr(self, f"attention{i + 1}")(getattr(self, f"layer{i + 1}")(x))
        return self.output(self.hidden(x.mean((2, 3))))


# ---- music-classification-model ----------------------------------------------------------------------------------


class MultitaskCnn(nn.Module):
    def __init__(self, outputs, bins, frames, vector, *, channels=(32, 64, 128, 256), conv_dropout=0.25, norm="batch",
                 hidden=(512, 256), dropout=(0.5, 0.3), units=256):
        super().__init__()
        last = len(channels) - 1
        self.blocks = nn.ModuleList(
            ConvBlock(i, o, norm=norm, order="norm, activation", pool=(2, 2) if n < last else None,
                      dropout=nn.Dropout2d(conv_dropout))
            for n, (i, o) in enumerate(zip((1, *channels), channels)))
        self.pool = nn.AdaptiveAvgPool2d((4, 4))
        self.spectrogram = hidden_layers(channels[-1] * 16, hidden, dropout)
        features = (units, units, units // 2, units // 4)
        self.features = hidden_layers(vector, features, dropout[-1:])
        fusion = (2 * units, units)
        self.fusion = hidden_layers(hidden[-1] + features[-1], fusion, dropout[-1:])
        self.output = nn.Linear(units, outputs)

    def forward(self, x, lengths=None, vector=None):
        for block in self.blocks:
            x = block(x)
        x = self.spectrogram(self.pool(x).flatten(1))
        return self.output(self.fusion(torch.cat([x, self.features(vector)], 1)))


class MultitaskRnn(nn.Module):
    def __init__(self, outputs, bins, frames, vector, *, units=128, layers=2, rnn_dropout=0.3, hidden=(256, 128),
                 dropout=(0.3,)):
        super().__init__()
        self.recurrent = nn.LSTM(bins, units, layers, batch_first=True, bidirectional=True, dropout=rnn_dropout)
        self.hidden = hidden_layers(2 * units, hidden, dropout)
        self.output = nn.Linear(hidden[-1], outputs)

    def forward(self, x, lengths=None, vector=None):
        x = last_step(self.recurrent, x[:, 0].transpose(1, 2), lengths)
        return self.output(self.hidden(x))


MODELS = {
    "cnn": Cnn, "lstm": Lstm, "gru": Gru, "hybrid": Hybrid,
    "slice_cnn": SliceCnn, "crnn1d": Crnn1d, "crnn2d": Crnn2d, "rnn": Rnn,
    "vgg_small": VggSmall, "resnet_attention": ResNetAttention,
    "multitask_cnn": MultitaskCnn, "multitask_rnn": MultitaskRnn,
    "vgg16": Vgg16, "resnet18": ResNet18, "resnet50": ResNet50,
}


def make(name, outputs, bins=128, frames=129, vector=103, **options):
    return MODELS[name](outputs, bins, frames, vector, **options)


def parameter_count(model):
    return sum(p.numel() for p in model.parameters())
