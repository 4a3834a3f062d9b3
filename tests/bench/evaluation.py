"""The modules of the evaluation folder: its composers and scorers."""

import importlib.util
import sys
from types import ModuleType

from tests.conftest import EVALUATION


def load_module(path: str) -> ModuleType:
    """Return a module of the evaluation, given its path in that folder; it may import its neighbours."""
    file = EVALUATION / path
    if str(file.parent) not in sys.path:
        sys.path.append(str(file.parent))
    spec = importlib.util.spec_from_file_location(file.stem, file)
    if spec is None or spec.loader is None:
        raise ImportError(f"{file} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
