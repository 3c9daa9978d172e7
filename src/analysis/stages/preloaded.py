"""What the process that kernels are forked from (``execution.forked``) has read beforehand: our own source, no data.

A stage compares the code it runs with that of its mark; reading some three hundred files for it takes longer than
starting the kernel.
"""

from analysis.stages.imports import remember

remember()
