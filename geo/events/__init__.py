"""Events in running text: from triggers in parsed sentences to tellings, stories and incidents."""
