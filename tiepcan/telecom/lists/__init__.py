"""An operator's monthly list understood (pure: no database). `child` runs it in the limited process."""
