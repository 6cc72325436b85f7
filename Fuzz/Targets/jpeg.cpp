// JPEG: whatever the header promises, decoding writes that many pixels or fails with a sentence.
// fuzz: modules CTurboJPEG CPNG CCairo CImage
// fuzz: packages libturbojpeg libpng cairo
// fuzz: dictionary jpeg
extern "C" {
#include "CImage.h"
}
#include "guarded.hpp"

namespace {
constexpr int64_t most_pixels = 1 << 14;  // the program has a bound, too; here it keeps executions short
constexpr size_t most_bytes = 1 << 16;
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count) {
  static Guarded input(most_bytes), output(3 * most_pixels);
  if (count == 0 || count > most_bytes - 4) return 0;
  uint8_t *bytes = input.bytes(count);
  std::memcpy(bytes, data, count);
  char message[CIMAGE_MESSAGE_BYTES] = "";
  cimage_jpeg_header header;
  if (cimage_jpeg_read_header(bytes, count, &header, message) != 0) {
    REQUIRE(message[0] != 0);
    return 0;
  }
  REQUIRE(header.width > 0 && header.height > 0);
  if (int64_t{header.width} * header.height > most_pixels) return 0;
  // The last byte, which follows the picture in whole files, chooses how it is decoded.
  static const int32_t scales[] = {1, 2, 4, 8};
  int32_t eighths = scales[bytes[count - 1] & 3];
  size_t width = (static_cast<size_t>(header.width) * eighths + 7) / 8;
  size_t height = (static_cast<size_t>(header.height) * eighths + 7) / 8;
  uint8_t *rgb = output.bytes(3 * width * height);
  bool inverted = bytes[count - 1] & 4;
  if (cimage_jpeg_decode(bytes, count, eighths, inverted, rgb, message) != 0) REQUIRE(message[0] != 0);
  output.check(rgb);
  return 0;
}
