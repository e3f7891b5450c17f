"""What is checked when a learner rebuilds the reader of reviews: words that tell, padding, mask, result."""

import numpy as np
import torch

from foursteps.checks.definition import Expect, Function, Metric, Property

WORDS = [
    *("a", "and", "awful", "but", "cheap", "fresh", "good", "great", "is"),
    *("it", "love", "not", "of", "stale", "sweet", "tea", "the", "was"),
]


def _texts(rng, rows, chances):
    """Texts as lists of words; a word is in a text with its chance, and then up to four times."""
    texts = []
    for _ in range(rows):
        words = [word for word, chance in zip(WORDS, chances, strict=True) if rng.random() < chance]
        words = [word for word in words for _ in range(rng.integers(1, 5))] or ["the"]
        texts.append([str(word) for word in rng.permutation(words)])
    return texts


def _gaps(texts, labels, counted):
    """How much more often each word is `counted` in a text with label 1 than in one with label 0."""
    ones = np.array(labels) == 1
    found = {word: np.array([counted(text, word) for text in texts]) for word in WORDS}
    return {word: hits[ones].mean() - hits[~ones].mean() for word, hits in found.items()}


def labelled(rng):
    """Texts, uneven labels, and how many telling words are asked for; no two words tell equally well."""
    cases = []
    for ones, zeros, count in ((61, 17, 3), (19, 53, 5), (71, 23, 1), (13, 67, 8)):
        labels = [1] * ones + [0] * zeros
        while True:
            texts = [text for rows in (ones, zeros) for text in _texts(rng, rows, rng.uniform(0.1, 0.9, 18))]
            gaps = _gaps(texts, labels, lambda text, word: word in text)
            often = _gaps(texts, labels, list.count)
            ranked = sorted(WORDS, key=lambda word: -abs(gaps[word]))
            sizes = [abs(gaps[word]) for word in ranked]
            if (
                min(-np.diff(sizes[: count + 1])) > 1e-6
                and gaps[ranked[count - 1]] < 0  # a signed difference goes wrong
                and ranked[:count] != sorted(WORDS, key=lambda word: -abs(often[word]))[:count]
            ):
                break
        order = rng.permutation(len(texts))
        cases.append(([texts[i] for i in order], [labels[i] for i in order], count))
    return cases


def counted(rng):
    """Texts of words of which some occur equally often, and how often one must occur."""
    cases = []
    for rows, at_least in ((6, 2), (12, 5), (20, 12), (4, 1)):
        words = rng.permutation(WORDS)
        texts = [
            [str(word) for word in rng.choice(words[:12], rng.integers(1, 9), p=np.arange(12, 0, -1) / 78)]
            for _ in range(rows)
        ]
        # Two words that occur equally often, the later one in the alphabet first.
        texts += [["zest"] * at_least, ["ham"] * at_least]
        cases.append((texts, at_least))
    return cases


def to_pad(rng):
    """Texts of different lengths, a vocabulary that lacks some of their words, and where texts are cut."""
    cases = []
    for rows, most, longest in ((4, 6, 10), (7, 15, 8), (3, 20, 5), (2, 4, 4), (5, 3, 2)):
        vocab = ["(padding)", "(unknown)", *(str(word) for word in rng.permutation(WORDS)[:10])]
        texts = [
            [str(word) for word in rng.choice(WORDS, length)] for length in rng.integers(1, most + 1, rows)
        ]
        texts[0] = ["zest", "tea", *texts[0]]  # a word without a number, and a text that is not the shortest
        texts[-1] = texts[-1][:1]
        cases.append((texts, vocab, longest))
    return cases


def to_average(rng):
    """Rows of numbers for the words of texts, and the texts' numbers; at padded places stands noise."""
    cases = []
    for n, words, width in ((4, 5, 3), (6, 9, 2), (2, 7, 8), (5, 4, 4)):
        numbers = rng.integers(1, 30, (n, words))
        lengths = rng.integers(1, words, n)  # each text has at least one padded place
        numbers[np.arange(words)[None] >= lengths[:, None]] = 0
        if n > 4:
            numbers[0] = 0
        rows = torch.tensor(rng.normal(0, 1, (n, words, width)), dtype=torch.float32)
        cases.append((rows, torch.tensor(numbers)))
    return cases


CHECKS = (
    Function(
        name="telling_words",
        asks="the words whose share of texts differs most between the labels",
        inputs=labelled,
        hints=(
            "Of the texts with label 1, in what share does a word stand? And of those with label 0?",
            "Count each text's different words, `set(words)`, apart for the two labels; divide by the number "
            "of texts of that label; sort by the absolute difference.",
            "`found[label].update(set(words))` with two Counters; `gap = abs(found[1][word] / ones - "
            "found[0][word] / zeros)`; `sorted(gap, key=gap.get, reverse=True)[:count]`.",
        ),
        advice={
            "it gave [(": "Words are wanted, not pairs: `[word for word, gap in ...]`.",
            "it gave": "Shares, not counts: the labels are uneven. A word counts once a text, and a "
            "word that "
            "speaks for label 0 tells as much as one that speaks for 1.",
            "unhashable": "A list can't be counted: count its words, `Counter(word for ... )`.",
            "indices must be": "`labels` is a list: go through texts and labels together with `zip`.",
        },
    ),
    Function(
        name="vocabulary",
        asks="the words that get a number, in the order of their numbers",
        inputs=counted,
        hints=(
            "Which number must padding have, and how do you break a tie?",
            "A `Counter` over all words of all texts; keep those with enough; sort by count downwards, "
            "then by "
            "the word.",
            '`["(padding)", "(unknown)"] + sorted(kept, key=lambda word: (-counts[word], word))`',
        ),
        advice={
            "unhashable": "The texts are lists of words: `Counter(word for words in texts for word in "
            "words)`.",
            "it gave {": "A list is wanted; a word's place in it is its number.",
            "it gave": "Padding, unknown, then words with `at_least` occurrences or more, the most frequent "
            "first; equally frequent ones in alphabetical order.",
        },
    ),
    Function(
        name="padded",
        asks="the numbers of each text's words, filled up with 0 to one length",
        inputs=to_pad,
        hints=(
            "How long is the longest text once all are cut, and what stands behind the end of a shorter one?",
            "A word's number is its place in `vocab`; `dict.get(word, 1)` gives 1 where there is none.",
            "`number = {word: i for i, word in enumerate(vocab)}`; cut, `[number.get(w, 1) for w in "
            "words[:longest]]`; then fill an array of zeros, row by row.",
        ),
        advice={
            "the shape is": "As many columns as the longest text has after cutting: not `longest`, if "
            "all are "
            "shorter.",
            "is not in list": "A word without a number is unknown: 1.",
            "inhomogeneous": "Rows of different lengths make no array: fill them up first.",
            "not an array": "An array or a tensor is wanted: `np.array(rows)`, once all rows are "
            "equally long.",
            "largest difference": "0 is for padding only and goes at the end; an unknown word is 1; cut "
            "after "
            "the first `longest` words.",
        },
    ),
    Function(
        name="mean_of_words",
        asks="the mean of the rows of real words",
        inputs=to_average,
        hints=(
            "How many words does each text really have, and what must not count?",
            "A mask of the numbers above 0, with an axis more, times the rows; sum over the words; divide by "
            "the number of real words.",
            "`real = (numbers > 0).unsqueeze(-1)`, then `(rows * real).sum(1) / real.sum(1).clamp(min=1)`.",
        ),
        advice={
            "must match the size": "The mask lacks an axis: `.unsqueeze(-1)` makes (n, words, 1) of it.",
            "the shape is": "One row a text: sum along the words, axis 1.",
            "nan": "A text without words divides zero by zero: divide by at least 1.",
            "largest difference": "Multiply padding away before the sum, and divide by the number of real "
            "words, not by the width of the batch.",
        },
    ),
    Property(
        name="loaders",
        asks="DataLoaders with the training and the validation reviews",
        probe="dataloaders",
        expect={"train": Expect(equals=3300), "valid": Expect(equals=450)},
        hints=(
            "Which table may the model learn from, and which do you choose with?",
            "fastai's `DataLoader` takes any list of rows; `create_batch` makes a batch of some of them.",
            "`DataLoaders(DataLoader(rows, bs=batch_size, shuffle=True, create_batch=batch), "
            "DataLoader(rows_of_valid, bs=batch_size, create_batch=batch), device=device)`",
        ),
        advice={
            "train is": "All rows of `train`, and none of `valid`.",
            "valid is": "All rows of `valid`: a second DataLoader, without shuffling.",
        },
    ),
    Metric(
        name="accuracy",
        asks="`predict(table)`: great or other, as right as the lecture's bag",
        datasets=("food_reviews",),
        metric="accuracy",
        takes="predict",
        claim="lecture.accuracy",
        hints=(
            "Does the training loss fall, and do words and labels belong together?",
            "An embedding, the mean of its real words' rows, a linear layer; a learning rate of the order of "
            "the lecture's; a handful of epochs.",
            "`Embedding(len(vocab), width)`, `mean_of_words`, `nn.Linear(width, 2)`; "
            '`learn.fit_one_cycle(4, 0.01)`; in `predict`, `"great"` where `scores.argmax(1)` is 1.',
        ),
        advice={
            "no better than": 'Labels are the texts "great" and "other". Was the model fitted, and is '
            "`great` "
            "number 1 in both places?",
            "index out of range": "The embedding needs a row for every number: `len(vocab)` of them.",
            "same device": "The batch in `predict` must go to the device: `.to(device)`.",
            "on the way": "Close. A few more epochs, another order of magnitude of the rate, or is "
            "padding in "
            "the mean?",
            "no dataset": 'Call `path = get("food_reviews", seed=seed)` in this notebook.',
            "keyerror": "`predict` gets a table with one column, `review`; the stars are not in it.",
            "attribute": '`predict` gets a table: go through `table["review"]`.',
        },
    ),
)
