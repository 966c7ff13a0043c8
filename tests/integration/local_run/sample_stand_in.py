"""The sample year as the local run sees it: a command that loads, and one that prints a table."""

import os
import sys

if __name__ == "__main__":
    sys.stdout.write(f"sample {sys.argv[1]} into {os.environ['INTAKE_URL']}\n")
    sys.stdout.flush()
    sys.exit(int(os.environ.get("SAMPLE_EXIT_CODE", "0")))
