"""The kernel that runs notebooks: always this interpreter, whatever kernels are installed on the machine."""

from __future__ import annotations

import sys

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager


class OwnKernel(AsyncKernelManager):
    """Starts ``ipykernel`` of the running Python; kernelspecs found on Jupyter's paths are not asked for.

    A ``python3`` of another installation that comes first on ``JUPYTER_PATH`` would run without this package.
    """

    @property
    def kernel_spec(self) -> KernelSpec:
        """The specification of this interpreter."""
        if self._kernel_spec is None:
            self._kernel_spec = KernelSpec(
                argv=[sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"],
                display_name="Python 3",
                language="python",
            )
        return self._kernel_spec
