"""A `graphviz.Digraph` that any engine of this machine draws: Graphviz's own interface, on `rendering`."""

from __future__ import annotations

import os
from pathlib import Path

import graphviz

from autograd.drawing.saving import scaled, write_named
from autograd.rendering.rendering import RASTERS, TIMEOUT, render_dot

__all__ = ["SCALABLE", "Digraph"]

SCALABLE = {"svg": 72.0, "png": 96.0}
"""Formats that can be larger, and the dots per inch that they have of themselves."""


class Digraph(graphviz.Digraph):  # type: ignore[misc]
    """A `graphviz.Digraph` that draws itself with or without Graphviz installed.

    Attributes:
        timeout: Seconds that one engine may take.
        raster_limit: The most boxes that are rendered to pixels: beyond, it takes gigabytes.

    >>> digraph = Digraph("two", format="svg")
    >>> digraph.edge("a", "b")
    >>> digraph.pipe(encoding="utf-8")[:5]
    '<?xml'
    """

    timeout: float = TIMEOUT
    raster_limit: int = 300

    @property
    def size(self) -> int:
        """How many boxes there are to lay out, at most."""
        return len(self.body)

    def _save_source(
        self,
        filename: str | os.PathLike[str] | None,
        directory: str | os.PathLike[str] | None,
        *,
        skip_existing: bool | None,
    ) -> str:
        if filename is not None:
            self.filename = os.fspath(filename)
        if directory is not None:
            self.directory = os.fspath(directory)
        path = Path(self.filepath)
        if not (skip_existing and path.exists()):
            write_named(path, self.source.encode(self.encoding))
        return str(self.filepath)

    def pipe(
        self,
        format: str | None = None,
        renderer: str | None = None,
        formatter: str | None = None,
        neato_no_op: bool | int | None = None,
        quiet: bool = False,
        *,
        engine: str | None = None,
        encoding: str | None = None,
    ) -> bytes | str:
        """The picture, as bytes, or as text in the given encoding; arguments as in `graphviz.Digraph.pipe`.

        Raises:
            ValueError: an unknown format or engine, or too many boxes for pixels.
            RenderingError: nothing on this machine could render it.
        """
        picture = self._picture(format, renderer, formatter, neato_no_op, quiet, engine)
        return picture if encoding is None else picture.decode(encoding)

    def render(
        self,
        filename: str | os.PathLike[str] | None = None,
        directory: str | os.PathLike[str] | None = None,
        view: bool = False,
        cleanup: bool = False,
        format: str | None = None,
        renderer: str | None = None,
        formatter: str | None = None,
        neato_no_op: bool | int | None = None,
        quiet: bool = False,
        quiet_view: bool = False,
        *,
        outfile: str | os.PathLike[str] | None = None,
        engine: str | None = None,
        raise_if_result_exists: bool = False,
        overwrite_source: bool = False,
    ) -> str:
        """Save the source and the picture; the path of the picture. Arguments as in `graphviz.Digraph.render`.

        Raises:
            ValueError: an unknown format or engine, too many boxes for pixels, or `outfile` is the source's own path.
            FileExistsError: the picture is there already, and `raise_if_result_exists`.
            RenderingError: nothing on this machine could render it.
        """
        if raise_if_result_exists and overwrite_source:
            raise ValueError("render: overwrite_source contradicts raise_if_result_exists: leave one of them out")
        target = None if outfile is None else Path(outfile)
        if target is not None:
            format = self._get_format(target, format=format)
            target = target if directory is not None else Path(self.directory, target)
            filename = self._get_filepath(target) if filename is None else filename
        source = Path(self._save_source(filename, directory, skip_existing=None))
        if target is None:
            parts = (formatter, renderer, (format or self.format).lower())
            target = source.with_name(".".join([source.name, *[part for part in parts if part]]))
        elif not overwrite_source and target.resolve() == source.resolve():
            raise ValueError(f"render: {str(target)!r} is also where the source is saved: pass overwrite_source=True")
        if raise_if_result_exists and target.exists():
            raise graphviz.FileExistsError(f"output file exists: {str(target)!r}")
        picture = self._picture(format, renderer, formatter, neato_no_op, quiet, engine, folder=source.parent)
        write_named(target, picture)
        if cleanup:
            source.unlink()
        if view or quiet_view:
            self._view(str(target), format=format or self.format, quiet=quiet_view)
        return str(target)

    def _picture(
        self,
        format: str | None = None,
        renderer: str | None = None,
        formatter: str | None = None,
        neato_no_op: bool | int | None = None,
        quiet: bool = True,
        engine: str | None = None,
        *,
        folder: Path | None = None,
        timeout: float | None = None,
        scale: float = 1.0,
        memory: int | None = None,
    ) -> bytes:
        format = (format or self.format).lower()
        if format in RASTERS and self.size > self.raster_limit:
            raise ValueError(
                f"{format} of {self.size:,} boxes takes too much memory (the limit is {self.raster_limit:,}): use "
                'format="svg", fold it with draw(..., fold="auto"), draw its end with depth=2, or raise .raster_limit'
            )
        source = scaled(self.source, scale * SCALABLE[format]) if scale != 1.0 else self.source
        return render_dot(
            source, format, layout=engine or self.engine,
            renderer=renderer or self.renderer, formatter=formatter or self.formatter, neato_no_op=neato_no_op,
            encoding=self.encoding, folder=None if folder is None else str(folder),
            timeout=timeout or self.timeout, quiet=quiet, memory=memory,
        )  # fmt: skip
