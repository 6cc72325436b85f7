// PNG through libpng; its longjmp never leaves this file.
#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

static void on_error(png_structp png, png_const_charp text) {
  cimage_fail(png_get_error_ptr(png), "%s", text);
  png_longjmp(png, 1);
}

static void on_warning(png_structp png, png_const_charp text) {
  (void)png;
  (void)text;
}

// ---- Reading ------------------------------------------------------------------------------------

typedef struct {
  const uint8_t *bytes;
  size_t left;
} png_input;

static void take(png_structp png, png_bytep target, size_t count) {
  png_input *input = png_get_io_ptr(png);
  if (count > input->left) png_error(png, "the file ends too early");
  memcpy(target, input->bytes, count);
  input->bytes += count;
  input->left -= count;
}

// Makes a reader that stands behind the header; NULL when that failed.
static png_structp open_reader(png_input *input, png_infop *info, char *message) {
  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning);
  if (!png) {
    cimage_fail(message, "no memory for the PNG decoder");
    return NULL;
  }
  if (setjmp(png_jmpbuf(png))) {
    png_destroy_read_struct(&png, info, NULL);
    return NULL;
  }
  *info = png_create_info_struct(png);
  if (!*info) png_error(png, "no memory for the PNG decoder");
  png_set_read_fn(png, input, take);
  // Of the chunks beside the pixels (texts, profiles) none is wanted, and some may claim or unpack to gigabytes:
  // they are skipped unread. What is left may take eight megabytes.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_chunk_malloc_max(png, 8 << 20);
  png_set_user_limits(png, 1 << 20, 1 << 20);
  png_read_info(png, *info);
  return png;
}

int cimage_png_read_header(
    const uint8_t *bytes, size_t count, int32_t *width, int32_t *height, char *message) {
  png_input input = {bytes, count};
  png_infop info = NULL;
  png_structp png = open_reader(&input, &info, message);
  if (!png) return 1;
  *width = (int32_t)png_get_image_width(png, info);
  *height = (int32_t)png_get_image_height(png, info);
  png_destroy_read_struct(&png, &info, NULL);
  return 0;
}

static void read_pixels(
    png_structp png, png_infop info, int32_t width, int32_t height, png_bytep *rows) {
  if (setjmp(png_jmpbuf(png))) return;
  png_set_scale_16(png);
  png_set_expand(png);
  png_set_gray_to_rgb(png);
  png_set_strip_alpha(png);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  if (png_get_rowbytes(png, info) != (size_t)width * 3 ||
      png_get_image_height(png, info) != (png_uint_32)height)
    png_error(png, "the pixels are of an unknown kind");
  png_read_image(png, rows);
  png_read_end(png, NULL);
}

int cimage_png_decode(
    const uint8_t *bytes, size_t count, int32_t width, int32_t height, uint8_t *rgb,
    char *message) {
  png_bytep *rows = malloc(sizeof(png_bytep) * (size_t)height);
  if (!rows) return cimage_fail(message, "no memory for %d rows", height);
  for (int32_t y = 0; y < height; y++) rows[y] = rgb + (size_t)y * (size_t)width * 3;
  png_input input = {bytes, count};
  png_infop info = NULL;
  message[0] = 0;
  png_structp png = open_reader(&input, &info, message);
  if (png) {
    read_pixels(png, info, width, height, rows);
    png_destroy_read_struct(&png, &info, NULL);
  }
  free(rows);
  return message[0] != 0;
}

// ---- Writing ------------------------------------------------------------------------------------

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} png_output;

static void put(png_structp png, png_bytep source, size_t count) {
  png_output *output = png_get_io_ptr(png);
  if (count > output->capacity - output->count) {
    size_t capacity = output->capacity * 2 + count;
    uint8_t *larger = realloc(output->bytes, capacity);
    if (!larger) png_error(png, "no memory for the file");
    output->bytes = larger;
    output->capacity = capacity;
  }
  memcpy(output->bytes + output->count, source, count);
  output->count += count;
}

static void flush(png_structp png) { (void)png; }

static void write_pixels(
    png_structp png, png_infop *info, const uint8_t *rgb, int32_t width, int32_t height) {
  if (setjmp(png_jmpbuf(png))) return;
  *info = png_create_info_struct(png);
  if (!*info) png_error(png, "no memory for the PNG encoder");
  png_set_IHDR(
      png, *info, (png_uint_32)width, (png_uint_32)height, 8, PNG_COLOR_TYPE_RGB,
      PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, *info);
  for (int32_t y = 0; y < height; y++) png_write_row(png, rgb + (size_t)y * (size_t)width * 3);
  png_write_end(png, NULL);
}

int cimage_png_encode(
    const uint8_t *rgb, int32_t width, int32_t height, uint8_t **bytes, size_t *count,
    char *message) {
  message[0] = 0;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, message, on_error, on_warning);
  if (!png) return cimage_fail(message, "no memory for the PNG encoder");
  png_infop info = NULL;
  png_output output = {NULL, 0, 0};
  png_set_write_fn(png, &output, put, flush);
  write_pixels(png, &info, rgb, width, height);
  png_destroy_write_struct(&png, &info);
  if (message[0] != 0) {
    free(output.bytes);
    return 1;
  }
  *bytes = output.bytes;
  *count = output.count;
  return 0;
}
