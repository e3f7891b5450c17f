"""What is checked when a learner builds a residual network from its parts."""

from itertools import pairwise

import torch

from foursteps.checks.definition import Expect, Function, Metric, Property


def _tensor(array):
    return torch.tensor(array, dtype=torch.float32)


def convolutions(rng):
    """Pictures, kernels, stride and padding; neither pictures nor kernels are alike when turned over."""
    return [
        (
            _tensor(rng.normal(size=(n, c_in, h, w))),
            _tensor(rng.normal(size=(c_out, c_in, k, k))),
            stride,
            padding,
        )
        for n, c_in, c_out, h, w, k, stride, padding in (
            (2, 1, 1, 5, 6, 3, 1, 0),
            (1, 3, 2, 6, 5, 3, 1, 1),
            (2, 2, 3, 7, 8, 3, 2, 1),
            (1, 1, 2, 9, 9, 5, 2, 2),
            (3, 4, 2, 6, 6, 1, 2, 0),
            (1, 2, 1, 8, 7, 2, 3, 1),
        )
    ]


def layer_lists(rng):
    """Kernel sizes and strides of some layers; in most the strides come before other layers, and matter."""
    cases = [([],), ([(7, 2)],)]
    for depth in (3, 4, 5, 6):
        sizes = rng.choice([2, 3, 5, 7], depth).tolist()
        strides = rng.choice([1, 2, 3], depth).tolist()
        # A stride that is not 1 at both ends: it counts at the first layer, and not at the last.
        strides[0], strides[-1] = 2, 3
        cases.append((list(zip(sizes, strides, strict=True)),))
    return cases


def maps(rng):
    """Maps, a scale, a shift, a mean and a variance for each channel, and whether it is training."""
    cases = []
    for n, channels, side, training in (
        (4, 3, 5, True),
        (2, 2, 4, False),
        (3, 5, 2, True),
        (6, 1, 3, False),
        (2, 4, 2, True),
        (1, 3, 4, False),
    ):
        # Channels and pictures lie at places of their own, so that a mean over the wrong axes shows.
        x = rng.normal(rng.normal(0, 3, (n, channels, 1, 1)), 2, (n, channels, side, side))
        scale, shift, mean = (
            rng.uniform(0.5, 2, channels),
            rng.normal(size=channels),
            rng.normal(size=channels),
        )
        cases.append(
            (*map(_tensor, (x, scale, shift, mean, rng.uniform(0.5, 4, channels))), training),
        )
    return cases


def blocks(rng):
    """Pictures, how many channels come out, and the stride; not negative, as behind a ReLU.

    In the first three, which learners see: nothing changes, only the channels do, only the size does.
    """
    return [
        (_tensor(rng.uniform(0, 2, (n, c_in, side, side))), c_out, stride)
        for n, c_in, side, c_out, stride in (
            (4, 3, 6, 3, 1),
            (5, 4, 4, 2, 1),
            (4, 3, 8, 3, 2),
            (3, 2, 7, 4, 2),
            (6, 5, 5, 5, 1),
            (4, 1, 6, 3, 2),
        )
    ]


def networks(rng):
    """Pictures, and the kernels of a small network of convolutions for them."""
    cases = []
    for channels in ((1, 3), (2, 4, 3), (1, 2, 3, 4), (3, 5, 2)):
        kernels = [_tensor(rng.normal(size=(b, a, 3, 3))) for a, b in pairwise(channels)]
        cases.append((_tensor(rng.normal(size=(2, channels[0], 10, 10))), kernels))
    return cases


CHECKS = (
    Property(
        name="images",
        asks="the training pictures as a tensor with an axis for the channel",
        probe="array",
        expect={
            "shape": Expect(equals=[8000, 1, 28, 28]),
            "max": Expect(equals=1.0),
        },
        hints=(
            "How many axes does a picture have, and how many does a convolution want?",
            "Stack the arrays, make a float tensor of them, and put an axis of length 1 behind the first.",
            "`torch.tensor(np.stack([np.array(Image.open(file)) for file in files])).unsqueeze(1).float() / 255`",
        ),
        advice={
            "max is": "Pixels are whole numbers to 255: `.float() / 255`.",
            "shape is": "(pictures, channels, height, width). Is the number of pictures right? Then `train_files` went "
            "in, and the second axis is missing, or in another place: `unsqueeze(1)` puts it there.",
        },
    ),
    Function(
        name="convolve",
        asks="a convolution with stride and padding, from sums of products",
        inputs=convolutions,
        rtol=1e-3,
        atol=1e-4,
        hints=(
            "Which part of the picture lies under the kernel for the number in row i and column j of the result?",
            "It begins at row `i * stride` and column `j * stride` of the framed picture, and is k by k. Multiply "
            "it with every kernel, and add up over channels and kernel.",
            "`patch = framed[:, None, :, i * stride:i * stride + k, j * stride:j * stride + k]`, then "
            "`out[:, :, i, j] = (patch * weight).sum((2, 3, 4))`",
        ),
        advice={
            "shape is": "Height and width are `(side + 2 * padding - k) // stride + 1`; the second axis counts "
            "the kernels.",
            "must match": "Print the shapes: a patch is (n, channels_in, k, k), the kernels are (channels_out, "
            "channels_in, k, k). An axis between the first two makes them fit. Is a patch smaller than the kernel? Then "
            "the frame is missing, or counted twice.",
            "largest difference": "The shape is right, the numbers are not. Is the kernel laid on as it is, not "
            "flipped? Are all channels added up? Does each step go `stride` pixels on?",
        },
    ),
    Function(
        name="receptive_field",
        asks="the pixels that reach one place, from kernel sizes and strides",
        inputs=layer_lists,
        hints=(
            "After a stride of 2, how far apart in the picture are two places that are neighbours in the map?",
            "Keep two numbers: what a place sees, and how far apart two places lie. A kernel adds its size less "
            "one, times the second.",
            "`field += (size - 1) * step`, and only then `step *= stride`; both begin at 1.",
        ),
        advice={
            "off": "A layer's own stride counts for the layers behind it, not for itself; and strides multiply.",
            "unpack": "Each layer is a pair: `for size, stride in layers`.",
        },
    ),
    Function(
        name="batch_norm",
        asks="batch norm, in training and when asked",
        inputs=maps,
        rtol=1e-3,
        atol=1e-4,
        hints=(
            "Which numbers belong to one channel, and which of the four axes do they lie along?",
            "In training, mean and variance go over the axes 0, 2 and 3. Give what is one number a channel two "
            "more axes before it meets x.",
            "`mean = x.mean((0, 2, 3))`, `variance = x.var((0, 2, 3), unbiased=False)`, and `v[:, None, None]` for "
            "each of the four.",
        ),
        advice={
            "must match": "One number a channel meets a map: `mean[:, None, None]`.",
            "shape is": "The result has the shape of x.",
            "largest difference": "Over the pictures AND the places, each channel by itself; one number a channel has "
            "two more axes, `[:, None, None]`. The variance is "
            "divided by the number of values; `torch.var` divides by one less. Out of training, the given mean "
            "and variance are used.",
        },
    ),
    Function(
        name="block",
        asks="a residual block: through, around, and the sum",
        inputs=blocks,
        rtol=1e-3,
        atol=1e-4,
        hints=(
            "What has to be true of two tensors before they can be added, and when is it not?",
            "`nn.Identity()` around where nothing changes; otherwise a convolution of 1 by 1 with the block's "
            "stride, and batch norm. The last ReLU comes after the sum.",
            "`return (self.through(x) + self.around(x)).relu()`; through is Conv2d(c_in, c_out, 3, stride, 1), "
            "BatchNorm2d, ReLU, Conv2d(c_out, c_out, 3, 1, 1), BatchNorm2d.",
        ),
        advice={
            "must match": "The two ways end in different shapes: around needs its own convolution of 1 by 1, with "
            "the same stride, wherever channels or size change. The padding is 1 for 3 by 3, and 0 for 1 by 1.",
            "shape is": "The stride belongs to the first convolution and to the one around; a padding of 1 keeps "
            "the size otherwise.",
            "before module": "Call `super().__init__()` first.",
            "object is not callable": "`make_block` gives a block, an nn.Module with a `forward`.",
            "no attribute 'parameters'": "`make_block` gives a block, an nn.Module with a `forward`.",
            "largest difference": "Is there a batch norm behind each of the convolutions, also the one around? "
            "One ReLU between the two, one after the sum, none between the last batch norm and the sum. And "
            "nothing around where the shape stays: not even a convolution.",
        },
    ),
    Function(
        name="spreads",
        asks="what each layer of a kind gives, by hooks that are taken away",
        inputs=networks,
        rtol=1e-3,
        hints=(
            "When is a hook called, and with what?",
            "`layer.register_forward_hook(f)` calls `f(layer, inputs, output)` after each run, and gives a handle "
            "with `remove()`. Layers within layers are in `model.modules()`.",
            "`hooks = [layer.register_forward_hook(lambda layer, inputs, output: found.append(output.std().item())) "
            "for layer in model.modules() if isinstance(layer, kind)]`; then `model(x)`, then `hook.remove()` for "
            "each.",
        ),
        advice={
            "it gave [[]": "No layer was found: `model.children()` sees only the outermost, `model.modules()` all.",
            "convert": "A list of plain floats is wanted: `output.std().item()`.",
            "iterable": "A list is wanted, with a number for each layer.",
            "it gave": "A list with a number for each layer of the kind, in the order in which they ran; the number "
            "at the end is how many hooks were left behind, and should be 0.",
        },
    ),
    Metric(
        name="accuracy",
        asks="`predict(files)`: the kind of article, as right as the lecture's network",
        datasets=("fashion_mnist",),
        takes="predict",
        claim="lecture.accuracy",
        hints=(
            "Does the validation accuracy rise from epoch to epoch, and is it above that of the baseline?",
            "Leave nothing out: batch norm behind each convolution, `eval()` in `predict`, pixels from 0 "
            "to 1 in both places, all epochs.",
            "`learn = Learner(dls, network, loss_func=CrossEntropyLossFlat(), metrics=accuracy)`, "
            "`learn.fit_one_cycle(epochs, learning_rate)`; in `predict` `network.eval()`, then "
            "`network(part.to(device)).argmax(1)` for the parts of `pictures(files).split(500)`.",
        ),
        advice={
            "no better than": "Labels are texts, spelled as in `names`, in the order of `files`. Was the network "
            "trained, and is it in `eval` mode?",
            "on the way": "Close. All the epochs, one cycle at the given rate, a batch norm behind each "
            "convolution; `eval()` in `predict`.",
            "expected input": "A picture needs its axis of channels: (n, 1, 28, 28).",
            "mat1 and mat2": "Average each channel over the picture before the linear layer.",
            "same device": "Bring the pictures to the network: `.to(device)`.",
            "no dataset": 'Call `get("fashion_mnist", seed=seed)` in this notebook.',
        },
    ),
)
