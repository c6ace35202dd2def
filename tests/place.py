"""Where the tests' data live: set before Django reads its settings."""

import os
from pathlib import Path

os.environ["DJANGO_SETTINGS_MODULE"] = "tiepcan.config.settings"
# A folder that stays: the embedded server then starts in a second and not in ten.
os.environ["TIEPCAN_DATA"] = str(Path(__file__).resolve().parents[1] / ".test-data")
os.environ.pop("TIEPCAN_HTTPS", None)
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # the browser's tests run a loop of their own

# A start gathers the static files there; tests serve them from where they lie, and whitenoise wants the folder.
Path(os.environ["TIEPCAN_DATA"], "static").mkdir(parents=True, exist_ok=True)
