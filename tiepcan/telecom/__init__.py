"""Fee support: subscriptions of households, and the month's reconciliation of each operator's list."""
