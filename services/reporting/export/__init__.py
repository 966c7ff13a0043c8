"""Facts for others to reckon with: as pages of JSON, as CSV and as Parquet."""
