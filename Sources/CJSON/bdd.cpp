// BDD100K labels. The frames stand in a list at the top, or in "frames"; old files hold one image each.
#include "CJSONBDD.h"
#include "fields.hpp"
#include "list_reader.hpp"

#include <algorithm>
#include <deque>
#include <unordered_map>

using namespace cjson;

namespace {

using simdjson::ondemand::object;
using simdjson::ondemand::value;

const char *const frame_keys[] = {"name", "videoName", "video_name", "labels", "frames"};
const char *const label_keys[] = {"category", "attributes", "box2d"};
const char *const edge_keys[] = {"x1", "y1", "x2", "y2"};

// Runs `body`; the path of a problem in it begins with `place`.
template <class Body>
void within(const std::string &place, Body body) {
  try {
    body();
  } catch (Problem &problem) {
    problem.path = problem.path.empty() ? place : place + "." + problem.path;
    throw;
  }
}

bool is_null(value value, const char **at) {
  *at = value.raw_json_token().data();
  return value.is_null();
}

object members(value value, const char *key, const char **at) {
  std::string_view token = value.raw_json_token();
  *at = token.data();
  if (token[0] != '{') fail(key, "expected an object, found " + found(token));
  return value.get_object();
}

// A text that may become a C string.
std::string plain_text(value value, const char *key, const char **at) {
  std::string_view result = text(value, key, at);
  if (result.find('\0') != std::string_view::npos) fail(key, "the text contains a zero byte");
  return std::string(result);
}

std::string name(value value, const char *key, const char **at) {
  std::string result = plain_text(value, key, at);
  if (result.empty()) fail(key, "the text is empty");
  return result;
}

// The frames of one window; images and categories are counted from the window's first.
class Frames final : public Elements {
public:
  struct Image {
    std::string name, video;
  };

  void clear() override {
    images.clear();
    boxes.clear();
    categories.clear();
    odd.clear();
    labels_without_box = 0;
  }

  bool keeps_odd() const override { return true; }

  void keep(OddElement element) override {
    odd.push_back(std::move(element));
    images.emplace_back();
  }

  int64_t count() const override { return static_cast<int64_t>(images.size()); }

  bool scan(Scanner &) override { return false; }

  void read(object object, const char **at) override {
    size_t box_count = boxes.size(), category_count = categories.size(), without_box = labels_without_box;
    try {
      read_frame(object, at);
    } catch (...) {
      boxes.resize(box_count);
      categories.resize(category_count);
      labels_without_box = without_box;
      throw;
    }
  }

  std::vector<Image> images;
  std::vector<cjson_bdd_box> boxes;
  std::vector<std::string> categories;
  std::vector<OddElement> odd;
  size_t labels_without_box = 0;

private:
  void read_frame(object object, const char **at) {
    const char *start = *at;
    Image image;
    uint32_t met = each_known(object, frame_keys, at, [&](int key, value value) {
      if (key == 0) image.name = ::name(value, frame_keys[key], at);
      if ((key == 1 || key == 2) && !is_null(value, at)) image.video = plain_text(value, frame_keys[key], at);
      if (key == 3) read_labels(value, frame_keys[key], at);
      if (key == 4) read_inner_frames(value, at);
    });
    if ((met & 1) == 0) *at = start;
    need(met, 1, frame_keys);
    images.push_back(std::move(image));
  }

  // Calls `body` for every object of a list; null is as good as an empty one.
  template <class Body>
  void each_object(value list, const char *key, const char **at, Body body) {
    if (is_null(list, at)) return;
    std::string_view token = list.raw_json_token();
    if (token[0] != '[') fail(key, "expected a list, found " + found(token));
    size_t index = 0;
    for (auto element : list.get_array()) {
      value item = element.value();
      within(key + ("[" + std::to_string(index++) + "]"), [&] { body(members(item, "", at)); });
    }
  }

  void read_labels(value list, const char *key, const char **at) {
    each_object(list, key, at, [&](object label) { read_label(label, at); });
  }

  // In old files of one image the labels are the "objects" of its only frame.
  void read_inner_frames(value list, const char **at) {
    int64_t met = 0;
    each_object(list, "frames", at, [&](object frame) {
      if (met++ > 0) fail("", "one frame per image is expected, found more");
      static const char *const keys[] = {"objects"};
      each_known(frame, keys, at, [&](int, value value) { read_labels(value, keys[0], at); });
    });
  }

  void read_label(object label, const char **at) {
    const char *start = *at;
    std::string category;
    cjson_bdd_box box = {};
    bool has_box = false;
    uint32_t met = each_known(label, label_keys, at, [&](int key, value value) {
      if (key == 0) category = name(value, label_keys[key], at);
      if (key == 1) box.is_crowd = read_crowd(value, at);
      if (key == 2 && !is_null(value, at)) {
        has_box = true;
        within(label_keys[key], [&] { read_corners(members(value, "", at), box.box, at); });
      }
    });
    if (!has_box) {
      ++labels_without_box;
      return;
    }
    if ((met & 1) == 0) *at = start;
    need(met, 1, label_keys);
    box.image = count();
    box.category = index_of(category);
    boxes.push_back(box);
  }

  void read_corners(object corners, double *into, const char **at) {
    const char *start = *at;
    uint32_t met = each_known(corners, edge_keys, at, [&](int key, value value) {
      into[key] = number(value, edge_keys[key], at);
    });
    if (met != 0b1111) *at = start;
    need(met, 0b1111, edge_keys);
  }

  bool read_crowd(value attributes, const char **at) {
    if (is_null(attributes, at)) return false;
    bool is_crowd = false;
    within(label_keys[1], [&] {
      static const char *const keys[] = {"crowd"};
      each_known(members(attributes, "", at), keys, at, [&](int, value value) {
        is_crowd = flag(value, keys[0], at);
      });
    });
    return is_crowd;
  }

  int64_t index_of(const std::string &category) {
    // A file has ten or twenty of them.
    auto found = std::find(categories.begin(), categories.end(), category);
    if (found == categories.end()) found = categories.insert(found, category);
    return found - categories.begin();
  }
};

// The columns of the whole file with the texts they point into.
struct Columns : cjson_bdd {
  explicit Columns(const CJSONSource &from) : cjson_bdd{}, source(from), place(source) {}

  void add(const Frames &frames) {
    auto first_image = static_cast<int64_t>(image_list.size());
    std::vector<int64_t> categories;
    for (const std::string &category : frames.categories) categories.push_back(index_of(category));
    for (const Frames::Image &image : frames.images)
      image_list.push_back({keep(image.name), image.video.empty() ? "" : keep(image.video)});
    for (cjson_bdd_box box : frames.boxes) {
      box.image += first_image;
      box.category = categories[static_cast<size_t>(box.category)];
      box_list.push_back(box);
    }
    for (const OddElement &element : frames.odd) {
      const std::string &text = texts.emplace_back(element.text);
      odd_list.push_back(
          {first_image + element.row, element.offset, text.data(), static_cast<intptr_t>(text.size()), nullptr, 0});
    }
    label_count_without_box += frames.labels_without_box;
  }

  void publish() {
    images = image_list.data();
    image_count = image_list.size();
    boxes = box_list.data();
    box_count = box_list.size();
    categories = category_list.data();
    category_count = category_list.size();
    odd = odd_list.data();
    odd_count = odd_list.size();
  }

  Source source;
  Place place;

private:
  const char *keep(const std::string &text) { return texts.emplace_back(text).c_str(); }

  int64_t index_of(const std::string &category) {
    auto [entry, is_new] = indices.try_emplace(category, category_list.size());
    if (is_new) category_list.push_back({keep(category)});
    return static_cast<int64_t>(entry->second);
  }

  std::vector<cjson_bdd_image> image_list;
  std::vector<cjson_bdd_box> box_list;
  std::vector<cjson_bdd_category> category_list;
  std::vector<CJSONOddElement> odd_list;
  std::deque<std::string> texts;
  std::unordered_map<std::string, size_t> indices;
};

class BDDReader {
public:
  BDDReader(int32_t threads, Columns &columns)
      : source_(columns.source), cursor_(source_), threads_(threads), columns_(columns) {}

  void read() {
    cursor_.skip_mark();
    int first = cursor_.token();
    if (first == '{') return read_object();
    cursor_.expect('[', "a list of frames at the top, or an object with \"frames\"");
    cursor_.move(read_list(cursor_.offset()));
    if (cursor_.token() >= 0) cursor_.fail("expected the end of the file after the list");
  }

private:
  // One image, or a file whose "frames" are images with names of their own: which, shows only at its end.
  void read_object() {
    int64_t start = cursor_.offset();
    cursor_.skip();
    bool is_image = false;
    int64_t frames = -1;
    bool ended = cursor_.token() == '}';
    while (!ended) {
      std::string key = cursor_.string();
      cursor_.expect(':', "a colon after the key");
      is_image = is_image || key == "name";
      if (cursor_.token() == '[' && key == "frames" && frames < 0) frames = cursor_.offset() + 1;
      cursor_.skip_value();
      ended = cursor_.token() == '}';
      if (!ended) cursor_.expect(',', "a comma or the end of the object");
    }
    cursor_.skip();
    int64_t end = cursor_.offset();
    if (cursor_.token() >= 0) cursor_.fail("expected the end of the file after the object");
    if (is_image) return read_image(start, end - start);
    if (frames < 0)
      throw Problem{
          CJSONFailureContent, "neither \"name\" nor a list of \"frames\" is there; this is no BDD100K file", -1,
          "", 0};
    read_list(frames);
  }

  // Reads the list that begins before `offset`; returns where it ends.
  int64_t read_list(int64_t offset) {
    ListReader::Make make = [] { return std::make_unique<Frames>(); };
    ListReader list(source_, "frames", threads_, make);
    list.cut_behind_lists();
    list.start(offset, make, "frames");
    while (auto *elements = list.next()) columns_.add(*static_cast<Frames *>(elements));
    return list.end();
  }

  // The file's only object, which is JSON as the walk over it has shown.
  void read_image(int64_t offset, int64_t length) {
    if (length > largest_element)
      throw Problem{CJSONFailureContent, "the one image of the file is larger than 64 MB", -1, "", 0};
    auto size = static_cast<size_t>(length);
    std::vector<char> buffer(size + simdjson::SIMDJSON_PADDING);
    source_.read(offset, buffer.data(), length);
    const char *at = buffer.data();
    Frames frames;
    try {
      simdjson::ondemand::parser parser;
      auto document = parser.iterate(buffer.data(), size, buffer.size()).take_value();
      frames.read(document.get_object(), &at);
    } catch (const Problem &) {
      frames.keep({0, offset, std::string(buffer.data(), size)});
    } catch (const simdjson::simdjson_error &) {
      frames.keep({0, offset, std::string(buffer.data(), size)});
    }
    columns_.add(frames);
  }

  const Source &source_;
  Cursor cursor_;
  int32_t threads_;
  Columns &columns_;
};

} // namespace

extern "C" {

bool cjson_read_bdd(
    const CJSONSource *source, int32_t threads, cjson_bdd **result, CJSONFailure *failure) {
  std::unique_ptr<Columns> columns;
  return guard(
      failure,
      [&] {
        columns = std::make_unique<Columns>(*source);
        BDDReader(threads, *columns).read();
        columns->publish();
        *result = columns.release();
      },
      [&]() -> const Source & { return columns->source; });
}

bool cjson_bdd_locate(
    cjson_bdd *annotations, int64_t offset, int64_t *line, int64_t *column, CJSONFailure *failure) {
  auto *columns = static_cast<Columns *>(annotations);
  return guard(
      failure, [&] { columns->place.locate(offset, line, column); },
      [&]() -> const Source & { return columns->source; });
}

void cjson_bdd_free(cjson_bdd *annotations) { delete static_cast<Columns *>(annotations); }
}
