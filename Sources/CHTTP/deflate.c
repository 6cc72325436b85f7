#include "chttp.h"

#include <stdlib.h>
#include <zlib.h>

// Windows of gzip files have 16 added to their bits, those of raw deflate are negative.
static void *deflated(const void *bytes, size_t count, int window, int flush, size_t *made) {
  z_stream stream = {0};
  if (deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) return NULL;
  // A flush adds an empty block of five bytes to what a whole file may need.
  size_t capacity = deflateBound(&stream, count) + 16;
  unsigned char *out = malloc(capacity);
  int code = Z_MEM_ERROR;
  if (out && count <= UINT32_MAX && capacity <= UINT32_MAX) {
    stream.next_in = (Bytef *)bytes;
    stream.avail_in = (uInt)count;
    stream.next_out = out;
    stream.avail_out = (uInt)capacity;
    code = deflate(&stream, flush);
    *made = capacity - stream.avail_out;
  }
  deflateEnd(&stream);
  if (code == (flush == Z_FINISH ? Z_STREAM_END : Z_OK)) return out;
  free(out);
  return NULL;
}

void *chttp_gzip(const void *bytes, size_t count, size_t *made) {
  return deflated(bytes, count, 15 + 16, Z_FINISH, made);
}

void *chttp_deflate_block(const void *bytes, size_t count, size_t *made) {
  return deflated(bytes, count, -15, Z_SYNC_FLUSH, made);
}

void chttp_free(void *bytes) { free(bytes); }
