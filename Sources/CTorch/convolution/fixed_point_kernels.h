// Internal to CTorch: products of 16-bit whole numbers, summed in 32 bits, twice as many a cycle as float32's.
//
// Included by convolution_kernels.cpp behind convolution_kernels.h, where the processor has such products (VNNI).
// A row has one unit, and so has a column of filters. The units are such that the Euclidean lengths of both stay below
// lengths whose product fits 32 bits: by Cauchy and Schwarz no sum of products, nor a part of one, can overflow. What
// rounding adds to a length, half a unit times the root of the depth, is small beside what is left up to 2^31.

using Integers = int32_t __attribute__((vector_size(sizeof(Vector))));
using Shorts = int16_t __attribute__((vector_size(sizeof(Vector) / 2)));
typedef Integers LooseIntegers __attribute__((aligned(2), may_alias));
typedef Shorts LooseShorts __attribute__((aligned(2), may_alias));

constexpr float longestRow = 32700, longestColumn = 65400, largestNumber = 32760;
constexpr float shortest = 1e-30f; // what is shorter counts as zero

inline Integers loadPairs(const int16_t *from) { return *reinterpret_cast<const LooseIntegers *>(from); }
inline Integers nearest(Vector x) { return reinterpret_cast<Integers>(_mm512_cvtps_epi32(x)); }
// sum += the products of two vectors of pairs. Of the intrinsic clang 21 makes a product and a sum where it finds the chain
// long, which halves the throughput.
inline void addProducts(Integers &sum, Integers a, Integers b) {
  asm("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(a), "v"(b));
}

template <int64_t rows, bool adds> void multiplyFixed(const FixedTile &tile) {
  Integers sum[rows][2] = {};
  const int16_t *row[rows], *columns = tile.columns;
#pragma clang loop unroll(full)
  for (int64_t i = 0; i < rows; i++) row[i] = tile.rows + i * tile.rowStride;
  int64_t end = tile.pairs * tile.pairStride;
  for (int64_t k = 0; k < end; k += tile.pairStride, columns += 2 * tileColumns) {
    __builtin_prefetch(columns + prefetchedRows * 2 * tileColumns);
    Integers left = loadPairs(columns), right = loadPairs(columns + tileColumns);
#pragma clang loop unroll(full)
    for (int64_t i = 0; i < rows; i++) {
      int32_t pair;
      std::memcpy(&pair, row[i] + k, sizeof(pair));
      Integers values = Integers{} + pair;
      addProducts(sum[i][0], values, left);
      addProducts(sum[i][1], values, right);
    }
  }
  Vector left = load(tile.columnUnits), right = load(tile.columnUnits + lanes);
#pragma clang loop unroll(full)
  for (int64_t i = 0; i < rows; i++) {
    float *out = tile.out + i * tile.outStride;
    Vector unit = splat(tile.rowUnits[i]);
    Vector a = __builtin_convertvector(sum[i][0], Vector) * unit * left;
    Vector b = __builtin_convertvector(sum[i][1], Vector) * unit * right;
    store(out, adds ? load(out) + a : a);
    store(out + lanes, adds ? load(out + lanes) + b : b);
  }
}

// What a length is multiplied by to become the longest; a row that is not finite becomes zeros in units of NaN.
inline float scale(float length, float longest) {
  return length >= shortest && std::isfinite(length) ? longest / length : 0;
}
inline float unit(float length, float scale) {
  if (!std::isfinite(length)) return std::numeric_limits<float>::quiet_NaN();
  return scale > 0 ? 1 / scale : 0;
}

float quantizeRow(const float *values, int64_t count, int16_t *out) {
  Vector even{}, odd{};
  int64_t c = 0;
  for (; c + tileColumns <= count; c += tileColumns) {
    Vector a = load(values + c), b = load(values + c + lanes);
    even += a * a;
    odd += b * b;
  }
  if (c < count) {
    Vector a = load(values + c);
    even += a * a;
  }
  float length = std::sqrt(_mm512_reduce_add_ps(even + odd)), by = scale(length, longestRow);
  for (c = 0; c < count; c += lanes) {
    // A row of NaN times zero would be no number.
    Vector scaled = by > 0 ? load(values + c) * by : Vector{};
    *reinterpret_cast<LooseShorts *>(out + c) = __builtin_convertvector(nearest(scaled), Shorts);
  }
  return unit(length, by);
}

void quantizePanel(const FloatPanel &panel, FixedSide side, int16_t *out, float *units) {
  float longest = side == FixedSide::rows ? longestRow : longestColumn;
  for (int64_t first = 0; first < tileColumns; first += lanes) {
    bool isEmpty = first >= panel.columns;
    const float *from = panel.rows + (isEmpty ? 0 : first);
    Vector squares{}, most{};
    for (int64_t k = 0; k < panel.depth && !isEmpty; k++) {
      Vector value = load(from + k * panel.rowStride), size = value < 0 ? -value : value;
      squares += value * value;
      most = size > most ? size : most;
    }
    float by[lanes];
    for (int64_t j = 0; j < lanes; j++) {
      float length = std::sqrt(squares[j]);
      by[j] = scale(length, longest);
      if (by[j] > 0) by[j] = std::min(by[j], largestNumber / most[j]);
      units[first + j] = unit(length, by[j]);
    }
    Vector factor = load(by);
    for (int64_t k = 0; k < panel.depth; k += 2) {
      Vector even = load(from + k * panel.rowStride), odd = load(from + (k + 1) * panel.rowStride);
      // A column of NaN times zero would be no number.
      even = factor > 0 ? even * factor : Vector{};
      odd = factor > 0 ? odd * factor : Vector{};
      Integers pairs = (nearest(even) & 0xffff) | (nearest(odd) << 16);
      *reinterpret_cast<LooseIntegers *>(out + k * tileColumns + 2 * first) = pairs;
    }
  }
}
