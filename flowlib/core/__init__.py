"""The nouns: a Pathway says how a journey goes, an EventLog says what happened."""
