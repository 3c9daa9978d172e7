"""Tables written block by block."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq


def write_frames(frames: Iterable[pd.DataFrame], path: Path) -> None:
    """Write blocks of rows with the same columns and types as one parquet file, a row group for each.

    Raises:
        ValueError: there is no block, not even an empty one, that says which columns there are.
    """
    writer = None
    try:
        for frame in frames:
            block = pa.Table.from_pandas(frame, preserve_index=False)
            writer = writer or pq.ParquetWriter(path, block.schema)
            writer.write_table(block.cast(writer.schema))
    finally:
        if writer is not None:
            writer.close()
    if writer is None:
        raise ValueError(f"no block of rows for {path.name}")
