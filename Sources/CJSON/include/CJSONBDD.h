// BDD100K detection labels as flat columns, read in windows: memory holds the columns, not the file.
//
// Nothing here judges the values: boxes outside and the like are the caller's to find. What is wrong with the text is
// told with line, column and key, as in "frames[17].labels[2].box2d".
#ifndef CJSON_BDD_H
#define CJSON_BDD_H

#include "CJSONCOCO.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
  const char *name;
  const char *video; // empty when the frame belongs to none
} cjson_bdd_image;

typedef struct {
  int64_t image, category; // indices into the lists
  double box[4];           // x0 y0 x1 y1
  bool is_crowd;
} cjson_bdd_box;

typedef struct {
  const char *name;
} cjson_bdd_category;

typedef struct {
  const cjson_bdd_image *images;
  size_t image_count;
  const cjson_bdd_box *boxes;
  size_t box_count;
  const cjson_bdd_category *categories; // in the order of their first box
  size_t category_count;
  size_t label_count_without_box; // lanes, drivable areas
  const CJSONOddElement *odd; // frames whose row is that of an image without name, which stands for them
  size_t odd_count;
} cjson_bdd;

// A list of frames, one frame (old files, one per image), or an object with "frames". The result is freed by
// cjson_bdd_free; when false comes back there is none.
bool cjson_read_bdd(
    const CJSONSource *source, int32_t threads, cjson_bdd **result, CJSONFailure *failure);

void cjson_bdd_free(cjson_bdd *annotations);

// Line and column, from 1, of an offset in the text; fast where offsets grow from call to call.
bool cjson_bdd_locate(
    cjson_bdd *annotations, int64_t offset, int64_t *line, int64_t *column, CJSONFailure *failure);

#ifdef __cplusplus
}
#endif

#endif
