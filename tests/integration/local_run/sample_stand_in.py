"""The sample year as the local run sees it: a command that loads, and one that prints a table."""

import os
import sys

if __name__ == "__main__":
    sys.stdout.write(f"sample {sys.argv[1]} {os.environ['REPORTING_URL']} {len(os.environ['ADMIN_TOKEN'])}\n")
