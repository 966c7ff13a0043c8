"""What a contact's text tells: a linear model over words, trained from the corpus when the service starts."""
