"""What a ward's sheet of households means. Pure: no database, no parser of files."""
