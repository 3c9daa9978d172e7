"""Clean rows on their way: blocks held in memory up to a budget, beyond it in a file without a name.

Nothing raw about a person gets here. What is found out about rows when all have been read (they say what others say,
their person got another number) is kept beside the blocks and done to them whenever they are read.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from mmap import ACCESS_READ, ALLOCATIONGRANULARITY, mmap
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

import numpy as np
import pandas as pd
import pyarrow as pa

from analysis.errors import InputError
from analysis.extracts.values.coded import Coded, stack, written_out

BUDGET = 32 << 20
"""Bytes of clean rows that a delivery holds in memory; what comes after them lies on disk."""

Change = Callable[[pd.DataFrame], pd.DataFrame]


def scratch() -> IO[bytes]:
    """A file on disk without a name: whatever way the process ends, nothing of it stays behind.

    It lies in ``TMPDIR``, else in ``/var/tmp``, since ``/tmp`` lies in memory on many systems.
    """
    on_disk = Path("/var/tmp")
    there = not os.environ.get("TMPDIR") and os.access(on_disk, os.W_OK)
    return TemporaryFile(dir=on_disk if there else None)


@contextmanager
def room() -> Iterator[None]:
    """Say in a sentence that the disk has no room for a scratch file.

    Raises:
        InputError: writing failed.
    """
    try:
        yield
    except OSError as error:
        raise InputError(
            f"no room on disk for rows on their way ({error.strerror}); free some, or name another folder in TMPDIR"
        ) from None


@dataclass(frozen=True)
class Written:
    """A block on disk: ``length`` bytes of ``file`` from ``begin``, a multiple of the size of a page."""

    file: IO[bytes]
    begin: int
    length: int

    def buffer(self) -> pa.Buffer:
        """The bytes, mapped into memory and read when they are used."""
        return pa.py_buffer(mmap(self.file.fileno(), self.length, offset=self.begin, access=ACCESS_READ))


class Shelf:
    """Where the blocks of a delivery lie: in memory while there is room, then in one file."""

    def __init__(self, budget: int = BUDGET) -> None:
        self._left = budget
        self._file: IO[bytes] | None = None

    def put(self, block: pa.Table) -> pa.Table | Written:
        """The block itself while there is room, else where it was written."""
        if self._file is None and block.nbytes <= self._left:
            self._left -= block.nbytes
            return block
        with room():
            self._file = self._file or scratch()
            end = self._file.seek(0, os.SEEK_END)
            begin = self._file.seek(-(-end // ALLOCATIONGRANULARITY) * ALLOCATIONGRANULARITY)
            with pa.ipc.new_stream(pa.PythonFile(self._file, "w"), block.schema) as stream:
                stream.write_table(block)
            self._file.flush()
        return Written(self._file, begin, self._file.tell() - begin)


@dataclass
class Staged:
    """The clean rows that one file gave, in its order and in blocks; columns of text are categoricals.

    ``kept`` is False for rows that turned out not to stand, None while all do.
    """

    shelf: Shelf
    blocks: list[pa.Table | Written] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    kept: np.ndarray | None = None

    @property
    def size(self) -> int:
        """Rows that were added."""
        return sum(self.sizes)

    @property
    def rows(self) -> int:
        """Rows that stand."""
        return self.size if self.kept is None else int(self.kept.sum())

    def append(self, frame: pd.DataFrame) -> None:
        """Add a block of rows."""
        if len(frame) or not self.blocks:  # one empty block tells the columns
            self.blocks.append(self.shelf.put(_arrow(frame)))
            self.sizes.append(len(frame))

    def drop(self, places: np.ndarray) -> None:
        """Let go of rows, by their place among all that were added."""
        if len(places):
            self.kept = np.ones(self.size, dtype=bool) if self.kept is None else self.kept
            self.kept[places] = False

    def frames(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """The rows that stand, block by block; the index is each row's place among all that were added."""
        yield from (self._frame(number, columns) for number in range(len(self.blocks)))

    def take(self, places: np.ndarray) -> pd.DataFrame:
        """Rows at ``places`` (ascending, among all that were added), whether they stand or not; text as text."""
        ends = np.cumsum(self.sizes)
        parts = []
        for number in np.unique(np.searchsorted(ends, places, side="right")).tolist():
            begin = int(ends[number]) - self.sizes[number]
            mine = places[(places >= begin) & (places < ends[number])]
            parts.append(_plain(_open(self.blocks[number], None).take(mine - begin)).set_axis(mine))
        return pd.concat(parts)

    def _frame(self, number: int, columns: Sequence[str] | None) -> pd.DataFrame:
        begin = sum(self.sizes[:number])
        frame = _frame(_open(self.blocks[number], columns))
        frame.index = pd.RangeIndex(begin, begin + len(frame))
        return frame if self.kept is None else frame[self.kept[begin : begin + len(frame)]]


@dataclass
class StagedTable:
    """The rows of one table, from one file after the other.

    ``change`` is done to blocks of rows when they are read, and concerns the columns ``changed``; ``renamed`` has, by
    column, the texts that become another when they are read (codes of units their keys); ``amendments`` have other
    values of some columns by the place of a row among all rows of all files, ascending; a later one prevails.
    """

    parts: list[Staged]
    change: Change | None = None
    changed: frozenset[str] = frozenset()
    renamed: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    amendments: list[pd.DataFrame] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Rows that stand."""
        return sum(part.rows for part in self.parts)

    @property
    def size(self) -> int:
        """Rows that were added."""
        return sum(part.size for part in self.parts)

    def frames(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """The rows that stand, as they are in the end, block by block; text as categoricals.

        The index is each row's place among all rows that were added.
        """
        wanted, begin = self._wanted(columns), 0
        for part in self.parts:
            for frame in part.frames(wanted):
                yield self._done(frame.set_axis(frame.index + begin), columns)
            begin += part.size

    def take(self, places: np.ndarray) -> pd.DataFrame:
        """Rows at ``places`` (ascending, among all that were added, at least one), whether they stand or not."""
        begin, parts = 0, []
        for part in self.parts:
            mine = places[(places >= begin) & (places < begin + part.size)]
            if len(mine):
                parts.append(self._done(part.take(mine - begin).set_axis(mine), None))
            begin += part.size
        return pd.concat(parts)

    def copy(self, places: np.ndarray) -> np.ndarray:
        """Add rows that are those at ``places`` (ascending; one may be named several times) until they are amended.

        They form a part of their own, after those of the files. Returns their places.
        """
        begin, raw = 0, []
        for part in self.parts:
            mine = places[(places >= begin) & (places < begin + part.size)]
            if len(mine):
                raw.append(part.take(mine - begin))
            begin += part.size
        rows = pd.concat(raw, ignore_index=True)
        text = [name for name, values in rows.items() if isinstance(values.dtype, pd.StringDtype)]
        self.parts.append(Staged(self.parts[0].shelf))
        self.parts[-1].append(rows.assign(**{str(name): Coded.of(rows[name]).categorical() for name in text}))
        new = np.arange(begin, begin + len(rows))
        for at, each in enumerate(self.amendments):  # what was found out of a row holds for its copies
            known = np.isin(places, each.index)
            self.amendments[at] = pd.concat([each, each.loc[places[known]].set_axis(new[known])])
        return new

    def drop(self, places: np.ndarray) -> list[int]:
        """Let go of rows by their place among all; how many went of each part."""
        gone, begin = [], 0
        for part in self.parts:
            mine = places[(places >= begin) & (places < begin + part.size)]
            part.drop(mine - begin)
            gone.append(len(mine))
            begin += part.size
        return gone

    def amend(self, rows: pd.DataFrame) -> None:
        """Give rows other values of some columns; the index is each row's place among all that were added."""
        same = next((place for place, each in enumerate(self.amendments) if list(each) == list(rows)), None)
        if same is None or rows.index.isin(self.amendments[same].index).any():
            self.amendments.append(rows.sort_index())
        else:
            self.amendments[same] = pd.concat([self.amendments[same], rows]).sort_index()

    def _wanted(self, columns: Sequence[str] | None) -> list[str] | None:
        """The columns to read so that the change can be made."""
        if columns is None or not self.changed & set(columns):
            return None if columns is None else list(columns)
        return [*columns, *sorted(self.changed - set(columns))]

    def _done(self, frame: pd.DataFrame, columns: Sequence[str] | None) -> pd.DataFrame:
        if self.change is not None and self.changed <= set(frame.columns):
            frame = self.change(frame)
        renamed = {name: _renamed(frame[name], new) for name, new in self.renamed.items() if new and name in frame}
        frame = frame.assign(**renamed) if renamed else frame
        for amendment in self.amendments:
            named = [name for name in amendment if name in frame]
            if not named or not len(frame):
                continue
            mine = amendment.loc[frame.index[0] : frame.index[-1], named]
            mine = mine[mine.index.isin(frame.index)]
            if len(mine):
                frame = frame.copy()
                for name in named:
                    frame[name] = _amended(frame[name], mine[name])
        return frame if columns is None else frame[list(columns)]


class CleanTables(Mapping[str, pd.DataFrame]):
    """The clean tables of a delivery (``tables.clean.TABLES``) by name; each is read when it is asked for.

    ``frames`` goes through a table in blocks, so that memory does not grow with its rows.
    """

    def __init__(self, staged: Mapping[str, StagedTable]) -> None:
        self._staged = dict(staged)

    @classmethod
    def of(cls, tables: Mapping[str, pd.DataFrame]) -> CleanTables:
        """Tables that are whole already."""
        staged = {}
        for name, table in tables.items():
            staged[name] = StagedTable([Staged(Shelf())])
            staged[name].parts[0].append(table.reset_index(drop=True))
        return cls(staged)

    def __getitem__(self, name: str) -> pd.DataFrame:
        return self.read(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._staged)

    def __len__(self) -> int:
        return len(self._staged)

    def __contains__(self, name: object) -> bool:
        return name in self._staged

    def rows(self, name: str) -> int:
        """Rows of a table, 0 where the delivery has none of that name."""
        return self._staged[name].rows if name in self._staged else 0

    def read(self, name: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """A table, or some columns of it."""
        return written_out(stack(list(self._staged[name].frames(columns))))

    def amend(self, name: str, rows: pd.DataFrame) -> None:
        """Give rows of a table other values of some columns (``StagedTable.amend``)."""
        self._staged[name].amend(rows)

    def column(self, name: str, column: str) -> pd.Series:
        """One column of a table."""
        return self.read(name, [column])[column]

    def frames(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """A table in blocks of rows, in its order."""
        for frame in self.coded(name, columns):
            yield written_out(frame.reset_index(drop=True))

    def coded(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """The same blocks with their text as categoricals, which takes a tenth of the time."""
        return self._staged[name].frames(columns)


def _amended(values: pd.Series, mine: pd.Series) -> pd.Series:
    """A column with other values in some rows; a categorical one gets the categories it needs."""
    coded = isinstance(values.dtype, pd.CategoricalDtype)
    values = values.astype("str") if coded else values.copy()
    values.loc[mine.index] = mine
    return values.astype(pd.CategoricalDtype(pd.Index(values.dropna().unique(), dtype="str"))) if coded else values


def _renamed(values: pd.Series, new: Mapping[str, str]) -> pd.Series:
    """A column of text, as categoricals or not, with other texts for some."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return values.map(lambda text: new.get(text, text), na_action="ignore").astype("str")
    coded = Coded.of_categorical(values)
    after = coded.map(lambda unique: unique.map(lambda text: new.get(text, text), na_action="ignore").astype("str"))
    return after.categorical().set_axis(values.index)


def _arrow(frame: pd.DataFrame) -> pa.Table:
    return pa.Table.from_pandas(frame, preserve_index=False)


def _open(block: pa.Table | Written, columns: Sequence[str] | None) -> pa.Table:
    """A block, or some of its columns."""
    if isinstance(block, Written):
        options = None
        if columns is not None:
            schema = pa.ipc.open_stream(block.buffer()).schema
            options = pa.ipc.IpcReadOptions(included_fields=[schema.get_field_index(name) for name in columns])
        block = pa.ipc.open_stream(block.buffer(), options=options).read_all()
    return block if columns is None else block.select(list(columns))


def _frame(block: pa.Table) -> pd.DataFrame:
    """A block as a table of pandas; ``to_pandas`` would forget that the categories are text."""
    coded = [
        name for name, kind in zip(block.schema.names, block.schema.types, strict=True) if pa.types.is_dictionary(kind)
    ]
    plain = block.drop_columns(coded).to_pandas()
    columns = {}
    for name in block.schema.names:
        columns[name] = _categorical(block.column(name)) if name in coded else plain[name]
    return pd.DataFrame(columns, index=pd.RangeIndex(block.num_rows), copy=False)


def _plain(block: pa.Table) -> pd.DataFrame:
    """A block as a table of pandas with its text as text."""
    names, kinds = block.schema.names, block.schema.types
    text = [pa.large_string() if pa.types.is_dictionary(kind) else kind for kind in kinds]
    return block.cast(pa.schema(list(zip(names, text, strict=True)))).to_pandas()


def _categorical(column: pa.ChunkedArray) -> pd.Series:
    one = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    dtype = pd.CategoricalDtype(pd.Index(pd.array(one.dictionary, dtype="str")))
    codes = one.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    return pd.Series(pd.Categorical.from_codes(codes, dtype=dtype, validate=False))
