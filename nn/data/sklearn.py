"""Data sets that scikit-learn brings: digits, iris, wine, breast cancer, diabetes; some of each held out."""

from typing import Any

from nn.chance import as_generator
from nn.checks import as_finite, import_extra
from nn.data.scaling import Standardiser
from nn.data.splits import Split, held_out

__all__ = ["load_breast_cancer", "load_diabetes", "load_digits", "load_iris", "load_wine"]


def load_digits(test_share: float = 0.2, rng: Any = 0) -> Split:
    """The 1,797 handwritten digits of scikit-learn: 8 x 8 pixels from 0 (paper) to 1 (ink), labels 0 to 9.

    The same share of every digit is held out; which samples, and their order, depends on `rng` alone.

    Args:
        test_share: The part that is held out, between 0 and 1.
        rng: As for make_moons; the default is a fixed seed.

    Raises:
        ImportError: scikit-learn is not installed.
        ValueError: `test_share` is not between 0 and 1.

    Source: Alpaydin, Kaynak, "Optical recognition of handwritten digits", UCI repository (1998).

    >>> digits = load_digits()
    >>> len(digits.train_x), len(digits.test_x), len(digits.test_x[0])
    (1438, 359, 64)
    """
    return _load("load_digits", test_share, rng, largest=16.0)


def load_iris(test_share: float = 0.2, rng: Any = 0, normalised: bool = True) -> Split:
    """The 150 irises of Fisher: length and width of sepal and petal; labels 0 setosa, 1 versicolor, 2 virginica.

    Args:
        test_share: The part that is held out, of every species, between 0 and 1.
        rng: As for make_moons; the default is a fixed seed.
        normalised: Whether each feature has mean 0 and standard deviation 1 over the samples to train on; else they are
            in centimetres.

    Raises:
        ImportError: scikit-learn is not installed.
        ValueError: `test_share` is not between 0 and 1.

    Source: Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7 (1936).

    >>> iris = load_iris(normalised=False)
    >>> len(iris.train_x), len(iris.test_x), len(iris.test_x[0]), sorted(set(iris.test_y))
    (120, 30, 4, [0, 1, 2])
    """
    return _load("load_iris", test_share, rng, normalised)


def load_wine(test_share: float = 0.2, rng: Any = 0, normalised: bool = True) -> Split:
    """178 wines of three growers (labels 0, 1, 2), each by 13 numbers of a chemical analysis.

    Args:
        test_share: As for load_iris.
        rng: As for make_moons; the default is a fixed seed.
        normalised: As for load_iris; else features are in units of their own, from 0.1 to 1,680.

    Raises:
        ImportError: scikit-learn is not installed.
        ValueError: `test_share` is not between 0 and 1.

    Source: Aeberhard, Forina, "Wine", UCI repository (1991).

    >>> wine = load_wine()
    >>> len(wine.train_x), len(wine.test_x), len(wine.test_x[0])
    (142, 36, 13)
    """
    return _load("load_wine", test_share, rng, normalised)


def load_breast_cancer(test_share: float = 0.2, rng: Any = 0, normalised: bool = True) -> Split:
    """569 tumours of the breast (labels 0 malignant, 1 benign), each by 30 measures of the nuclei of its cells.

    Args:
        test_share: As for load_iris.
        rng: As for make_moons; the default is a fixed seed.
        normalised: As for load_iris; else features are in units of their own, from 0.001 to 4,254.

    Raises:
        ImportError: scikit-learn is not installed.
        ValueError: `test_share` is not between 0 and 1.

    Source: Wolberg, Mangasarian, Street, "Breast cancer Wisconsin (diagnostic)", UCI repository (1995).

    >>> tumours = load_breast_cancer()
    >>> len(tumours.train_x), len(tumours.test_x), len(tumours.test_x[0])
    (455, 114, 30)
    """
    return _load("load_breast_cancer", test_share, rng, normalised)


def load_diabetes(test_share: float = 0.2, rng: Any = 0, normalised: bool = True) -> Split:
    """442 patients by 10 features (age, sex, body mass, ...), and how far their diabetes went in a year, 25 to 346.

    The targets are numbers, for regression, and never scaled here: `Standardiser` does it, and undoes it.

    Args:
        test_share: The part that is held out, between 0 and 1.
        rng: As for make_moons; the default is a fixed seed.
        normalised: As for load_iris; else each feature's squares sum to 1 over all samples, as scikit-learn gives them.

    Raises:
        ImportError: scikit-learn is not installed.
        ValueError: `test_share` is not between 0 and 1.

    Source: Efron, Hastie, Johnstone, Tibshirani, "Least angle regression", Annals of Statistics 32 (2004).

    >>> diabetes = load_diabetes()
    >>> len(diabetes.train_x), len(diabetes.test_x), len(diabetes.test_x[0]), max(diabetes.train_y + diabetes.test_y)
    (354, 88, 10, 346.0)
    """
    return _load("load_diabetes", test_share, rng, normalised, classes=False)


def _load(
    name: str, test_share: Any, rng: Any, normalised: bool = False, largest: float = 1.0, classes: bool = True
) -> Split:
    """What scikit-learn has under this name, divided by the largest number, parted by class if there are classes."""
    share = as_finite(test_share, f"{name}: test_share")
    if not 0.0 < share < 1.0:
        raise ValueError(f"{name}: test_share is {share}; it lies between 0 and 1, exclusive")
    source = as_generator(rng)
    bunch = getattr(import_extra("sklearn.datasets"), name)()
    xs: list[list[float]] = (bunch.data / largest).tolist()
    ys: list[Any] = bunch.target.tolist()
    size = min(max(round(share * len(ys)), 1), len(ys) - 1)
    test, train = held_out(ys if classes else [0] * len(ys), [size], source)
    train_x, test_x = [xs[i] for i in train], [xs[i] for i in test]
    if normalised:
        scaler = Standardiser().fit(train_x)
        train_x, test_x = scaler.transform(train_x), scaler.transform(test_x)
    return Split(train_x, [ys[i] for i in train], test_x, [ys[i] for i in test])
