"""An office's wording of a paper (mẫu lời văn): sentences with named places, read, checked and filled in.

A wording has no code: no conditions, no expressions, nothing that is looked up. Three rules take their place. A
paragraph that names an item of a list stands once for each item; a paragraph whose fields are all empty is left out,
and with it the heading that has nothing left below; numbers are counted anew after that. Pure: no database, no request.
"""
