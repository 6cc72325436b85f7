#ifndef CJSON_H
#define CJSON_H

#include "CJSONAnnotations.h"

#endif
