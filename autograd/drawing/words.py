"""Stand-in for listing."""


def summary(view) -> str:
    n = view.graph.count
    return f"{n:,} value{'s' * (n != 1)}"


def listing(view, limit: int = 40) -> str:
    return "\n".join(view.graph.id(b.node) for b in view.boxes[:limit] if b.group is None)
