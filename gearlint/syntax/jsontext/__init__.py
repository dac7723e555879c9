"""JSON as text: the span of each key and value, and of each place that is not valid JSON.

The standard `json` module says whether a text is valid and what it means; this package says where.
Its parser goes on after a mistake, and `causes` says which of the faults it finds are mistakes by
themselves. The package is imported only where there is something to report.
"""

from gearlint.syntax.jsontext.diagnosis import causes
from gearlint.syntax.jsontext.model import Document, Duplicate, Fault, Node
from gearlint.syntax.jsontext.parser import parse

__all__ = ["Document", "Duplicate", "Fault", "Node", "causes", "parse"]
