// What detectors need beyond layers: suppression, matching, pooling of regions. CPU kernels.
//
// Boxes are [n, 4]: x0 y0 x1 y1 in pixels. Boxes of a batch lie one image after the other, with a count
// for each image. Anchors are grids: level by level, by row, column and shape; `shapes` [sum of
// shape_counts, 4] holds the boxes of each level at cell 0, 0. deviations: four numbers that deltas are
// multiplied by.
#ifndef CTORCH_DETECTION_H
#define CTORCH_DETECTION_H
#include "CTorch.h"
CT_BEGIN

// Greedy suppression; groups (int64, or NULL) do not touch one another. Indices by falling score.
ct_status ct_nms(const ct_tensor *boxes, const ct_tensor *scores, const ct_tensor *groups, double threshold,
                 intptr_t limit, ct_tensor **out) CT_NOEXCEPT;

ct_status ct_encode_boxes(const ct_tensor *from, const ct_tensor *to, const double *deviations,
                          ct_tensor **out) CT_NOEXCEPT;
ct_status ct_decode_boxes(const ct_tensor *from, const ct_tensor *deltas, const double *deviations,
                          ct_tensor **out) CT_NOEXCEPT;
ct_status ct_clip_boxes(const ct_tensor *boxes, const intptr_t *counts, const double *heights,
                        const double *widths, intptr_t images, ct_tensor **out) CT_NOEXCEPT;

ct_status ct_grid_anchors(const ct_tensor *shapes, const intptr_t *shape_counts, const intptr_t *heights,
                          const intptr_t *widths, const double *strides, intptr_t levels,
                          ct_tensor **out) CT_NOEXCEPT;
// Those of chosen anchors alone, which may be counted over a batch of images: [indices, 4].
ct_status ct_grid_anchors_at(const ct_tensor *shapes, const intptr_t *shape_counts, const intptr_t *heights,
                             const intptr_t *widths, const double *strides, intptr_t levels, const ct_tensor *indices,
                             ct_tensor **out) CT_NOEXCEPT;

// Matches: number of a truth over the batch, -1 background, -2 neither. Grids give [images, anchors], or
// [images, cells] by the best anchor of each cell. Background of which more than half lies in one of the ignored boxes
// is neither; NULL: there are none.
ct_status ct_match_boxes(const ct_tensor *boxes, const intptr_t *counts, const ct_tensor *truths,
                         const intptr_t *truth_counts, const ct_tensor *ignored, const intptr_t *ignored_counts,
                         intptr_t images, double low, double high, bool keeps_best_of_truth,
                         ct_tensor **out) CT_NOEXCEPT;
ct_status ct_match_grids(const ct_tensor *shapes, const intptr_t *shape_counts, const intptr_t *heights,
                         const intptr_t *widths, const double *strides, intptr_t levels,
                         const ct_tensor *truths, const intptr_t *truth_counts, const ct_tensor *ignored,
                         const intptr_t *ignored_counts, intptr_t images, double low, double high,
                         bool keeps_best_of_truth, bool by_cell, ct_tensor **out) CT_NOEXCEPT;
// Indices into the matches, for each image positives, then negatives; their numbers for each image. Draws follow from
// the seed and the image's number, which starts at first_image: a batch and its parts draw the same.
ct_status ct_sample_matches(const ct_tensor *matches, const intptr_t *counts, intptr_t images,
                            intptr_t first_image, intptr_t most, double positive_share, uint64_t seed,
                            ct_tensor **out, intptr_t *positives, intptr_t *negatives) CT_NOEXCEPT;

// Values at chosen anchors (indices over image, level, row, column, shape): [n, each].
ct_status ct_gather_maps(const ct_tensor *const *maps, intptr_t count, intptr_t each, const ct_tensor *indices,
                         ct_tensor **out) CT_NOEXCEPT;

// [R, channels, bins, bins]; every region from the level of its size.
ct_status ct_roi_align(const ct_tensor *const *levels, const double *strides, intptr_t level_count,
                       const ct_tensor *regions, const intptr_t *counts, intptr_t images, intptr_t bins,
                       intptr_t sampling_ratio, bool aligned, double canonical_size,
                       ct_tensor **out) CT_NOEXCEPT;

// labels [images, anchors]: class, -1 background, -2 ignored; scales weigh the images.
ct_status ct_focal_loss(const ct_tensor *const *logits, intptr_t levels, const ct_tensor *labels,
                        intptr_t classes, const double *scales, double alpha, double gamma,
                        ct_tensor **out) CT_NOEXCEPT;

// Proposals of every image, best first; counts for each image. Anchors [images * anchors, 4] that were learnt replace
// those of the grids; NULL: there are none. Anchors of objectness -inf are left out.
ct_status ct_propose(const ct_tensor *const *objectness, const ct_tensor *const *deltas, intptr_t levels,
                     const ct_tensor *shapes, const intptr_t *shape_counts, const double *strides,
                     const ct_tensor *anchors, const double *deviations, const double *heights, const double *widths, intptr_t images,
                     intptr_t before, intptr_t after, double iou, double smallest, ct_tensor **boxes,
                     ct_tensor **scores, intptr_t *counts) CT_NOEXCEPT;

// Detections of every image, best first. scores [R, classes + 1] with background first.
ct_status ct_select_detections(const ct_tensor *regions, const ct_tensor *scores, const ct_tensor *deltas,
                               const double *deviations, const intptr_t *region_counts,
                               const double *heights, const double *widths, intptr_t images, double floor,
                               double iou, intptr_t limit, ct_tensor **out_boxes, ct_tensor **out_labels,
                               ct_tensor **out_scores, intptr_t *counts) CT_NOEXCEPT;
ct_status ct_dense_detections(const ct_tensor *const *logits, const ct_tensor *const *deltas, intptr_t levels,
                              intptr_t classes, const ct_tensor *shapes, const intptr_t *shape_counts,
                              const double *strides, const double *deviations, const double *heights,
                              const double *widths, intptr_t images, double floor, intptr_t most_per_level,
                              double iou, intptr_t limit, ct_tensor **out_boxes, ct_tensor **out_labels,
                              ct_tensor **out_scores, intptr_t *counts) CT_NOEXCEPT;

CT_END
#endif
