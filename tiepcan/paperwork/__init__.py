"""Official papers in the State's format, Decree 30/2020/NĐ-CP: content in, .docx out. Knows nothing of what is reported."""
