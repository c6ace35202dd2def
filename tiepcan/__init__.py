"""Tiếp Cận: from the signed plan to the approved report."""
