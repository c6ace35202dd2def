"""Pages of devices: stores, pledges and letters, hand-overs."""
