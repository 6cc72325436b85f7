// Anchors, and the values that a head's maps hold for chosen ones.
#include "grids.h"
#include "CTorchDetection.h"

#include <ATen/ops/empty.h>

#include <torch/csrc/autograd/custom_function.h>

namespace detection {

std::vector<at::Tensor> floatMaps(const ct_tensor *const *handles, intptr_t count) {
  std::vector<at::Tensor> maps;
  for (intptr_t i = 0; i < count; i++) {
    const at::Tensor &map = handles[i]->value;
    TORCH_CHECK(map.dim() == 4 && map.device().is_cpu(), "maps are [n, c, h, w] in CPU memory, not ", map.sizes());
    maps.push_back(map.detach().to(at::kFloat));
  }
  return maps;
}

namespace {

// Where the values of an anchor lie: anchors count by image, level, row, column, shape; a level's channel
// is shape * each + value.
class Places {
public:
  int64_t each;

  Places(const std::vector<at::Tensor> &maps, int64_t each) : each(each) {
    for (const auto &map : maps) {
      TORCH_CHECK(map.size(1) % each == 0, "a map of ", map.size(1), " channels does not hold ", each, " values a shape");
      counts.push_back(map.size(1) / each * map.size(2) * map.size(3));
      total += counts.back();
    }
  }

  // Calls visit(level, image, first channel, row, column) for the anchor.
  template <class Visit> void at(int64_t index, const std::vector<at::Tensor> &maps, Visit &&visit) const {
    int64_t image = index / total, rest = index % total;
    size_t level = 0;
    while (rest >= counts[level]) rest -= counts[level++];
    int64_t shapes = maps[level].size(1) / each, cell = rest / shapes, width = maps[level].size(3);
    visit(level, image, rest % shapes * each, cell / width, cell % width);
  }

  int64_t total = 0;

private:
  std::vector<int64_t> counts;
};

int64_t offset(const at::Tensor &map, int64_t image, int64_t channel, int64_t row, int64_t column) {
  return image * map.stride(0) + channel * map.stride(1) + row * map.stride(2) + column * map.stride(3);
}

at::Tensor gathered(const std::vector<at::Tensor> &maps, const Places &places, const at::Tensor &indices) {
  at::Tensor out = at::empty({indices.numel(), places.each}, maps[0].options().memory_format(at::MemoryFormat::Contiguous));
  float *value = out.mutable_data_ptr<float>();
  const int64_t *index = indices.const_data_ptr<int64_t>();
  for (int64_t i = 0; i < indices.numel(); i++) {
    places.at(index[i], maps, [&](size_t l, int64_t image, int64_t channel, int64_t row, int64_t column) {
      const float *from = maps[l].const_data_ptr<float>() + offset(maps[l], image, channel, row, column);
      for (int64_t k = 0; k < places.each; k++) value[i * places.each + k] = from[k * maps[l].stride(1)];
    });
  }
  return out;
}

void scatter(const at::Tensor &gradient, const Places &places, const at::Tensor &indices, std::vector<at::Tensor> &maps) {
  const float *value = gradient.const_data_ptr<float>();
  const int64_t *index = indices.const_data_ptr<int64_t>();
  for (int64_t i = 0; i < indices.numel(); i++) {
    places.at(index[i], maps, [&](size_t l, int64_t image, int64_t channel, int64_t row, int64_t column) {
      float *to = maps[l].mutable_data_ptr<float>() + offset(maps[l], image, channel, row, column);
      for (int64_t k = 0; k < places.each; k++) to[k * maps[l].stride(1)] += value[i * places.each + k];
    });
  }
}

class Gather : public torch::autograd::Function<Gather> {
public:
  static at::Tensor forward(torch::autograd::AutogradContext *context, at::TensorList maps, int64_t each,
                            const at::Tensor &indices) {
    std::vector<at::Tensor> plainMaps(maps.begin(), maps.end());
    context->saved_data["each"] = each;
    context->saved_data["indices"] = indices;
    std::vector<int64_t> sizes;
    for (const auto &map : plainMaps) {
      auto shape = map.sizes();
      sizes.insert(sizes.end(), shape.begin(), shape.end());
      sizes.push_back(map.is_contiguous(at::MemoryFormat::ChannelsLast));
    }
    context->saved_data["sizes"] = sizes;
    return gathered(plainMaps, Places(plainMaps, each), indices);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext *context,
                                                 torch::autograd::variable_list gradients) {
    at::Tensor gradient = plain(gradients[0]), indices = context->saved_data["indices"].toTensor();
    auto sizes = context->saved_data["sizes"].toIntVector();
    std::vector<at::Tensor> maps;
    for (size_t i = 0; i < sizes.size(); i += 5) {
      auto format = sizes[i + 4] ? at::MemoryFormat::ChannelsLast : at::MemoryFormat::Contiguous;
      at::IntArrayRef shape(sizes.data() + i, 4);
      maps.push_back(at::empty(shape, gradient.options().memory_format(format)).zero_());
    }
    scatter(gradient, Places(maps, context->saved_data["each"].toInt()), indices, maps);
    maps.resize(maps.size() + 2); // neither the number nor the indices have a gradient
    return maps;
  }
};

} // namespace
} // namespace detection

using ctorch::box;
using ctorch::guard;

extern "C" {
ct_status ct_grid_anchors(const ct_tensor *shapes, const intptr_t *shape_counts, const intptr_t *heights,
                          const intptr_t *widths, const double *strides, intptr_t levels,
                          ct_tensor **out) noexcept {
  return guard([&] {
    detection::Grids grids(shapes, shape_counts, heights, widths, strides, levels);
    at::Tensor result = at::empty({grids.total, 4}, at::kFloat);
    auto *anchor = reinterpret_cast<detection::Box *>(result.mutable_data_ptr<float>());
    for (const auto &grid : grids.levels) {
      for (int64_t i = 0; i < grid.count(); i++) {
        anchor[grid.first + i] = grid.anchor(i / grid.shapeCount, i % grid.shapeCount);
      }
    }
    *out = box(result);
  });
}

ct_status ct_grid_anchors_at(const ct_tensor *shapes, const intptr_t *shape_counts, const intptr_t *heights,
                             const intptr_t *widths, const double *strides, intptr_t levels, const ct_tensor *indices,
                             ct_tensor **out) noexcept {
  return guard([&] {
    detection::Grids grids(shapes, shape_counts, heights, widths, strides, levels);
    at::Tensor index = detection::plainIndices(indices->value);
    at::Tensor result = at::empty({index.numel(), 4}, at::kFloat);
    auto *anchor = reinterpret_cast<detection::Box *>(result.mutable_data_ptr<float>());
    const int64_t *places = index.const_data_ptr<int64_t>();
    for (int64_t i = 0; i < index.numel(); i++) {
      TORCH_CHECK(places[i] >= 0 && grids.total > 0, "anchor ", places[i], " of ", grids.total);
      int64_t place = places[i] % grids.total;
      size_t level = grids.levels.size() - 1;
      while (grids.levels[level].first > place) level--;
      const detection::Grid &grid = grids.levels[level];
      anchor[i] = grid.anchor((place - grid.first) / grid.shapeCount, (place - grid.first) % grid.shapeCount);
    }
    *out = box(result);
  });
}

ct_status ct_gather_maps(const ct_tensor *const *maps, intptr_t count, intptr_t each, const ct_tensor *indices,
                         ct_tensor **out) noexcept {
  return guard([&] {
    std::vector<at::Tensor> own;
    for (const auto &map : ctorch::tensors(maps, count)) own.push_back(map.to(at::kFloat));
    TORCH_CHECK(!own.empty() && own[0].dim() == 4, "maps are [n, c, h, w]");
    at::Tensor index = detection::plainIndices(indices->value);
    int64_t most = own[0].size(0) * detection::Places(own, each).total;
    if (index.numel() > 0) {
      TORCH_CHECK(index.min().item<int64_t>() >= 0 && index.max().item<int64_t>() < most,
                  "an index is outside 0 ..< ", most);
    }
    *out = box(detection::Gather::apply(at::TensorList(own), int64_t(each), index));
  });
}
}
