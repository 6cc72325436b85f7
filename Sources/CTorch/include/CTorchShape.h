// Shape, indexing and joining.
#ifndef CTORCH_SHAPE_H
#define CTORCH_SHAPE_H
#include "CTorch.h"
CT_BEGIN

ct_status ct_reshape(const ct_tensor *a, const intptr_t *shape, intptr_t count, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_permute(const ct_tensor *a, const intptr_t *dims, intptr_t count, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_transpose(const ct_tensor *a, intptr_t first, intptr_t second, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_flatten(const ct_tensor *a, intptr_t from, intptr_t through, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_squeeze(const ct_tensor *a, intptr_t dim, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_unsqueeze(const ct_tensor *a, intptr_t dim, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_expand(const ct_tensor *a, const intptr_t *shape, intptr_t count, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_repeat(const ct_tensor *a, const intptr_t *times, intptr_t count, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_narrow(const ct_tensor *a, intptr_t dim, intptr_t from, intptr_t count,
                    ct_tensor **out) CT_NOEXCEPT;
ct_status ct_slice(const ct_tensor *a, intptr_t dim, intptr_t from, intptr_t to, intptr_t step,
                   ct_tensor **out) CT_NOEXCEPT;
ct_status ct_select(const ct_tensor *a, intptr_t dim, intptr_t index, ct_tensor **out) CT_NOEXCEPT;
// Pairs (before, after) from the last dimension backwards.
ct_status ct_pad(const ct_tensor *a, const intptr_t *amounts, intptr_t count, double value,
                 ct_tensor **out) CT_NOEXCEPT;

ct_status ct_index_select(const ct_tensor *a, intptr_t dim, const ct_tensor *indices,
                          ct_tensor **out) CT_NOEXCEPT;
ct_status ct_gather(const ct_tensor *a, intptr_t dim, const ct_tensor *indices, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_masked_select(const ct_tensor *a, const ct_tensor *mask, ct_tensor **out) CT_NOEXCEPT;
// The rows (first dimension) where a mask of one dimension is true.
ct_status ct_masked_rows(const ct_tensor *a, const ct_tensor *mask, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_masked_fill(const ct_tensor *a, const ct_tensor *mask, double value, ct_tensor **out) CT_NOEXCEPT;
ct_status ct_one_hot(const ct_tensor *a, intptr_t classes, ct_tensor **out) CT_NOEXCEPT;

ct_status ct_masked_fill_(ct_tensor *a, const ct_tensor *mask, double value) CT_NOEXCEPT;
ct_status ct_index_copy_(ct_tensor *a, intptr_t dim, const ct_tensor *indices,
                         const ct_tensor *source) CT_NOEXCEPT;

ct_status ct_concatenate(const ct_tensor *const *tensors, intptr_t count, intptr_t dim,
                         ct_tensor **out) CT_NOEXCEPT;
ct_status ct_stack(const ct_tensor *const *tensors, intptr_t count, intptr_t dim, ct_tensor **out) CT_NOEXCEPT;

CT_END
#endif
