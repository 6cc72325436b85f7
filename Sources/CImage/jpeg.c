// JPEG through TurboJPEG 2.
#include <stdlib.h>
#include <string.h>
#include <turbojpeg.h>

#include "message.h"

void cimage_free(uint8_t *bytes) { free(bytes); }

static int read_header(
    tjhandle handle, const uint8_t *bytes, size_t count, cimage_jpeg_header *header,
    char *message) {
  int width = 0, height = 0, subsampling = 0, colours = 0;
  if (tjDecompressHeader3(
          handle, bytes, count, &width, &height, &subsampling, &colours) != 0)
    return cimage_fail(message, "%s", tjGetErrorStr2(handle));
  if (width <= 0 || height <= 0)
    return cimage_fail(message, "the header says %d x %d pixels", width, height);
  header->width = width;
  header->height = height;
  header->is_cmyk = colours == TJCS_CMYK || colours == TJCS_YCCK;
  return 0;
}

int cimage_jpeg_read_header(
    const uint8_t *bytes, size_t count, cimage_jpeg_header *header, char *message) {
  tjhandle handle = tjInitDecompress();
  if (!handle) return cimage_fail(message, "no memory for the JPEG decoder");
  int status = read_header(handle, bytes, count, header, message);
  tjDestroy(handle);
  return status;
}

// Bytes between two markers are skipped by every decoder and common in old camera files; any other
// warning (a premature end above all) means that pixels were made up.
static bool is_harmless(const char *warning) { return strstr(warning, "extraneous bytes") != NULL; }

static int decompress(
    tjhandle handle, const uint8_t *bytes, size_t count, uint8_t *pixels, int width, int height,
    int format, char *message) {
  int flags = TJFLAG_LIMITSCANS;
  if (tjDecompress2(handle, bytes, count, pixels, width, 0, height, format, flags) == 0) return 0;
  const char *text = tjGetErrorStr2(handle);
  if (tjGetErrorCode(handle) == TJERR_WARNING && is_harmless(text)) return 0;
  return cimage_fail(message, "%s", text);
}

static void cmyk_to_rgb(const uint8_t *cmyk, uint8_t *rgb, size_t pixels, bool inverted) {
  uint8_t flip = inverted ? 0 : 255;
  for (size_t i = 0; i < pixels; i++) {
    unsigned k = cmyk[4 * i + 3] ^ flip;
    for (int c = 0; c < 3; c++) rgb[3 * i + c] = ((cmyk[4 * i + c] ^ flip) * k + 127) / 255;
  }
}

static int decode(
    tjhandle handle, const uint8_t *bytes, size_t count, int32_t eighths, bool inverted_cmyk,
    uint8_t *rgb, char *message) {
  cimage_jpeg_header header;
  if (read_header(handle, bytes, count, &header, message) != 0) return 1;
  int width = (header.width * eighths + 7) / 8;
  int height = (header.height * eighths + 7) / 8;
  if (!header.is_cmyk)
    return decompress(handle, bytes, count, rgb, width, height, TJPF_RGB, message);
  size_t pixels = (size_t)width * (size_t)height;
  uint8_t *cmyk = malloc(pixels * 4);
  if (!cmyk) return cimage_fail(message, "no memory for %d x %d pixels", width, height);
  int status = decompress(handle, bytes, count, cmyk, width, height, TJPF_CMYK, message);
  if (status == 0) cmyk_to_rgb(cmyk, rgb, pixels, inverted_cmyk);
  free(cmyk);
  return status;
}

int cimage_jpeg_decode(
    const uint8_t *bytes, size_t count, int32_t eighths, bool inverted_cmyk, uint8_t *rgb,
    char *message) {
  tjhandle handle = tjInitDecompress();
  if (!handle) return cimage_fail(message, "no memory for the JPEG decoder");
  int status = decode(handle, bytes, count, eighths, inverted_cmyk, rgb, message);
  tjDestroy(handle);
  return status;
}

int cimage_jpeg_encode(
    const uint8_t *rgb, int32_t width, int32_t height, int32_t quality, uint8_t **bytes,
    size_t *count, char *message) {
  tjhandle handle = tjInitCompress();
  if (!handle) return cimage_fail(message, "no memory for the JPEG encoder");
  unsigned long capacity = tjBufSize(width, height, TJSAMP_420);
  unsigned char *buffer = capacity == (unsigned long)-1 ? NULL : malloc(capacity);
  int status = 0;
  if (!buffer) {
    status = cimage_fail(message, "no memory for a JPEG of %d x %d pixels", width, height);
  } else if (
      tjCompress2(
          handle, rgb, width, 0, height, TJPF_RGB, &buffer, &capacity, TJSAMP_420, quality,
          TJFLAG_NOREALLOC) != 0) {
    status = cimage_fail(message, "%s", tjGetErrorStr2(handle));
    free(buffer);
  } else {
    *bytes = buffer;
    *count = capacity;
  }
  tjDestroy(handle);
  return status;
}
