// BDD100K labels: every box belongs to an image and a category that are there, and texts end.
// fuzz: modules CSimdJSON CJSON
// fuzz: link simdjson
// fuzz: dictionary json
#include "CJSON.h"
#include "require.hpp"

#include <string>
#include <sys/mman.h>
#include <unistd.h>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t count) {
  // The reader takes a path: this one is memory.
  static const int file = memfd_create("labels", 0);
  static const std::string path = "/proc/self/fd/" + std::to_string(file);
  REQUIRE(ftruncate(file, 0) == 0);
  REQUIRE(pwrite(file, bytes, count, 0) == static_cast<ssize_t>(count));
  cjson_bdd *read = nullptr;
  char message[CJSON_MESSAGE_BYTES] = "";
  if (cjson_read_bdd(path.c_str(), &read, message) != 0) {
    REQUIRE(message[0] != 0 && std::memchr(message, 0, sizeof message) != nullptr);
    return 0;
  }
  for (size_t place = 0; place < read->image_count; ++place) REQUIRE(std::strlen(read->images[place].name) > 0);
  for (size_t place = 0; place < read->category_count; ++place) REQUIRE(read->categories[place].name != nullptr);
  for (size_t place = 0; place < read->box_count; ++place) {
    const cjson_bdd_box &box = read->boxes[place];
    REQUIRE(box.image >= 0 && box.image < static_cast<int64_t>(read->image_count));
    REQUIRE(box.category >= 0 && box.category < static_cast<int64_t>(read->category_count));
    for (double edge : box.box) REQUIRE(edge == edge && edge - edge == 0);
  }
  cjson_bdd_free(read);
  return 0;
}
