// PNG: whatever the header promises, decoding writes that many pixels or fails with a sentence.
// fuzz: modules CTurboJPEG CPNG CCairo CImage
// fuzz: packages libturbojpeg libpng cairo
// fuzz: dictionary png
extern "C" {
#include "CImage.h"
}
#include "guarded.hpp"

namespace {
constexpr int64_t most_pixels = 1 << 14;  // the program has a bound, too; here it keeps executions short
constexpr size_t most_bytes = 1 << 16;
constexpr uint8_t signature[] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

uint32_t number(const uint8_t *bytes) {
  return uint32_t{bytes[0]} << 24 | uint32_t{bytes[1]} << 16 | uint32_t{bytes[2]} << 8 | bytes[3];
}

uint32_t checksum(const uint8_t *bytes, size_t count) {
  uint32_t sum = ~0u;
  for (size_t i = 0; i < count; i++) {
    sum ^= bytes[i];
    for (int bit = 0; bit < 8; bit++) sum = sum >> 1 ^ (sum & 1 ? 0xEDB88320u : 0);
  }
  return ~sum;
}

// Gives every chunk the checksum it should have, so that what is changed inside gets past the first look.
void mend(uint8_t *bytes, size_t count) {
  for (size_t place = sizeof signature; place + 12 <= count;) {
    uint32_t length = number(bytes + place);
    if (length > count - place - 12) return;
    uint32_t sum = checksum(bytes + place + 4, length + 4);
    uint8_t *target = bytes + place + 8 + length;
    for (int i = 0; i < 4; i++) target[i] = static_cast<uint8_t>(sum >> (24 - 8 * i));
    place += 12 + length;
  }
}
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t count) {
  static Guarded input(most_bytes), output(3 * most_pixels);
  if (count == 0 || count > most_bytes - 4) return 0;
  uint8_t *bytes = input.bytes(count);
  std::memcpy(bytes, data, count);
  // Seven files of eight have right checksums; the others see to it that wrong ones are no crash.
  if (count > sizeof signature && (data[count - 1] & 7) != 7) {
    std::memcpy(bytes, signature, sizeof signature);
    mend(bytes, count);
  }
  char message[CIMAGE_MESSAGE_BYTES] = "";
  int32_t width = 0, height = 0;
  if (cimage_png_read_header(bytes, count, &width, &height, message) != 0) {
    REQUIRE(message[0] != 0);
    return 0;
  }
  REQUIRE(width > 0 && height > 0);
  if (int64_t{width} * height > most_pixels) return 0;
  uint8_t *rgb = output.bytes(3 * static_cast<size_t>(width) * static_cast<size_t>(height));
  if (cimage_png_decode(bytes, count, width, height, rgb, message) != 0) REQUIRE(message[0] != 0);
  output.check(rgb);
  return 0;
}
