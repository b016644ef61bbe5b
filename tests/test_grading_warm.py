"""The sandbox has imported what a lesson's notebook uses, and nothing large beside it."""

from helpers.grading.sandbox import Server
from helpers.grading.session import Session
from helpers.grading.warm import imported, imports

SOURCE = """Prose: import nothing_of_this

```{code-cell} ipython3
:tags: [remove-input]
import scipy.stats as stats
from helpers import data
%matplotlib inline
```

```{code-cell} ipython3
this is no Python
```
"""


def test_the_imports_of_cells_are_found_and_prose_is_not():
    assert imported(SOURCE) == {"scipy.stats", "helpers", "helpers.data"}


def test_a_lesson_warms_what_its_loaders_import_when_called():
    assert "sklearn.datasets" in imports("04")
    assert imports("no such lesson") == ()


def test_a_module_that_is_not_warm_can_still_be_imported_by_a_submission():
    server = Server()
    try:
        with Session(server, ["import sklearn.linear_model\ndef f(): ..."], ["f"]) as session:
            session.load()
            assert session.defined == {"f"} and not session.cell_errors
    finally:
        server.close()
