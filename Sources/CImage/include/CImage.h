// Images for Swift: TurboJPEG, libpng and cairo behind plain C, and one resampling kernel.
//
// Every function that can fail returns 0 when it did its work; otherwise it returns another number and
// has written a sentence to `message` (at most CIMAGE_MESSAGE_BYTES with the final zero). Nothing of a
// library's error handling (setjmp, exit, stderr) gets past this header. Pixels are rows of 8-bit RGB
// without padding. No function keeps a pointer after it returns; all may be called on any thread.
#ifndef CIMAGE_H
#define CIMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CIMAGE_MESSAGE_BYTES 256

// Frees bytes handed out by an encoder.
void cimage_free(uint8_t *bytes);

// ---- JPEG ---------------------------------------------------------------------------------------

typedef struct {
  int32_t width, height;
  bool is_cmyk;
} cimage_jpeg_header;

int cimage_jpeg_read_header(
    const uint8_t *bytes, size_t count, cimage_jpeg_header *header, char *message);

// Decodes at `eighths`/8 of the size (1 to 8), each side rounded up; `rgb` holds exactly that.
// `inverted_cmyk` says that the inks of a CMYK file are stored as 255 - ink, as Adobe's are.
int cimage_jpeg_decode(
    const uint8_t *bytes, size_t count, int32_t eighths, bool inverted_cmyk, uint8_t *rgb,
    char *message);

int cimage_jpeg_encode(
    const uint8_t *rgb, int32_t width, int32_t height, int32_t quality, uint8_t **bytes,
    size_t *count, char *message);

// ---- PNG ----------------------------------------------------------------------------------------

int cimage_png_read_header(
    const uint8_t *bytes, size_t count, int32_t *width, int32_t *height, char *message);

// Grey, palette, 16-bit and interlaced images come out as 8-bit RGB; alpha is left out.
int cimage_png_decode(
    const uint8_t *bytes, size_t count, int32_t width, int32_t height, uint8_t *rgb,
    char *message);

int cimage_png_encode(
    const uint8_t *rgb, int32_t width, int32_t height, uint8_t **bytes, size_t *count,
    char *message);

// ---- Resampling ---------------------------------------------------------------------------------

// Where the pixels come from: the rectangle x0 y0 x1 y1 (in pixels, fractions allowed) of an image,
// or of a part of one whose rows are `row_bytes` apart.
typedef struct {
  const uint8_t *rgb;
  intptr_t row_bytes;
  int32_t width, height;
  double x0, y0, x1, y1;
} cimage_source;

// Where they go: `width` x `height` floats per channel at the given distances (in floats).
typedef struct {
  float *pixels;
  int32_t width, height;
  intptr_t pixel_stride, row_stride, channel_stride;
  bool mirrored;
} cimage_target;

// Per channel: clamp(colour * (r g b 1)) to 0...255, then * scale + bias.
typedef struct {
  bool has_colour;
  float colour[12];
  float scale[3], bias[3];
} cimage_tone;

// Resizes with a triangle kernel that widens when shrinking (antialiased bilinear), adjusts the tone and
// stores floats, in one pass over the target's rows. Fails only when memory is short.
int cimage_resample(
    const cimage_source *source, const cimage_target *target, const cimage_tone *tone,
    char *message);

// ---- Drawing ------------------------------------------------------------------------------------

typedef struct cimage_canvas cimage_canvas;

// NULL when memory is short.
cimage_canvas *cimage_canvas_create(int32_t width, int32_t height);
void cimage_canvas_destroy(cimage_canvas *canvas);
void cimage_canvas_read(cimage_canvas *canvas, uint8_t *rgb);

void cimage_canvas_save(cimage_canvas *canvas);
void cimage_canvas_restore(cimage_canvas *canvas);
void cimage_canvas_translate(cimage_canvas *canvas, double x, double y);
void cimage_canvas_rotate(cimage_canvas *canvas, double radians);

void cimage_canvas_colour(cimage_canvas *canvas, double r, double g, double b, double a);
void cimage_canvas_gradient(
    cimage_canvas *canvas, const double *line_x0y0x1y1, const double *from_rgb,
    const double *to_rgb);
void cimage_canvas_paint(cimage_canvas *canvas);

void cimage_canvas_move(cimage_canvas *canvas, double x, double y);
void cimage_canvas_line(cimage_canvas *canvas, double x, double y);
void cimage_canvas_rectangle(cimage_canvas *canvas, double x, double y, double w, double h);
void cimage_canvas_arc(cimage_canvas *canvas, double x, double y, double radius, double from, double to);
void cimage_canvas_close(cimage_canvas *canvas);
void cimage_canvas_clip(cimage_canvas *canvas);
void cimage_canvas_fill(cimage_canvas *canvas, bool keeps_path);
// Lines with gaps of `length` from now on; 0: without.
void cimage_canvas_dash(cimage_canvas *canvas, double length);
void cimage_canvas_stroke(cimage_canvas *canvas, double line_width);

// Draws the image with its upper left corner at x, y, `scale` times its size.
int cimage_canvas_image(
    cimage_canvas *canvas, const uint8_t *rgb, int32_t width, int32_t height, double x, double y,
    double scale, char *message);

double cimage_canvas_text_width(cimage_canvas *canvas, const char *text, double size, bool bold);
// x, y is the left end of the base line.
void cimage_canvas_text(
    cimage_canvas *canvas, const char *text, double x, double y, double size, bool bold);

#endif
