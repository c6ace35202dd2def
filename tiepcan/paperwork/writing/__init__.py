"""Official papers set in the format of the State: content in, .docx and .pdf out. Pure: no database, no request."""
