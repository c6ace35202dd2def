"""How workbooks are written: whatever a person typed stays text."""

OPTIONS = {
    "in_memory": True,
    # What a person typed never becomes a formula, a link or a number.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
"""For `xlsxwriter.Workbook`."""
