// What can go wrong, as one exception type inside, and as one plain struct outside.
#pragma once

#include "CJSONCOCO.h"

#include <cstdio>
#include <new>
#include <stdexcept>
#include <string>

namespace cjson {

struct Problem {
  CJSONFailureKind kind = CJSONFailureContent;
  std::string message;
  int64_t offset = -1; // bytes from the start of the text; -1: no place
  std::string path;
  int errorNumber = 0;
};

inline void report(CJSONFailure *failure, const Problem &problem, int64_t line, int64_t column) {
  *failure = CJSONFailure{};
  failure->kind = problem.kind;
  failure->errorNumber = problem.errorNumber;
  failure->offset = problem.offset;
  failure->line = line;
  failure->column = column;
  std::snprintf(failure->path, sizeof failure->path, "%s", problem.path.c_str());
  std::snprintf(failure->message, sizeof failure->message, "%s", problem.message.c_str());
}

// Runs `body`; whatever it throws becomes a failure. `source` gives the text whose line and column are told.
template <class Body, class Source>
bool guard(CJSONFailure *failure, Body body, Source source) noexcept {
  try {
    body();
    return true;
  } catch (const Problem &problem) {
    int64_t line = 0, column = 0;
    try {
      if (problem.offset >= 0) source().locate(problem.offset, &line, &column);
    } catch (...) {
      line = column = 0; // the file went away meanwhile: the message still stands
    }
    report(failure, problem, line, column);
  } catch (const std::bad_alloc &) {
    *failure = CJSONFailure{};
    failure->kind = CJSONFailureMemory;
    std::snprintf(failure->message, sizeof failure->message, "there is not enough memory");
  } catch (const std::exception &error) {
    *failure = CJSONFailure{};
    failure->kind = CJSONFailureContent;
    std::snprintf(failure->message, sizeof failure->message, "%s", error.what());
  } catch (...) {
    *failure = CJSONFailure{};
    failure->kind = CJSONFailureContent;
    std::snprintf(failure->message, sizeof failure->message, "an unknown failure");
  }
  return false;
}

} // namespace cjson
