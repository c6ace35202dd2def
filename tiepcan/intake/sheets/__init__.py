"""Any workbook or list from outside as rows of text, each cell as a person reads it. Knows nothing of meaning."""

from tiepcan.intake.sheets.book import MEMORY, Book, Sheet, address
from tiepcan.intake.sheets.opening import open_book

__all__ = ["MEMORY", "Book", "Sheet", "address", "open_book"]
