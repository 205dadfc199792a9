"""Loading a suite is quick because it imports little."""

from __future__ import annotations

import subprocess
import sys


def test_suites_are_loaded_without_the_numeric_libraries() -> None:
    program = (
        "import sys; from audit.suite import load_suite; load_suite('regions');"
        "heavy = {'torch', 'pandas', 'scipy', 'numpy', 'pyarrow', 'PIL'} & set(sys.modules);"
        "sys.exit(' '.join(heavy) or 0)"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
