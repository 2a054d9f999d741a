"""Tables of incidents, from a file's bytes to rows with places: `read` goes through all the steps."""
