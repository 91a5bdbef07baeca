"""Pages of the site itself."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse

from keheng import __version__


def health(_request: HttpRequest) -> JsonResponse:
    """Whether this process answers and reaches its database: 200 or 503, for supervisors and probes."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return JsonResponse({"version": __version__, "database": type(error).__name__}, status=503)
    return JsonResponse({"version": __version__, "database": connection.vendor})
