"""The metrics, a row each, and the row of a name."""

import unicodedata
from collections.abc import Callable
from difflib import get_close_matches
from functools import partial
from typing import Any, NamedTuple

from autograd.border.wording import brief
from nn.metrics.decisions import accuracy, balanced_accuracy, confusion, f1, precision, recall
from nn.metrics.distances import mae, max_error, mse, r2, rmse
from nn.metrics.ranking import auc, log_loss, top_k_accuracy

__all__ = ["METRICS", "Metric", "named"]


class Metric(NamedTuple):
    """What is known of a metric; it is called as its function is. One of one's own is put into `METRICS`.

    Attributes:
        name: What users write.
        function: Of the true and the predicted, and of options.
        takes: What it is given as the predicted: "labels", "scores" or "probabilities"; a regression's are "scores".
        kind: What is predicted: "classes" or "numbers".
        better: "more" or "less"; "" where it is no number.
        spellings: Other names. Capitals, hyphens, underscores and blanks make no difference anyway.

    >>> METRICS["f1"].takes, METRICS["mae"].better
    ('labels', 'less')
    >>> METRICS["mae"]([1.0, 2.0], [1.0, 3.0])
    0.5
    """

    name: str
    function: Callable[..., Any]
    takes: str
    kind: str
    better: str = "more"
    spellings: tuple[str, ...] = ()

    def __call__(self, true: Any, predicted: Any, **options: Any) -> Any:
        """The metric of these samples."""
        return self.function(true, predicted, **options)


METRICS: dict[str, Metric] = {
    row.name: row
    for row in (
        Metric("accuracy", accuracy, "labels", "classes", spellings=("acc",)),
        Metric("balanced_accuracy", balanced_accuracy, "labels", "classes", spellings=("balanced_acc",)),
        Metric("precision", precision, "labels", "classes", spellings=("positive_predictive_value", "ppv")),
        Metric("recall", recall, "labels", "classes", spellings=("sensitivity", "true_positive_rate", "tpr")),
        Metric("f1", f1, "labels", "classes", spellings=("f", "f_measure")),
        *(
            Metric(
                f"{share.__name__}_{average}", partial(share, average=average), "labels", "classes",
                spellings=(f"{average}_{share.__name__}",),
            )
            for share in (precision, recall, f1)
            for average in ("macro", "micro", "weighted")
        ),
        Metric("confusion", confusion, "labels", "classes", "", ("confusion_matrix",)),
        Metric("auc", auc, "scores", "classes", spellings=("roc_auc", "auroc", "roc_auc_ovr")),
        Metric("top_k_accuracy", top_k_accuracy, "scores", "classes", spellings=("top_k",)),
        Metric("log_loss", log_loss, "probabilities", "classes", "less"),
        Metric("r2", r2, "scores", "numbers", spellings=("r_squared", "coefficient_of_determination")),
        Metric("mae", mae, "scores", "numbers", "less", ("mean_absolute_error", "l1")),
        Metric("mse", mse, "scores", "numbers", "less", ("mean_squared_error",)),
        Metric("rmse", rmse, "scores", "numbers", "less", ("root_mean_squared_error",)),
        Metric("max_error", max_error, "scores", "numbers", "less", ("maximum_error",)),
    )
}  # fmt: skip
"""All metrics, by name; one that is added here is found by `named` too."""


def named(name: Any) -> Metric:
    """The metric of a name, in any usual spelling: "f1", "F1-score", "macro F1", "ROC AUC", "R²".

    Raises:
        TypeError: the name is no text.
        ValueError: there is none of this name; the message says which is nearest.

    >>> named("F1-Score").name, named("R²").name, named("macro_f1").name
    ('f1', 'r2', 'f1_macro')
    >>> named("acuracy")
    Traceback (most recent call last):
    ValueError: metric: there is none called 'acuracy': did you mean 'accuracy'? There are accuracy, ...
    """
    if not isinstance(name, str):
        raise TypeError(f"metric: expected a name, got {type(name).__name__} {brief(name)}")
    known = {_bare(other): row for row in METRICS.values() for other in row.spellings}
    known |= {_bare(key): row for key, row in METRICS.items()}
    if (found := known.get(_bare(name))) is not None:
        return found
    near = [known[bare].name for bare in get_close_matches(_bare(name), known, 1, 0.5)]
    meant = f": did you mean {near[0]!r}?" if near else "."
    raise ValueError(f"metric: there is none called {brief(name)}{meant} There are {', '.join(METRICS)}")


def _bare(name: str) -> str:
    """A name without what its spellings differ in."""
    return "".join([c for c in unicodedata.normalize("NFKC", name).lower() if c.isalnum()]).removesuffix("score")
