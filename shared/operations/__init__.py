"""What every service tells its operators in the same way: process, build, HTTP and database, in numbers."""

from shared.operations.database_metrics import DatabaseMetrics
from shared.operations.http_metrics import HttpMetrics
from shared.operations.process_metrics import tell_process

__all__ = ["DatabaseMetrics", "HttpMetrics", "tell_process"]
