// Detections and truths in COCO format, read in windows of bounded memory.
//
// Rules: opaque handles; every function is noexcept and returns false with `*failure` filled when it
// fails; nothing C++ crosses. Blocks belong to their reader and last until its next call.
#ifndef CJSON_COCO_H
#define CJSON_COCO_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// What a failure is about.
typedef enum {
  CJSONFailureNone = 0,
  CJSONFailureFile = 1,    // the file cannot be opened or read; `errorNumber` says why
  CJSONFailureSyntax = 2,  // the text is not JSON
  CJSONFailureContent = 3, // the JSON does not say what it should
  CJSONFailureMemory = 4,  // there is not enough memory
} CJSONFailureKind;

// One failure: what, and where in the text. Line and column count from 1; 0 means the whole file.
typedef struct {
  int32_t kind;
  int32_t errorNumber;
  int64_t line;
  int64_t column;
  int64_t offset;
  char path[160];
  char message[320];
} CJSONFailure;

// Where the text comes from: the file at `path`, or, when `path` is NULL, `count` bytes of memory that
// must outlive the reader.
typedef struct {
  const char *path;
  const uint8_t *bytes;
  intptr_t count;
} CJSONSource;

// Detections in the order of the file; `count` is 0 after the last block.
typedef struct {
  intptr_t count;
  const int64_t *imageIDs;
  const int64_t *categoryIDs;
  const double *boxes; // [count, 4]: x, y, width, height as written
  const double *scores;
} CJSONDetections;

// Which list of a truth file a block comes from.
typedef enum {
  CJSONTruthEnd = 0,
  CJSONTruthImages = 1,
  CJSONTruthCategories = 2,
  CJSONTruthAnnotations = 3,
} CJSONTruthKind;

// What an annotation did not say, or said in a way worth counting.
enum {
  CJSONAnnotationCrowd = 1,       // "iscrowd" is 1
  CJSONAnnotationIgnore = 2,      // "ignore" or "difficult" is 1
  CJSONAnnotationNoArea = 4,      // no "area": width x height stands in for it
  CJSONAnnotationNoCrowdFlag = 8, // no "iscrowd": 0 stands in for it
};

// An element that is JSON, but for NaN and Infinity perhaps, and does not say what it should: it is kept as it stands,
// and an empty one takes its place.
typedef struct {
  int64_t row;    // of the empty one
  int64_t offset; // in the text of the file
  const char *text;
  intptr_t count;  // of its bytes
  const char *key; // with its escapes as written, where the list is an object; NULL in a list
  intptr_t keyCount;
} CJSONOddElement;

// What an image says that is worth counting.
enum {
  CJSONImageNotExhaustive = 1, // LVIS: of some classes not all objects are labelled
};

// Part of one list of a truth file, in the order of the file. Only the fields of its kind are set.
typedef struct {
  int32_t kind;
  intptr_t count;
  const CJSONOddElement *odd; // in the order of their rows
  intptr_t oddCount;
  int32_t missing; // of the end: a bit 1 << kind for each list that the file does not have
  const int64_t *ids;
  // images
  const int64_t *widths;  // 0 when the file does not say
  const int64_t *heights; // 0 when the file does not say
  // images: file names, or the "coco_url" where there is none; categories: names. Text i lies in text[textEnds[i - 1] ..< textEnds[i]].
  const char *text;
  const int64_t *textEnds;
  // annotations
  const int64_t *imageIDs;
  const int64_t *categoryIDs;
  const double *boxes; // [count, 4]: x, y, width, height as written
  const double *areas;
  const uint8_t *flags; // of images, too
} CJSONTruthBlock;

typedef struct CJSONResultsReader CJSONResultsReader;
typedef struct CJSONTruthReader CJSONTruthReader;

// A file of detections in COCO's results format: a list of objects. Read in windows, so that memory does
// not grow with the file; `threads` windows are parsed at a time.
bool cjson_results_open(
    const CJSONSource *source, int32_t threads, CJSONResultsReader **reader, CJSONFailure *failure);
bool cjson_results_next(CJSONResultsReader *reader, CJSONDetections *block, CJSONFailure *failure);
void cjson_results_close(CJSONResultsReader *reader);

// A file of truths in COCO's instances format: an object of lists, in any order. Same memory rule.
bool cjson_truth_open(
    const CJSONSource *source, int32_t threads, CJSONTruthReader **reader, CJSONFailure *failure);
bool cjson_truth_next(CJSONTruthReader *reader, CJSONTruthBlock *block, CJSONFailure *failure);
void cjson_truth_close(CJSONTruthReader *reader);
// Line and column, from 1, of an offset in the text; fast where offsets grow from call to call.
bool cjson_truth_locate(
    CJSONTruthReader *reader, int64_t offset, int64_t *line, int64_t *column, CJSONFailure *failure);

#ifdef __cplusplus
}
#endif
#endif
