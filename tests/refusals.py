"""What was said when something was refused."""

import pytest

from flowlib.core.checks import Refusal


def said(make):
    """The sentence with which *make()* is refused; a failure where it is not."""
    with pytest.raises(Refusal) as refused:
        make()
    return str(refused.value)
