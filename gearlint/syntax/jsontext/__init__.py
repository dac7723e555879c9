"""JSON as text: the span of each key and value, and of each place that is not valid JSON.

The standard `json` module says whether a text is valid and what it means; this package says where.
Its parser goes on after a mistake, so that all mistakes are reported at once. It is imported only
where there is something to report.
"""

from gearlint.syntax.jsontext.model import Document, Duplicate, Fault, Node
from gearlint.syntax.jsontext.parser import parse

__all__ = ["Document", "Duplicate", "Fault", "Node", "parse"]
