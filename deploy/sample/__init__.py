"""The sample year: Leuven's 252 contacts of 2021, invented one by one, published in sum."""
