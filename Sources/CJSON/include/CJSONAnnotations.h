// Annotation files of detection data sets as flat columns, read by simdjson in one pass.
//
// Nothing here judges the values: duplicate or unknown numbers, boxes outside and the like are the caller's
// to find. What is wrong with the text itself is told in a sentence with the key it is about, as in
// "annotations[17].bbox: expected four numbers".
#ifndef CJSON_ANNOTATIONS_H
#define CJSON_ANNOTATIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CJSON_MESSAGE_BYTES 512

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  int64_t id;
  int32_t width, height;  // 0 when not stated
  const char *name;       // file name; empty when not stated
} cjson_image;

typedef struct {
  int64_t id, image, category;  // BDD: image and category are indices into the lists
  double box[4];                // COCO: x y width height; BDD: x0 y0 x1 y1
  double area;                  // NaN when not stated
  bool is_crowd, is_ignored, has_id;
} cjson_box;

typedef struct {
  int64_t id;
  const char *name;
} cjson_category;

typedef struct {
  const cjson_image *images;
  size_t image_count;
  const cjson_box *boxes;
  size_t box_count;
  const cjson_category *categories;
  size_t category_count;
} cjson_annotations;

// 0 when the file was read; `message` holds CJSON_MESSAGE_BYTES. The result is freed by
// cjson_annotations_free.
int cjson_read_coco(const char *path, cjson_annotations **result, char *message);

// BDD100K detection labels: a list of frames, or one frame (old per-image files), or an object with "frames".
// Categories come in the order of their first box.
int cjson_read_bdd(const char *path, cjson_annotations **result, char *message);

void cjson_annotations_free(cjson_annotations *annotations);

#ifdef __cplusplus
}
#endif

#endif
