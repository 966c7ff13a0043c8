"""Where in a YAML file a field stands, so that an error can name the line."""

from collections.abc import Iterator, Sequence

import yaml

Step = str | int


class Positions:
    """Lines (from 1) of the fields of one document. ``root`` is the document as PyYAML composes it."""

    def __init__(self, root: yaml.Node | None) -> None:
        self._root = root

    def line(self, path: Sequence[Step]) -> int:
        """The line of the field, or of the nearest part around it that is there.

        A version of a profile states only what differs; what it leaves out stands in the one before it.
        """
        if self._root is None:
            return 1
        if len(path) > 2 and path[0] == "versions" and isinstance(path[1], int):  # noqa: PLR2004  versions.<n>.<field>
            for version in range(path[1], -1, -1):
                node, depth = self._nearest(["versions", version, *path[2:]])
                if depth > 2:  # noqa: PLR2004
                    return _line(node)
        return _line(self._nearest(path)[0])

    def doubled_keys(self) -> Iterator[tuple[str, int]]:
        """Keys that one mapping has twice, of which PyYAML would quietly keep the last, each with its line."""
        nodes = [self._root] if self._root is not None else []
        while nodes:
            node = nodes.pop()
            if isinstance(node, yaml.MappingNode):
                seen: set[str] = set()
                for key, value in node.value:
                    name = str(key.value)
                    if name in seen:
                        yield name, _line(key)
                    seen.add(name)
                    nodes.append(value)
            elif isinstance(node, yaml.SequenceNode):
                nodes.extend(node.value)

    def _nearest(self, path: Sequence[Step]) -> tuple[yaml.Node, int]:
        node, depth = self._root, 0
        assert node is not None  # noqa: S101  callers look first
        for step in path:
            below = _child(node, step)
            if below is None:
                break
            node, depth = below, depth + 1
        return node, depth


def _child(node: yaml.Node, step: Step) -> yaml.Node | None:
    if isinstance(node, yaml.MappingNode):
        return next((value for key, value in node.value if key.value == str(step)), None)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        found: yaml.Node = node.value[step]
        return found
    return None


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
