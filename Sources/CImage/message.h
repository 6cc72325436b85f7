// How the files of this target report: one formatted sentence into the caller's buffer.
#ifndef CIMAGE_MESSAGE_H
#define CIMAGE_MESSAGE_H

#include <stdarg.h>
#include <stdio.h>

#include "CImage.h"

__attribute__((format(printf, 2, 3))) static inline int cimage_fail(
    char *message, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(message, CIMAGE_MESSAGE_BYTES, format, arguments);
  va_end(arguments);
  return 1;
}

#endif
