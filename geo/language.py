"""The English language model: found once, loaded only when text is read."""

from __future__ import annotations

import importlib.util
import warnings
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import ModelMissingError

if TYPE_CHECKING:
    from spacy.language import Language

#: Official pipelines, best first; the one the build put beside this file is the fallback.
OFFICIAL = ("en_core_web_lg", "en_core_web_md", "en_core_web_sm")
BUNDLED = Path(__file__).parent / "model" / "en_core_web_sm"


@cache
def load_model() -> Language:
    """Load the English pipeline (tagger, parser, lemmatizer, named entities), once per process.

    Returns
    -------
    spacy.language.Language
        An installed official ``en_core_web_*``, else the copy put in place at install time.

    Raises
    ------
    ModelMissingError
        If there is neither.
    """
    import spacy

    found: Any = next((name for name in OFFICIAL if importlib.util.find_spec(name)), None)
    if found is None and BUNDLED.is_dir():
        found = BUNDLED
    if found is None:
        raise ModelMissingError(
            "No English language model is installed: run `python -m spacy download en_core_web_sm`, "
            "or install dateline again with access to a package index."
        )
    with warnings.catch_warnings():
        # W095: trained with an earlier minor version of spaCy; the components are unchanged since.
        warnings.filterwarnings("ignore", message=r"\[W095\]")
        return spacy.load(found, exclude=["senter"])
