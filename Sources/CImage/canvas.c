// Drawing through cairo onto a picture in memory.
#include <cairo.h>
#include <stdlib.h>

#include "message.h"

struct cimage_canvas {
  cairo_surface_t *surface;
  cairo_t *context;
};

cimage_canvas *cimage_canvas_create(int32_t width, int32_t height) {
  cimage_canvas *canvas = malloc(sizeof *canvas);
  if (!canvas) return NULL;
  canvas->surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  canvas->context = cairo_create(canvas->surface);
  if (cairo_status(canvas->context) == CAIRO_STATUS_SUCCESS) return canvas;
  cimage_canvas_destroy(canvas);
  return NULL;
}

void cimage_canvas_destroy(cimage_canvas *canvas) {
  cairo_destroy(canvas->context);
  cairo_surface_destroy(canvas->surface);
  free(canvas);
}

void cimage_canvas_read(cimage_canvas *canvas, uint8_t *rgb) {
  cairo_surface_flush(canvas->surface);
  const unsigned char *data = cairo_image_surface_get_data(canvas->surface);
  int width = cairo_image_surface_get_width(canvas->surface);
  int height = cairo_image_surface_get_height(canvas->surface);
  int stride = cairo_image_surface_get_stride(canvas->surface);
  for (int y = 0; y < height; y++) {
    const uint32_t *row = (const uint32_t *)(data + (size_t)y * (size_t)stride);
    for (int x = 0; x < width; x++) {
      *rgb++ = (uint8_t)(row[x] >> 16);
      *rgb++ = (uint8_t)(row[x] >> 8);
      *rgb++ = (uint8_t)row[x];
    }
  }
}

void cimage_canvas_save(cimage_canvas *canvas) { cairo_save(canvas->context); }
void cimage_canvas_restore(cimage_canvas *canvas) { cairo_restore(canvas->context); }

void cimage_canvas_translate(cimage_canvas *canvas, double x, double y) {
  cairo_translate(canvas->context, x, y);
}

void cimage_canvas_rotate(cimage_canvas *canvas, double radians) {
  cairo_rotate(canvas->context, radians);
}

void cimage_canvas_colour(cimage_canvas *canvas, double r, double g, double b, double a) {
  cairo_set_source_rgba(canvas->context, r, g, b, a);
}

void cimage_canvas_gradient(
    cimage_canvas *canvas, const double *line, const double *from, const double *to) {
  cairo_pattern_t *pattern = cairo_pattern_create_linear(line[0], line[1], line[2], line[3]);
  cairo_pattern_add_color_stop_rgb(pattern, 0, from[0], from[1], from[2]);
  cairo_pattern_add_color_stop_rgb(pattern, 1, to[0], to[1], to[2]);
  cairo_set_source(canvas->context, pattern);
  cairo_pattern_destroy(pattern);
}

void cimage_canvas_paint(cimage_canvas *canvas) { cairo_paint(canvas->context); }

void cimage_canvas_move(cimage_canvas *canvas, double x, double y) {
  cairo_move_to(canvas->context, x, y);
}

void cimage_canvas_line(cimage_canvas *canvas, double x, double y) {
  cairo_line_to(canvas->context, x, y);
}

void cimage_canvas_rectangle(cimage_canvas *canvas, double x, double y, double w, double h) {
  cairo_rectangle(canvas->context, x, y, w, h);
}

void cimage_canvas_arc(
    cimage_canvas *canvas, double x, double y, double radius, double from, double to) {
  cairo_arc(canvas->context, x, y, radius, from, to);
}

void cimage_canvas_close(cimage_canvas *canvas) { cairo_close_path(canvas->context); }
void cimage_canvas_clip(cimage_canvas *canvas) { cairo_clip(canvas->context); }

void cimage_canvas_fill(cimage_canvas *canvas, bool keeps_path) {
  keeps_path ? cairo_fill_preserve(canvas->context) : cairo_fill(canvas->context);
}

void cimage_canvas_dash(cimage_canvas *canvas, double length) {
  cairo_set_dash(canvas->context, &length, length > 0 ? 1 : 0, 0);
}

void cimage_canvas_stroke(cimage_canvas *canvas, double line_width) {
  cairo_set_line_width(canvas->context, line_width);
  cairo_stroke(canvas->context);
}

int cimage_canvas_image(
    cimage_canvas *canvas, const uint8_t *rgb, int32_t width, int32_t height, double x, double y,
    double scale, char *message) {
  cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height);
  if (cairo_surface_status(image) != CAIRO_STATUS_SUCCESS) {
    cimage_fail(message, "%s", cairo_status_to_string(cairo_surface_status(image)));
    cairo_surface_destroy(image);
    return 1;
  }
  unsigned char *data = cairo_image_surface_get_data(image);
  int stride = cairo_image_surface_get_stride(image);
  for (int row = 0; row < height; row++) {
    uint32_t *target = (uint32_t *)(data + (size_t)row * (size_t)stride);
    const uint8_t *source = rgb + (size_t)row * (size_t)width * 3;
    for (int column = 0; column < width; column++, source += 3)
      target[column] = (uint32_t)source[0] << 16 | (uint32_t)source[1] << 8 | source[2];
  }
  cairo_surface_mark_dirty(image);
  cairo_save(canvas->context);
  cairo_translate(canvas->context, x, y);
  cairo_scale(canvas->context, scale, scale);
  cairo_set_source_surface(canvas->context, image, 0, 0);
  cairo_pattern_set_filter(
      cairo_get_source(canvas->context), scale > 1 ? CAIRO_FILTER_BILINEAR : CAIRO_FILTER_GOOD);
  // The image's own edge stays sharp: outside it nothing is drawn.
  cairo_rectangle(canvas->context, 0, 0, width, height);
  cairo_fill(canvas->context);
  cairo_restore(canvas->context);
  cairo_surface_destroy(image);
  return 0;
}

static void choose_font(cimage_canvas *canvas, double size, bool bold) {
  cairo_select_font_face(
      canvas->context, "DejaVu Sans", CAIRO_FONT_SLANT_NORMAL,
      bold ? CAIRO_FONT_WEIGHT_BOLD : CAIRO_FONT_WEIGHT_NORMAL);
  cairo_set_font_size(canvas->context, size);
}

double cimage_canvas_text_width(cimage_canvas *canvas, const char *text, double size, bool bold) {
  choose_font(canvas, size, bold);
  cairo_text_extents_t extents;
  cairo_text_extents(canvas->context, text, &extents);
  return extents.x_advance;
}

void cimage_canvas_text(
    cimage_canvas *canvas, const char *text, double x, double y, double size, bool bold) {
  choose_font(canvas, size, bold);
  cairo_move_to(canvas->context, x, y);
  cairo_show_text(canvas->context, text);
  cairo_new_path(canvas->context);
}
