// BDD100K labels by simdjson's on-demand parser: values are read in the order of the text, what is not asked
// for is skipped, and memory holds the file and the columns only.
#include <simdjson.h>

#include <cstdio>
#include <cstring>
#include <deque>
#include <new>
#include <string>
#include <unordered_map>
#include <vector>

#include "CJSON.h"

namespace {

namespace od = simdjson::ondemand;

/// The columns with the texts they point into.
struct Columns : cjson_bdd {
  std::vector<cjson_bdd_image> image_list;
  std::vector<cjson_bdd_box> box_list;
  std::vector<cjson_bdd_category> category_list;
  std::deque<std::string> texts;

  const char *keep(std::string_view text) { return texts.emplace_back(text).c_str(); }

  void publish() {
    images = image_list.data();
    image_count = image_list.size();
    boxes = box_list.data();
    box_count = box_list.size();
    categories = category_list.data();
    category_count = category_list.size();
  }
};

struct Problem {
  std::string text;
};

/// Where the reader stands, for messages: "annotations[17].bbox".
struct Place {
  std::string list;
  size_t index = 0;

  std::string words(const char *key) const {
    std::string result = list.empty() ? "" : list + "[" + std::to_string(index) + "]";
    if (key && *key) result += (result.empty() ? "" : ".") + std::string(key);
    return result;
  }

  [[noreturn]] void fail(const char *key, const std::string &text) const {
    std::string where = words(key);
    throw Problem{where.empty() ? text : where + ": " + text};
  }
};

double real(od::value value, const Place &place, const char *key) {
  double number;
  if (value.get_double().get(number) != simdjson::SUCCESS) place.fail(key, "expected a number");
  return number;
}

bool truth(od::value value, const Place &place, const char *key) {
  bool flag;
  if (value.get_bool().get(flag) == simdjson::SUCCESS) return flag;
  int64_t number;
  if (value.get_int64().get(number) != simdjson::SUCCESS || (number != 0 && number != 1))
    place.fail(key, "expected 0 or 1");
  return number == 1;
}

std::string_view text(od::value value, const Place &place, const char *key) {
  std::string_view result;
  if (value.get_string().get(result) != simdjson::SUCCESS) place.fail(key, "expected a text");
  if (result.find('\0') != std::string_view::npos) place.fail(key, "the text contains a zero byte");
  return result;
}

/// Calls `body(key, value)` for every member of an object.
template <typename Body>
void each_member(od::value value, const Place &place, const char *name, Body body) {
  od::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) place.fail(name, "expected an object");
  for (auto field : object) {
    std::string_view key;
    if (field.unescaped_key().get(key) != simdjson::SUCCESS) place.fail(name, "the text is damaged or not whole");
    std::string owned(key);
    od::value member;
    if (field.value().get(member) != simdjson::SUCCESS) place.fail(owned.c_str(), "the text is damaged or not whole");
    body(owned, member);
  }
}

/// Calls `body(element)` for every element of a list; `place.index` counts along.
template <typename Body>
void each_element(od::array array, Place &place, Body body) {
  place.index = 0;
  for (auto element : array) {
    od::value value;
    if (element.get(value) != simdjson::SUCCESS) place.fail("", "the text is damaged or not whole");
    body(value);
    place.index++;
  }
}

template <typename Body>
void list_of(od::value value, const char *name, Body body) {
  Place place;
  od::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) place.fail(name, "expected a list");
  place.list = name;
  each_element(array, place, [&](od::value element) { body(element, place); });
}

od::value root_of(od::document &document, const Place &top) {
  od::value root;
  auto error = document.get_value().get(root);
  if (error == simdjson::INCOMPLETE_ARRAY_OR_OBJECT) top.fail("", "the file ends too early; it is not whole");
  if (error != simdjson::SUCCESS) top.fail("", "expected an object or a list");
  return root;
}

// ---- BDD100K ------------------------------------------------------------------------------------

struct BDDReader {
  Columns &columns;
  std::unordered_map<std::string, size_t> indices;

  size_t category(std::string_view name) {
    auto [entry, is_new] = indices.try_emplace(std::string(name), columns.category_list.size());
    if (is_new) columns.category_list.push_back({columns.keep(name)});
    return entry->second;
  }

  void label(od::value value, const Place &place, size_t image) {
    std::string name;
    double corners[4];
    unsigned found = 0;
    bool has_box = false, is_crowd = false;
    each_member(value, place, "labels", [&](const std::string &key, od::value member) {
      if (key == "category") name = text(member, place, "labels.category");
      if (key == "attributes") crowd(member, place, is_crowd);
      if (key != "box2d") return;
      od::json_type type;
      if (member.type().get(type) != simdjson::SUCCESS || type == od::json_type::null) return;
      has_box = true;
      each_member(member, place, "labels.box2d", [&](const std::string &edge, od::value number) {
        static const char *const names[] = {"x1", "y1", "x2", "y2"};
        for (unsigned i = 0; i < 4; i++) {
          if (edge != names[i]) continue;
          corners[i] = real(number, place, "labels.box2d");
          found |= 1u << i;
        }
      });
    });
    if (!has_box) {
      columns.label_count_without_box++;
      return;
    }
    if (found != 15) place.fail("labels.box2d", "x1, y1, x2 and y2 are needed");
    if (name.empty()) place.fail("labels.category", "is missing");
    cjson_bdd_box box = {};
    box.image = (int64_t)image;
    box.category = (int64_t)category(name);
    box.is_crowd = is_crowd;
    std::memcpy(box.box, corners, sizeof corners);
    columns.box_list.push_back(box);
  }

  static void crowd(od::value value, const Place &place, bool &is_crowd) {
    od::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS || type != od::json_type::object) return;
    each_member(value, place, "labels.attributes", [&](const std::string &key, od::value member) {
      if (key == "crowd") is_crowd = truth(member, place, "labels.attributes.crowd");
    });
  }

  /// The labels stand in "labels" (new files, and old ones for all images) or in "frames[0].objects" (old per-image files).
  void frame(od::value value, const Place &place) {
    size_t image = columns.image_list.size();
    columns.image_list.push_back({"", ""});
    members(value, place, image);
    if (*columns.image_list[image].name == 0) place.fail("name", "is missing");
  }

  void video(od::value value, const Place &place, size_t image) {
    od::json_type type;
    if (value.type().get(type) != simdjson::SUCCESS || type == od::json_type::null) return;
    columns.image_list[image].video = columns.keep(text(value, place, "videoName"));
  }

  void labels(od::value list, const Place &place, const char *key, size_t image) {
    od::json_type type;
    if (list.type().get(type) != simdjson::SUCCESS || type == od::json_type::null) return;
    od::array array;
    if (list.get_array().get(array) != simdjson::SUCCESS) place.fail(key, "expected a list");
    for (auto element : array) {
      od::value value;
      if (element.get(value) != simdjson::SUCCESS) place.fail(key, "the text is damaged or not whole");
      label(value, place, image);
    }
  }

  void members(od::value value, const Place &place, size_t image) {
    each_member(value, place, "", [&](const std::string &key, od::value member) {
      if (key == "name") columns.image_list[image].name = columns.keep(text(member, place, "name"));
      if (key == "videoName" || key == "video_name") video(member, place, image);
      if (key == "labels") labels(member, place, "labels", image);
      if (key == "frames") inner_frames(member, place, image);
    });
  }

  void inner_frames(od::value list, const Place &place, size_t image) {
    od::array array;
    if (list.get_array().get(array) != simdjson::SUCCESS) place.fail("frames", "expected a list");
    size_t count = 0;
    for (auto element : array) {
      od::value value;
      if (element.get(value) != simdjson::SUCCESS) place.fail("frames", "the text is damaged or not whole");
      if (count++ > 0) place.fail("frames", "one frame per image is expected, found more");
      each_member(value, place, "frames[0]", [&](const std::string &key, od::value member) {
        if (key == "objects") labels(member, place, "frames[0].objects", image);
      });
    }
  }

  void read(od::document &document) {
    Place place;
    od::json_type type;
    if (document.type().get(type) != simdjson::SUCCESS) place.fail("", "expected a list of frames");
    od::value root = root_of(document, place);
    if (type == od::json_type::array) {
      list_of(root, "frames", [&](od::value value, const Place &at) { frame(value, at); });
    } else if (type == od::json_type::object) {
      object(root, place);
    } else {
      place.fail("", "expected a list of frames");
    }
  }

  /// One image, or a file whose "frames" are images with names of their own.
  void object(od::value root, const Place &place) {
    od::value frames;
    od::object members_of;
    if (root.get_object().get(members_of) != simdjson::SUCCESS) place.fail("", "expected an object");
    bool is_image = members_of.find_field_unordered("name").error() == simdjson::SUCCESS;
    if (members_of.reset().error() != simdjson::SUCCESS) place.fail("", "the text is damaged or not whole");
    size_t image = columns.image_list.size();
    if (is_image) columns.image_list.push_back({"", ""});
    bool has_frames = false;
    for (auto field : members_of) {
      std::string_view key;
      od::value member;
      if (field.unescaped_key().get(key) != simdjson::SUCCESS) place.fail("", "the text is damaged or not whole");
      std::string owned(key);
      if (field.value().get(member) != simdjson::SUCCESS) place.fail(owned.c_str(), "the text is damaged or not whole");
      if (is_image && owned == "name") columns.image_list[image].name = columns.keep(text(member, place, "name"));
      if (is_image && (owned == "videoName" || owned == "video_name")) video(member, place, image);
      if (is_image && owned == "labels") labels(member, place, "labels", image);
      if (owned != "frames") continue;
      has_frames = true;
      if (is_image) {
        inner_frames(member, place, image);
      } else {
        list_of(member, "frames", [&](od::value value, const Place &at) { frame(value, at); });
      }
    }
    if (is_image && *columns.image_list[image].name == 0) place.fail("name", "is empty");
    if (!is_image && !has_frames) place.fail("", "neither \"name\" nor \"frames\" is there; this is no BDD100K file");
  }
};

// ---- The file ---------------------------------------------------------------------------------------

int say(char *message, const std::string &text) {
  std::snprintf(message, CJSON_MESSAGE_BYTES, "%s", text.c_str());
  return 1;
}

template <typename Read>
int read_file(const char *path, cjson_bdd **result, char *message, Read read) noexcept {
  Columns *columns = nullptr;
  try {
    columns = new Columns();
    simdjson::padded_string content;
    if (auto error = simdjson::padded_string::load(path).get(content); error != simdjson::SUCCESS) {
      delete columns;
      return say(message, std::string("cannot be read: ") + std::strerror(errno));
    }
    od::parser parser;
    od::document document;
    if (auto error = parser.iterate(content).get(document); error != simdjson::SUCCESS)
      throw Problem{
          error == simdjson::CAPACITY ? std::string("is larger than 4 GB; split it")
                                      : "is not whole JSON: " + std::string(simdjson::error_message(error))};
    read(document, *columns);
    // Past the last token there is no location to tell.
    if (document.current_location().error() == simdjson::SUCCESS)
      throw Problem{"something follows the end of the JSON value"};
    columns->publish();
    *result = columns;
    return 0;
  } catch (const Problem &problem) {
    delete columns;
    return say(message, problem.text);
  } catch (const std::bad_alloc &) {
    delete columns;
    return say(message, "memory is too short for this file");
  } catch (const std::exception &other) {
    delete columns;
    return say(message, other.what());
  }
}

}  // namespace

int cjson_read_bdd(const char *path, cjson_bdd **result, char *message) {
  return read_file(path, result, message, [](od::document &document, Columns &columns) {
    BDDReader{columns, {}}.read(document);
  });
}

void cjson_bdd_free(cjson_bdd *annotations) { delete static_cast<Columns *>(annotations); }
