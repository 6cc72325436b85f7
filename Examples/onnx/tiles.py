"""What was found in the tiles of one image, made into what is in the image, as smnas does it.

An object that lies in several tiles is found in each: whole where it fits, and otherwise cut at a tile's edge. Two detections of a class
are of one object when they come from different tiles and either none of them is cut and they overlap as the detector's own suppression
asks for, or one is cut, and in the part that both tiles see they overlap so, and the other goes on where the first is cut. Pairs are
joined by falling agreement, and no two detections of a tile ever become one. A file that is exported with --tiles does this itself; this is
for files that see one tile at a time.
"""
from dataclasses import dataclass


def starts(length, size, stride):
    """Where tiles begin along a side; the last one ends at the edge."""
    return [0] if length <= size else [*range(0, length - size, stride), length - size]


def regions(width, height, tiles):
    """Left, top, right and bottom of each part that the detector sees."""
    if not tiles:
        return [(0, 0, width, height)]
    size, stride = tiles["size"], tiles["stride"]
    return [
        (x, y, x + min(size, width), y + min(size, height))
        for y in starts(height, size, stride) for x in starts(width, size, stride)
    ]


@dataclass
class Piece:
    box: tuple  # x0 y0 x1 y1 in pixels of the image
    score: float
    label: int
    tile: int
    field: tuple  # the tile
    margin: float  # an edge that is found is a little off
    cut: set  # sides of the box that a tile's edge inside the image cuts


def piece(box, score, label, tile, field, width, height):
    """A detection in pixels of its tile, as a piece of the image."""
    x0, y0, x1, y1 = field
    box = box[0] + x0, box[1] + y0, box[2] + x0, box[3] + y0
    margin = max(2, max(x1 - x0, y1 - y0) / 64)
    cuts = {
        "left": x0 > 0 and box[0] < x0 + margin, "top": y0 > 0 and box[1] < y0 + margin,
        "right": x1 < width and box[2] > x1 - margin, "bottom": y1 < height and box[3] > y1 - margin,
    }
    return Piece(box, score, label, tile, field, margin, {side for side, is_cut in cuts.items() if is_cut})


def common(a, b):
    """The part of both boxes; its sides are negative where they are apart."""
    return max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])


def overlap(a, b):
    x0, y0, x1, y1 = common(a, b)
    if x1 <= x0 or y1 <= y0:
        return 0
    both = (x1 - x0) * (y1 - y0)
    return both / ((a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - both)


def along(a, b, axis):
    """Intersection over union of the boxes' spans along an axis."""
    low, high = min(a[axis], b[axis]), max(a[axis + 2], b[axis + 2])
    both = min(a[axis + 2], b[axis + 2]) - max(a[axis], b[axis])
    return both / (high - low) if high > low and both > 0 else 0


def goes_on(one, other):
    """Whether a piece lies across every edge that cuts another and that its own tile reaches over."""
    for side, axis, place, reaches in (
        ("left", 0, 0, one.field[0] < other.field[0]), ("right", 0, 2, one.field[2] > other.field[2]),
        ("top", 1, 1, one.field[1] < other.field[1]), ("bottom", 1, 3, one.field[3] > other.field[3]),
    ):
        edge = other.field[place]
        crosses = one.box[axis] <= edge + one.margin and one.box[axis + 2] >= edge - one.margin
        if side in other.cut and reaches and not crosses:
            return False
    return True


def agreement(a, b):
    """How far two pieces of different tiles agree that they are of one object, from 0 to 1."""
    if not a.cut and not b.cut:
        return overlap(a.box, b.box)
    if not (goes_on(a, b) and goes_on(b, a)):
        return 0
    shared = common(a.field, b.field)
    width, height = shared[2] - shared[0], shared[3] - shared[1]
    if width < 0 or height < 0:
        return 0
    own, others = common(a.box, shared), common(b.box, shared)
    if width > 0 and height > 0:
        return overlap(own, others)
    # Tiles side by side without overlap share an edge: what it cuts agrees along it.
    sides, axis = ({"left", "right"}, 1) if width == 0 else ({"top", "bottom"}, 0)
    return along(own, others, axis) if sides <= a.cut | b.cut else 0


def merged(pieces, most_overlap):
    """The objects of the image, best first: (box, score, label)."""
    pairs = [
        (-agreement(pieces[first], pieces[second]), first, second)
        for second in range(len(pieces)) for first in range(second)
        if pieces[first].tile != pieces[second].tile and pieces[first].label == pieces[second].label
    ]
    groups = [[place] for place in range(len(pieces))]
    group = list(range(len(pieces)))
    for doubt, first, second in sorted(pairs):
        into, source = group[first], group[second]
        tiles = {pieces[place].tile for place in groups[into]} & {pieces[place].tile for place in groups[source]}
        if -doubt <= most_overlap or into == source or tiles:
            continue
        for place in groups[source]:
            group[place] = into
        groups[into] += groups[source]
        groups[source] = []
    return sorted((whole([pieces[place] for place in own]) for own in groups if own), key=lambda one: -one[1])


def whole(pieces):
    """One object of its pieces: a detection that is not cut, or the box around all."""
    sure = max(pieces, key=lambda one: one.score)
    uncut = [one for one in pieces if not one.cut]
    if uncut:
        return max(uncut, key=lambda one: one.score).box, sure.score, sure.label
    ends = min, min, max, max
    return tuple(end(one.box[side] for one in pieces) for side, end in enumerate(ends)), sure.score, sure.label
