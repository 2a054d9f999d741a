"""Place names in running text: which spans may name a place, what each may mean, and what speaks for it."""
