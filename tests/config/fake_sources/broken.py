"""No adapter: it cannot be imported without a package that nobody has."""

import a_package_that_nobody_has  # type: ignore[import-not-found]  # noqa: F401 -- the import is the point
