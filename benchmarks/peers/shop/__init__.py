"""The same «confirm» as a Django project: models, one view, settings. It runs in the environment of `requirements-bench.lock`."""
