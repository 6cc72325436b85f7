// Truths in COCO's instances format.
#include "fields.hpp"
#include "list_reader.hpp"

using namespace cjson;

namespace {

const char *const image_keys[] = {"id", "width", "height", "file_name", "coco_url",
                                  "not_exhaustive_category_ids"};
const char *const category_keys[] = {"id", "name", "supercategory"};
const char *const annotation_keys[] = {"id",   "image_id", "category_id", "bbox",
                                       "area", "iscrowd",  "ignore",      "difficult"};

// One of the three lists; the columns that its kind lacks stay empty.
class Truths final : public Elements {
public:
  explicit Truths(CJSONTruthKind kind) : kind(kind) {}

  void clear() override {
    for (auto *column : {&ids, &widths, &heights, &textEnds, &imageIDs, &categoryIDs}) column->clear();
    text_bytes.clear();
    boxes.clear();
    areas.clear();
    flags.clear();
    odd.clear();
  }

  bool keeps_odd() const override { return true; }

  void keep(OddElement element) override {
    odd.push_back(std::move(element));
    static const int64_t nothing[3] = {0, 0, 0};
    switch (kind) {
    case CJSONTruthImages: return add_image(0, 0, 0, "", 0);
    case CJSONTruthCategories: return add_category(0, "");
    default: return add(nothing, Box{}, 0, 0);
    }
  }

  int64_t count() const override { return static_cast<int64_t>(ids.size()); }

  void read(simdjson::ondemand::object object, const char **at) override {
    switch (kind) {
    case CJSONTruthImages: return read_image(object, at);
    case CJSONTruthCategories: return read_category(object, at);
    default: return read_annotation(object, at);
    }
  }

  // The long lists are those of annotations: only they are scanned.
  bool scan(Scanner &scanner) override {
    if (kind != CJSONTruthAnnotations) return false;
    uint32_t met = 0;
    int64_t identities[3] = {0, 0, 0};
    Box corners;
    double area = 0;
    bool crowd = false;
    scanner.take('{');
    scanner.space();
    for (bool ended = false; !ended;) {
      uint32_t bit = 0;
      bool is_read = false;
      if (scanner.key("\"id\"")) {
        bit = 1;
        is_read = scanner.whole(identities);
      } else if (scanner.key("\"image_id\"")) {
        bit = 2;
        is_read = scanner.whole(identities + 1);
      } else if (scanner.key("\"category_id\"")) {
        bit = 4;
        is_read = scanner.whole(identities + 2);
      } else if (scanner.key("\"bbox\"")) {
        bit = 8;
        is_read = scanner.box(corners.sides);
      } else if (scanner.key("\"area\"")) {
        bit = 16;
        is_read = scanner.real(&area) && area >= 0;
      } else if (scanner.key("\"iscrowd\"")) {
        bit = 32;
        is_read = scanner.flag(&crowd);
      } else if (scanner.key("\"segmentation\"")) {
        is_read = scanner.skip_value();
      }
      if (!is_read || (met & bit) != 0 || !scanner.next_member(&ended)) return false;
      met |= bit;
    }
    if (met != 0b111111) return false;
    add(identities, corners, area, crowd ? CJSONAnnotationCrowd : 0);
    return true;
  }

  const CJSONTruthKind kind;
  std::vector<int64_t> ids, widths, heights, textEnds, imageIDs, categoryIDs;
  std::vector<char> text_bytes;
  std::vector<Box> boxes;
  std::vector<double> areas;
  std::vector<uint8_t> flags;
  std::vector<OddElement> odd;
  std::vector<CJSONOddElement> published; // as `odd`

private:
  void read_image(simdjson::ondemand::object object, const char **at) {
    const char *start = *at;
    int64_t id = 0, sizes[2] = {0, 0};
    std::string_view name, url;
    uint8_t said = 0;
    uint32_t met = each_known(object, image_keys, at, [&](int key, simdjson::ondemand::value value) {
      if (key == 5) {
        const char *list = value.raw_json_token().data();
        if (*list == '[' && list[1 + std::strspn(list + 1, " \n\r\t")] != ']') said |= CJSONImageNotExhaustive;
        skip_value(value, at);
      } else if (key == 4) {
        bool is_text = value.raw_json_token()[0] == '"';
        if (is_text) url = text(value, image_keys[4], at);
        else skip_value(value, at);
      } else if (key == 3) {
        name = text(value, image_keys[3], at);
      } else if (key == 0) {
        id = whole(value, image_keys[0], at);
      } else {
        sizes[key - 1] = whole(value, image_keys[key], at);
        if (sizes[key - 1] < 0) fail(image_keys[key], "the size is negative");
      }
    });
    if ((met & 1) == 0) *at = start;
    need(met, 0b1, image_keys);
    add_image(id, sizes[0], sizes[1], name.empty() ? url : name, said);
  }

  void read_category(simdjson::ondemand::object object, const char **at) {
    const char *start = *at;
    int64_t id = 0;
    std::string_view name;
    uint32_t met = each_known(object, category_keys, at, [&](int key, simdjson::ondemand::value value) {
      if (key == 0) id = whole(value, category_keys[0], at);
      else if (key == 1) name = text(value, category_keys[1], at);
      else skip_value(value, at);
    });
    if ((met & 1) == 0) *at = start;
    // Without a name there is another word for it.
    need(met, (met & 4) ? 0b11 : 0b1, category_keys);
    add_category(id, name);
  }

  void read_annotation(simdjson::ondemand::object object, const char **at) {
    const char *start = *at;
    int64_t identities[3] = {0, 0, 0};
    Box corners;
    double area = 0;
    uint8_t said = 0;
    uint32_t met = each_known(object, annotation_keys, at, [&](int key, simdjson::ondemand::value value) {
      const char *name = annotation_keys[key];
      if (key < 3) {
        identities[key] = whole(value, name, at);
      } else if (key == 3) {
        box(value, name, at, corners.sides);
      } else if (key == 4) {
        area = number(value, name, at);
        if (area < 0) fail(name, "the area is negative");
      } else if (flag(value, name, at)) {
        said |= key == 5 ? CJSONAnnotationCrowd : CJSONAnnotationIgnore;
      }
    });
    if ((met & 0b1111) != 0b1111) *at = start;
    need(met, 0b1111, annotation_keys);
    if ((met & (1u << 4)) == 0) {
      area = corners.sides[2] * corners.sides[3];
      said |= CJSONAnnotationNoArea;
    }
    if ((met & (1u << 5)) == 0) said |= CJSONAnnotationNoCrowdFlag;
    add(identities, corners, area, said);
  }

  void add(const int64_t *identities, const Box &corners, double area, uint8_t said) {
    ids.push_back(identities[0]);
    imageIDs.push_back(identities[1]);
    categoryIDs.push_back(identities[2]);
    boxes.push_back(corners);
    areas.push_back(area);
    flags.push_back(said);
  }

  void add_image(int64_t id, int64_t width, int64_t height, std::string_view name, uint8_t said) {
    ids.push_back(id);
    flags.push_back(said);
    widths.push_back(width);
    heights.push_back(height);
    add_text(name);
  }

  void add_category(int64_t id, std::string_view name) {
    ids.push_back(id);
    add_text(name);
  }

  void add_text(std::string_view text) {
    text_bytes.insert(text_bytes.end(), text.begin(), text.end());
    textEnds.push_back(static_cast<int64_t>(text_bytes.size()));
  }
};

CJSONTruthKind kind_of(const std::string &key) {
  if (key == "images") return CJSONTruthImages;
  if (key == "categories") return CJSONTruthCategories;
  if (key == "annotations") return CJSONTruthAnnotations;
  return CJSONTruthEnd;
}

} // namespace

struct CJSONTruthReader {
  CJSONTruthReader(const CJSONSource &from, int32_t threads)
      : source(from), cursor(source),
        list(source, "", threads, [] { return std::make_unique<Truths>(CJSONTruthEnd); }) {}

  void start() {
    cursor.skip_mark();
    if (cursor.token() == '[')
      throw Problem{
          CJSONFailureContent,
          "expected an object with images, annotations and categories at the top, found a list",
          cursor.offset(), "", 0};
    cursor.expect('{', "an object with images, annotations and categories at the top");
    in_object = true;
    if (cursor.token() == '}') close();
  }

  Truths *next() {
    for (;;) {
      if (in_list) {
        if (auto *elements = static_cast<Truths *>(list.next())) return elements;
        in_list = false;
        cursor.move(list.end());
        after_member();
      }
      if (entries) {
        if (Truths *elements = next_entries()) return elements;
        entries.reset();
        after_member();
      }
      if (!in_object) return nullptr;
      member();
    }
  }

  // A bit for each list that was not there.
  int32_t missing() const {
    int32_t bits = 0;
    for (int kind : {CJSONTruthImages, CJSONTruthCategories, CJSONTruthAnnotations})
      if ((met & (1u << kind)) == 0) bits |= 1 << kind;
    return bits;
  }

  Source source;
  Place place{source};

private:
  // Reads a key; a list that matters is started, any other value is passed over.
  void member() {
    std::string key = cursor.string();
    cursor.expect(':', "a colon after the key");
    CJSONTruthKind kind = kind_of(key);
    if (kind == CJSONTruthEnd) {
      cursor.skip_value();
      return after_member();
    }
    uint32_t bit = 1u << kind;
    if (met & bit)
      throw Problem{CJSONFailureContent, "the key stands twice in one object", cursor.offset(), key, 0};
    if (cursor.token() != '[' && cursor.token() != '{')
      throw Problem{CJSONFailureContent, "expected a list", cursor.offset(), key, 0};
    met |= bit;
    bool is_object = cursor.token() == '{';
    cursor.skip();
    if (is_object) {
      entries = std::make_unique<Truths>(kind);
      is_first_entry = true;
      return;
    }
    list.start(cursor.offset(), [kind] { return std::make_unique<Truths>(kind); }, key);
    in_list = true;
  }

  // An object in the place of a list, from ids to elements, as some tools write it: some of its values, each kept with its
  // key for the reader that goes by meaning; null when it has ended.
  Truths *next_entries() {
    entries->clear();
    for (int64_t bytes = 0; bytes < window_bytes;) {
      if (is_first_entry ? cursor.token() == '}' : !entry_follows) break;
      is_first_entry = false;
      if (cursor.token() != '"') cursor.fail("expected an id in quotes, or the end of the object");
      std::string key = cursor.string();
      cursor.expect(':', "a colon after the key");
      cursor.token();
      int64_t start = cursor.offset();
      cursor.skip_value();
      int64_t length = cursor.offset() - start;
      if (length > largest_element)
        throw Problem{CJSONFailureContent, "the element is larger than 64 MiB", start, "", 0};
      std::string text(static_cast<size_t>(length), 0);
      source.read(start, text.data(), length);
      entries->keep({entries->count(), start, std::move(text), std::move(key), true});
      bytes += length;
      entry_follows = cursor.token() == ',';
      if (entry_follows) cursor.skip();
    }
    if (entries->count() > 0) return entries.get();
    cursor.expect('}', "a comma or the end of the object");
    return nullptr;
  }

  void after_member() {
    int byte = cursor.token();
    if (byte == '}') return close();
    cursor.expect(',', "a comma or the end of the object");
  }

  void close() {
    cursor.skip();
    in_object = false;
    if (cursor.token() >= 0) cursor.fail("expected the end of the file after the object");
  }

  Cursor cursor;
  ListReader list;
  std::unique_ptr<Truths> entries; // while the values of an object are read
  bool is_first_entry = false, entry_follows = false;
  bool in_object = false, in_list = false;
  uint32_t met = 0;
};

extern "C" {

bool cjson_truth_open(
    const CJSONSource *source, int32_t threads, CJSONTruthReader **reader, CJSONFailure *failure) {
  std::unique_ptr<CJSONTruthReader> made;
  return guard(
      failure,
      [&] {
        made = std::make_unique<CJSONTruthReader>(*source, threads);
        made->start();
        *reader = made.release();
      },
      [&]() -> const Source & { return made->source; });
}

bool cjson_truth_next(CJSONTruthReader *reader, CJSONTruthBlock *block, CJSONFailure *failure) {
  return guard(
      failure,
      [&] {
        *block = CJSONTruthBlock{};
        Truths *elements = reader->next();
        block->missing = elements == nullptr ? reader->missing() : 0;
        if (elements == nullptr) return;
        elements->published.clear();
        for (const OddElement &odd : elements->odd)
          elements->published.push_back(
              {odd.row, odd.offset, odd.text.data(), static_cast<intptr_t>(odd.text.size()),
               odd.has_key ? odd.key.data() : nullptr, static_cast<intptr_t>(odd.key.size())});
        block->odd = elements->published.data();
        block->oddCount = static_cast<intptr_t>(elements->published.size());
        block->kind = elements->kind;
        block->count = elements->count();
        block->ids = elements->ids.data();
        block->widths = elements->widths.data();
        block->heights = elements->heights.data();
        block->text = elements->text_bytes.data();
        block->textEnds = elements->textEnds.data();
        block->imageIDs = elements->imageIDs.data();
        block->categoryIDs = elements->categoryIDs.data();
        block->boxes = elements->boxes.empty() ? nullptr : elements->boxes.data()->sides;
        block->areas = elements->areas.data();
        block->flags = elements->flags.data();
      },
      [&]() -> const Source & { return reader->source; });
}

void cjson_truth_close(CJSONTruthReader *reader) { delete reader; }

bool cjson_truth_locate(
    CJSONTruthReader *reader, int64_t offset, int64_t *line, int64_t *column, CJSONFailure *failure) {
  return guard(
      failure, [&] { reader->place.locate(offset, line, column); },
      [&]() -> const Source & { return reader->source; });
}
}
