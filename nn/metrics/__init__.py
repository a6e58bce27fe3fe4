"""How good predictions are: numbers for people, which nothing is differentiated by.

    samples    labels as places, numbers as arrays: what comes in, looked at once
    decisions  predicted classes: accuracy, balanced_accuracy, confusion, precision, recall, f1
    ranking    scores of classes: auc, top_k_accuracy, log_loss
    distances  predicted numbers: r2, mae, mse, rmse, max_error
    naming     the table of them, and metrics by their names

Names, definitions and the order (true, predicted) are scikit-learn's. `mse` and `mae` of here give floats; the losses
of the same names are `nn.mse` and `nn.mae`. Each file uses only those above it. May import: checks.
"""

from nn.metrics.decisions import accuracy, balanced_accuracy, confusion, f1, precision, recall
from nn.metrics.distances import mae, max_error, mse, r2, rmse
from nn.metrics.naming import METRICS, Metric, named
from nn.metrics.ranking import auc, log_loss, top_k_accuracy

__all__ = [
    "METRICS", "Metric", "accuracy", "auc", "balanced_accuracy", "confusion", "f1", "log_loss", "mae", "max_error",
    "mse", "named", "precision", "r2", "recall", "rmse", "top_k_accuracy",
]  # fmt: skip
