"""A copy of the facts' codes in memory, column by column. A cache, never the truth."""
