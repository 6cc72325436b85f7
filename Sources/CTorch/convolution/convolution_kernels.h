// Internal to CTorch: the inner loops of convolution, written once for any vector length.
//
// No include guard: convolution_kernels.cpp includes this once for each instruction set, inside a namespace
// that defines `Vector`, `lanes` and `tileRows`. Two vectors of output channels times tileRows pixels stay in
// registers while the products are summed.

typedef Vector Loose __attribute__((aligned(4), may_alias));

inline Vector load(const float *from) { return *reinterpret_cast<const Loose *>(from); }
inline void store(float *to, Vector value) { *reinterpret_cast<Loose *>(to) = value; }
inline Vector splat(float value) { return Vector{} + value; }

// A bfloat16 is the upper half of a float.
using BFloat16 = c10::BFloat16;
using Words = uint32_t __attribute__((vector_size(sizeof(Vector))));
using Halves = uint16_t __attribute__((vector_size(sizeof(Vector) / 2)));
typedef Halves LooseHalves __attribute__((aligned(2), may_alias));

inline Vector load(const BFloat16 *from) {
  Words words = __builtin_convertvector(*reinterpret_cast<const LooseHalves *>(from), Words);
  return reinterpret_cast<Vector>(words << 16);
}
// To the nearest, of two as near to the even one; NaN stays NaN.
inline void store(BFloat16 *to, Vector value) {
  Words words = reinterpret_cast<Words>(value), nearest = words + 0x7fff + ((words >> 16) & 1);
  nearest = value == value ? nearest : (words | 0x400000);
  *reinterpret_cast<LooseHalves *>(to) = __builtin_convertvector(nearest >> 16, Halves);
}

// The last channels may fill a part of a vector.
template <class Element> inline Vector loadFirst(const Element *from, int64_t count) {
  if (count >= lanes) return load(from);
  Element values[lanes] = {};
  std::memcpy(values, from, size_t(count) * sizeof(Element));
  return load(values);
}
template <class Element> inline void storeFirst(Element *to, Vector value, int64_t count) {
  if (count >= lanes) return store(to, value);
  Element values[lanes];
  store(values, value);
  std::memcpy(to, values, size_t(count) * sizeof(Element));
}

// Keeps NaN, as max and min of libtorch do.
inline Vector bounded(Vector x, Vector low, Vector high) {
  x = x < low ? low : x;
  return x > high ? high : x;
}

constexpr int64_t tileColumns = 2 * lanes;
constexpr int64_t prefetchedRows = 32; // weights come from a far cache the first time: a tenth of the time, measured

void multiply(const Tile &tile) {
  Vector sum[tileRows][2];
  if (tile.isFirst) {
    Vector left = load(tile.bias), right = load(tile.bias + lanes);
#pragma clang loop unroll(full)
    for (int64_t i = 0; i < tileRows; i++) sum[i][0] = left, sum[i][1] = right;
  } else {
#pragma clang loop unroll(full)
    for (int64_t i = 0; i < tileRows; i++) {
      const float *from = tile.out + i * tile.outStride;
      sum[i][0] = load(from), sum[i][1] = load(from + lanes);
    }
  }
  const float *weights = tile.weights;
  for (int64_t tap = 0; tap < tile.taps; tap++) {
    const float *pixel[tileRows];
#pragma clang loop unroll(full)
    for (int64_t i = 0; i < tileRows; i++) pixel[i] = tile.pixels[i] + tap * tile.tapStride;
    for (int64_t k = 0; k < tile.run; k++, weights += tileColumns) {
      __builtin_prefetch(weights + prefetchedRows * tileColumns);
      Vector left = load(weights), right = load(weights + lanes);
#pragma clang loop unroll(full)
      for (int64_t i = 0; i < tileRows; i++) {
        // In one expression each, so that the compiler makes fused multiply-adds of them.
        sum[i][0] += pixel[i][k] * left;
        sum[i][1] += pixel[i][k] * right;
      }
    }
  }
  Vector low = splat(tile.low), high = splat(tile.high);
#pragma clang loop unroll(full)
  for (int64_t i = 0; i < tileRows; i++) {
    if (tile.residual != nullptr) {
      sum[i][0] += load(tile.residual + i * tile.outStride);
      sum[i][1] += load(tile.residual + i * tile.outStride + lanes);
    }
    if (tile.isLast) {
      sum[i][0] = bounded(sum[i][0], low, high);
      sum[i][1] = bounded(sum[i][1], low, high);
    }
    store(tile.out + i * tile.outStride, sum[i][0]);
    store(tile.out + i * tile.outStride + lanes, sum[i][1]);
  }
}

// L d Lᵀ: a square of `from` by `from` vectors to one of `to` by `to`, where `line` is L of one row or column.
template <int64_t from, int64_t to, class Line> inline void transformSquare(const Vector *d, Vector *out, Line line) {
  Vector half[to * from];
  for (int64_t j = 0; j < from; j++) line(d + j, from, half + j, from);
  for (int64_t i = 0; i < to; i++) line(half + from * i, 1, out + to * i, 1);
}

// One line of Bᵀ d for F(4x4, 3x3) (Lavin & Gray 2016).
inline void transformInputLine(const Vector *d, int64_t step, Vector *out, int64_t outStep) {
  Vector d0 = d[0], d1 = d[step], d2 = d[2 * step], d3 = d[3 * step], d4 = d[4 * step], d5 = d[5 * step];
  Vector even = d4 - 4.0f * d2, odd = d3 - 4.0f * d1;
  Vector half = d4 - d2, twice = 2.0f * (d3 - d1);
  out[0] = 4.0f * d0 - 5.0f * d2 + d4;
  out[outStep] = even + odd;
  out[2 * outStep] = even - odd;
  out[3 * outStep] = half + twice;
  out[4 * outStep] = half - twice;
  out[5 * outStep] = 4.0f * d1 - 5.0f * d3 + d5;
}

// pixels: the 6 x 6 of a tile, row by row. Value (i, j) of channel c goes to out[(6 i + j) * step + c].
template <class Element>
void transformInput(const Element *const *pixels, int64_t channels, float *out, int64_t step) {
  for (int64_t c = 0; c < channels; c += lanes) {
    Vector d[36], v[36];
    for (int64_t i = 0; i < 36; i++) d[i] = load(pixels[i] + c);
    transformSquare<6, 6>(d, v, transformInputLine);
    for (int64_t i = 0; i < 36; i++) store(out + i * step + c, v[i]);
  }
}

// One line of Aᵀ m.
inline void transformOutputLine(const Vector *m, int64_t step, Vector *out, int64_t outStep) {
  Vector sum = m[step] + m[2 * step], difference = m[step] - m[2 * step];
  Vector farSum = m[3 * step] + m[4 * step], farDifference = m[3 * step] - m[4 * step];
  out[0] = m[0] + sum + farSum;
  out[outStep] = difference + 2.0f * farDifference;
  out[2 * outStep] = sum + 4.0f * farSum;
  out[3 * outStep] = difference + 8.0f * farDifference + m[5 * step];
}

template <class Element> void transformOutput(const float *products, int64_t step, const Patch<Element> &patch) {
  Vector low = splat(patch.low), high = splat(patch.high);
  for (int64_t c = 0; c < patch.channels; c += lanes) {
    Vector m[36], y[16], bias = load(patch.bias + c);
    for (int64_t i = 0; i < 36; i++) m[i] = load(products + i * step + c);
    transformSquare<6, 4>(m, y, transformOutputLine);
    int64_t count = patch.channels - c;
    for (int64_t i = 0; i < patch.rows; i++) {
      for (int64_t j = 0; j < patch.columns; j++) {
        int64_t at = i * patch.rowStride + j * patch.columnStride + c;
        Vector value = y[4 * i + j] + bias;
        if (patch.residual != nullptr) value += loadFirst(patch.residual + at, count);
        storeFirst(patch.out + at, bounded(value, low, high), count);
      }
    }
  }
}

// One line of G g.
inline void transformFilterLine(const Vector *g, int64_t step, Vector *out, int64_t outStep) {
  Vector even = (-1.0f / 6) * (g[0] + g[2 * step]), odd = (-1.0f / 6) * g[step];
  Vector farEven = (1.0f / 24) * g[0] + (1.0f / 6) * g[2 * step], farOdd = (1.0f / 12) * g[step];
  out[0] = 0.25f * g[0];
  out[outStep] = even + odd;
  out[2 * outStep] = even - odd;
  out[3 * outStep] = farEven + farOdd;
  out[4 * outStep] = farEven - farOdd;
  out[5 * outStep] = g[2 * step];
}

void transformFilter(const float *taps, int64_t tapStep, int64_t channels, float *out, int64_t step) {
  for (int64_t c = 0; c < channels; c += lanes) {
    Vector g[9], u[36];
    for (int64_t i = 0; i < 9; i++) g[i] = load(taps + i * tapStep + c);
    transformSquare<3, 6>(g, u, transformFilterLine);
    for (int64_t i = 0; i < 36; i++) store(out + i * step + c, u[i]);
  }
}

// One line of A y.
inline void transformGradientLine(const Vector *y, int64_t step, Vector *out, int64_t outStep) {
  Vector even = y[0] + y[2 * step], odd = y[step] + y[3 * step];
  Vector farEven = y[0] + 4.0f * y[2 * step], farOdd = 2.0f * y[step] + 8.0f * y[3 * step];
  out[0] = y[0];
  out[outStep] = even + odd;
  out[2 * outStep] = even - odd;
  out[3 * outStep] = farEven + farOdd;
  out[4 * outStep] = farEven - farOdd;
  out[5 * outStep] = y[3 * step];
}

// pixels: the 4 x 4 of a tile, row by row.
template <class Element>
void transformGradient(const Element *const *pixels, int64_t channels, float *out, int64_t step) {
  for (int64_t c = 0; c < channels; c += lanes) {
    Vector y[16], m[36];
    for (int64_t i = 0; i < 16; i++) y[i] = load(pixels[i] + c);
    transformSquare<4, 6>(y, m, transformGradientLine);
    for (int64_t i = 0; i < 36; i++) store(out + i * step + c, m[i]);
  }
}

// One line of Gᵀ u.
inline void transformProductsLine(const Vector *u, int64_t step, Vector *out, int64_t outStep) {
  Vector sum = (1.0f / 6) * (u[step] + u[2 * step]), farSum = (1.0f / 24) * (u[3 * step] + u[4 * step]);
  Vector difference = (1.0f / 6) * (u[2 * step] - u[step]), farDifference = (1.0f / 12) * (u[3 * step] - u[4 * step]);
  out[0] = 0.25f * u[0] - sum + farSum;
  out[outStep] = difference + farDifference;
  out[2 * outStep] = 4.0f * farSum - sum + u[5 * step];
}

void transformProducts(const float *products, int64_t step, int64_t channels, float *taps, int64_t tapStep) {
  for (int64_t c = 0; c < channels; c += lanes) {
    Vector u[36], g[9];
    for (int64_t i = 0; i < 36; i++) u[i] = load(products + i * step + c);
    transformSquare<6, 3>(u, g, transformProductsLine);
    for (int64_t i = 0; i < 9; i++) store(taps + i * tapStep + c, g[i]);
  }
}

template <class Element>
constexpr Transforms<Element> transforms{transformInput<Element>, transformOutput<Element>, transformGradient<Element>};

constexpr Kernels kernels{lanes, tileRows, multiply, transformFilter, transformProducts, transforms<float>,
                          transforms<BFloat16>, nullptr};
