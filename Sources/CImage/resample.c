// Antialiased resizing straight to normalised floats.
//
// Rows first: a target row is a weighted sum of a few source rows, one long loop over contiguous
// bytes. Then columns, pixel by pixel, three channels at a time in one four-lane vector whose last
// lane carries the next pixel's red and is never stored. No fused multiply-add: the same pixels come
// out on every machine.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "message.h"

#pragma STDC FP_CONTRACT OFF

#if defined(__x86_64__) && defined(__linux__)
#define CLONED __attribute__((target_clones("avx2", "default")))
#else
#define CLONED
#endif

typedef float float4 __attribute__((vector_size(16)));
typedef float float4_unaligned __attribute__((vector_size(16), aligned(4)));

// For every target position: the first source position, and `count` weights that add to one.
typedef struct {
  int32_t taps;
  int32_t *first;
  int32_t *count;
  float *weights;
} axis;

static void axis_free(axis *a) {
  free(a->first);
  free(a->count);
  free(a->weights);
}

static bool axis_make(axis *a, int32_t source, double from, double to, int32_t target) {
  double scale = (to - from) / target;
  double support = scale > 1 ? scale : 1;
  a->taps = (int32_t)ceil(support) * 2 + 1;
  a->first = malloc(sizeof(int32_t) * (size_t)target);
  a->count = malloc(sizeof(int32_t) * (size_t)target);
  a->weights = calloc((size_t)target * (size_t)a->taps, sizeof(float));
  if (!a->first || !a->count || !a->weights) return false;
  for (int32_t i = 0; i < target; i++) {
    double centre = from + (i + 0.5) * scale;
    int32_t low = (int32_t)floor(centre - support + 0.5), high = (int32_t)floor(centre + support + 0.5);
    if (low < 0) low = 0;
    if (high > source) high = source;
    float *weights = a->weights + (size_t)i * (size_t)a->taps;
    double sum = 0;
    int32_t count = 0;
    for (int32_t j = low; j < high && count < a->taps; j++) {
      double distance = fabs((j + 0.5 - centre) / support);
      double weight = distance < 1 ? 1 - distance : 0;
      if (weight <= 0 && count == 0) {
        low++;
        continue;
      }
      weights[count++] = (float)weight;
      sum += weight;
    }
    while (count > 1 && weights[count - 1] <= 0) count--;
    if (sum <= 0) {  // a rectangle beyond the image: repeat its edge
      low = centre < 0 ? 0 : source - 1;
      weights[0] = 1;
      count = 1;
      sum = 1;
    }
    for (int32_t j = 0; j < count; j++) weights[j] = (float)(weights[j] / sum);
    a->first[i] = low;
    a->count[i] = count;
  }
  return true;
}

CLONED static void blend_rows(
    const uint8_t *rgb, size_t row_bytes, int32_t count, const float *weights, size_t from,
    size_t to, float *restrict row) {
  const uint8_t *a = rgb, *b = rgb + row_bytes, *c = b + row_bytes;
  float u = weights[0];
  if (count == 1) {
    for (size_t i = from; i < to; i++) row[i] = a[i] * u;
    return;
  }
  float v = weights[1];
  if (count == 2) {
    for (size_t i = from; i < to; i++) row[i] = a[i] * u + b[i] * v;
    return;
  }
  float w = weights[2];
  for (size_t i = from; i < to; i++) row[i] = a[i] * u + b[i] * v + c[i] * w;
  for (int32_t k = 3; k < count; k++) {
    const uint8_t *next = rgb + (size_t)k * row_bytes;
    float t = weights[k];
    for (size_t i = from; i < to; i++) row[i] += next[i] * t;
  }
}

static inline float4 clamp_byte(float4 v) {
  float4 zero = {0, 0, 0, 0}, full = {255, 255, 255, 255};
  return __builtin_elementwise_min(__builtin_elementwise_max(v, zero), full);
}

// One target row as four floats per pixel.
CLONED static void blend_columns(
    const float *row, const axis *a, int32_t width, const cimage_tone *tone, float *restrict out) {
  const float *m = tone->colour;
  float4 scale = {tone->scale[0], tone->scale[1], tone->scale[2], 0};
  float4 bias = {tone->bias[0], tone->bias[1], tone->bias[2], 0};
  float4 red = {m[0], m[4], m[8], 0}, green = {m[1], m[5], m[9], 0};
  float4 blue = {m[2], m[6], m[10], 0}, offset = {m[3], m[7], m[11], 0};
  for (int32_t x = 0; x < width; x++) {
    const float *pixel = row + 3 * (size_t)a->first[x];
    const float *weights = a->weights + (size_t)x * (size_t)a->taps;
    float4 sum = *(const float4_unaligned *)pixel * weights[0];
    for (int32_t k = 1; k < a->count[x]; k++)
      sum += *(const float4_unaligned *)(pixel + 3 * k) * weights[k];
    if (tone->has_colour)
      sum = clamp_byte(red * sum[0] + green * sum[1] + blue * sum[2] + offset);
    *(float4_unaligned *)(out + 4 * (size_t)x) = sum * scale + bias;
  }
}

static void store_row(const cimage_target *target, int32_t y, const float *out) {
  float *red = target->pixels + y * target->row_stride;
  float *green = red + target->channel_stride, *blue = green + target->channel_stride;
  intptr_t step = target->pixel_stride;
  if (target->mirrored) {
    red += (target->width - 1) * step;
    green += (target->width - 1) * step;
    blue += (target->width - 1) * step;
    step = -step;
  }
  if (step == 1) {
    for (int32_t x = 0; x < target->width; x++) {
      red[x] = out[4 * x];
      green[x] = out[4 * x + 1];
      blue[x] = out[4 * x + 2];
    }
    return;
  }
  for (intptr_t x = 0; x < target->width; x++) {
    red[x * step] = out[4 * x];
    green[x * step] = out[4 * x + 1];
    blue[x * step] = out[4 * x + 2];
  }
}

static void run(
    const cimage_source *source, const cimage_target *target, const cimage_tone *tone,
    const axis *across, const axis *down, float *row, float *out) {
  size_t row_bytes = (size_t)source->row_bytes;
  int32_t last = target->width - 1;
  size_t from = 3 * (size_t)across->first[0];
  size_t to = 3 * (size_t)(across->first[last] + across->count[last]);
  for (int32_t y = 0; y < target->height; y++) {
    blend_rows(
        source->rgb + (size_t)down->first[y] * row_bytes, row_bytes, down->count[y],
        down->weights + (size_t)y * (size_t)down->taps, from, to, row);
    blend_columns(row, across, target->width, tone, out);
    store_row(target, y, out);
  }
}

int cimage_resample(
    const cimage_source *source, const cimage_target *target, const cimage_tone *tone,
    char *message) {
  axis across = {0}, down = {0};
  float *row = calloc((size_t)source->width * 3 + 4, sizeof(float));
  float *out = malloc((size_t)target->width * 4 * sizeof(float));
  bool ready = row && out && axis_make(&across, source->width, source->x0, source->x1, target->width) &&
               axis_make(&down, source->height, source->y0, source->y1, target->height);
  if (ready) run(source, target, tone, &across, &down, row, out);
  axis_free(&across);
  axis_free(&down);
  free(row);
  free(out);
  return ready ? 0 : cimage_fail(message, "no memory to resize the image");
}
