// Internal to CTorch: regular grids of anchors, and what is read at them.
#pragma once

#include "detection.h"

namespace detection {

// The anchors of one level: at every cell the same shapes, moved by the stride. Anchors count by row,
// column, shape; `first` is the number of the level's first one.
struct Grid {
  const Box *shapes;
  int64_t shapeCount, height, width;
  float stride;
  int64_t first;

  int64_t count() const { return height * width * shapeCount; }

  Box anchor(int64_t cell, int64_t shape) const {
    float dx = float(cell % width) * stride, dy = float(cell / width) * stride;
    const Box &box = shapes[shape];
    return {box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy};
  }
};

// The grids of all levels, finest first.
struct Grids {
  at::Tensor shapes;
  std::vector<Grid> levels;
  int64_t total = 0;

  Grids(const ct_tensor *allShapes, const intptr_t *shapeCounts, const intptr_t *heights,
        const intptr_t *widths, const double *strides, intptr_t count)
      : shapes(plain(allShapes->value)) {
    auto start = starts(shapeCounts, count);
    TORCH_CHECK(start.back() == shapes.size(0), "there are ", shapes.size(0), " anchor shapes, but the counts sum to ",
                start.back());
    for (size_t l = 0; l < size_t(count); l++) {
      levels.push_back({boxes(shapes) + start[l], shapeCounts[l], heights[l], widths[l], float(strides[l]), total});
      total += levels.back().count();
    }
  }
};

} // namespace detection
