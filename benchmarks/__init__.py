"""`make bench`: gearlint timed beside other tools, on gears made for it. No part of `make test`."""
